"""CSV files of the results, one per study and one of all, which exist while the app runs."""

from functools import cache

from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.study.csv import study_csv
from seviz.ui.parts.own_folder import served_folder

ALL = "all"


@cache
def csv_paths() -> dict[str, str]:
    """Write the CSV files on the first call; returns their paths by study, and of all as `ALL`."""
    studies_of = {name: (name,) for name in STUDIES} | {ALL: tuple(STUDIES)}
    paths = {}
    for name, studies in studies_of.items():
        path = served_folder() / f"seviz-study-{name}.csv"
        path.write_bytes(study_csv(studies, results()).encode())
        paths[name] = str(path)
    return paths
