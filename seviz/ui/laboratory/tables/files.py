"""CSV files of the results, one per study and one of all, which exist while the app runs."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import gradio as gr

from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.study.csv import study_csv

ALL = "all"


@cache
def csv_paths() -> dict[str, str]:
    """Write the CSV files on the first call; returns their paths by study, and of all as `ALL`.

    Gradio serves them from their folder rather than from its cache, which deletes files after an
    hour, while an open page still links to them.
    """
    folder = TemporaryDirectory(prefix="seviz-study-")
    atexit.register(folder.cleanup)
    gr.set_static_paths([folder.name])
    studies_of = {name: (name,) for name in STUDIES} | {ALL: tuple(STUDIES)}
    paths = {}
    for name, studies in studies_of.items():
        path = Path(folder.name) / f"seviz-study-{name}.csv"
        path.write_bytes(study_csv(studies, results()).encode())
        paths[name] = str(path)
    return paths
