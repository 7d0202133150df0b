"""The study's sheets as files, one of each study and one of all, for as long as the app runs."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import gradio as gr

from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.study.csv import sheet

ALL = "all"


@cache
def sheets() -> dict[str, str]:
    """Write them once and return their paths, by study and `ALL`.

    They are served from where they are: Gradio's cache deletes its copies, which visitors share,
    while somebody's page still links to them.
    """
    folder = TemporaryDirectory(prefix="seviz-study-")
    atexit.register(folder.cleanup)
    gr.set_static_paths([folder.name])
    told = {name: (name,) for name in STUDIES} | {ALL: tuple(STUDIES)}
    paths = {}
    for name, studies in told.items():
        path = Path(folder.name) / f"seviz-study-{name}.csv"
        path.write_bytes(sheet(studies, results()).encode())
        paths[name] = str(path)
    return paths
