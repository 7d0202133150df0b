"""The notebooks run from any folder, cell by cell, and show what they say."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAMES = ("student", "researcher")
# Runs cells as a notebook does: the value of the last line of each is shown.
RUNNER = """
import ast, json, sys
names = {"__name__": "__main__"}
for number, source in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))):
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), f"cell {number}", "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
        shown = getattr(value, "_repr_html_", value.__repr__)()
        if value is not None:
            print(json.dumps([type(value).__name__, len(shown)]))
"""


def cells(name: str) -> list[dict[str, Any]]:
    return json.loads((ASSETS / f"{name}.ipynb").read_text("utf-8"))["cells"]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_notebook_runs_from_another_folder(name: str, tmp_path: Path):
    code = ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code"]
    (tmp_path / "cells.json").write_text(json.dumps(code), "utf-8")
    command = [sys.executable, "-c", RUNNER, str(tmp_path / "cells.json")]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ASSETS.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    kinds = {kind for kind, _ in shown}
    assert {"Network", "Figure", "TraceResult", "NecessityResult"} <= kinds
    assert all(length > 50 for _, length in shown)
    if name == "researcher":
        assert {"ProfileResult", "ChannelsResult", "ChangeResult", "NetworkPairResult"} <= kinds
        assert done.stdout.splitlines()[-1] == "0 True"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_small_and_holds_no_output(name: str):
    path = ASSETS / f"{name}.ipynb"
    assert path.stat().st_size < 20_000
    assert not any(cell.get("outputs") for cell in cells(name))
    assert len({cell["id"] for cell in cells(name)}) == len(cells(name))
    assert not re.search(r"/work|/tmp|localhost", path.read_text("utf-8"))
