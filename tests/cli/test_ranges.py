import csv
import json
from pathlib import Path

import pytest
from folders import class_folders

from seviz.__main__ import main

COMMAND = ["ranges", "--model", "lab_vgg_se", "--loaders", "1", "--data"]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, ["a", "b"], train=0, val=3)
    return root


def test_the_ranges_are_printed_and_written(capsys, data: Path, tmp_path: Path):
    out = tmp_path / "ranges.csv"
    assert main([*COMMAND, str(data), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert f"the ranges are in {out}\n" in said.err
    lines = said.out.splitlines()
    assert lines[0] == "Ranges over 6 images; quantiles and noise of 6 of them"
    heads = ["0.1", "%", "median", "99.9", "%", "largest", "spread", "lost", "clipped", "gap", "dB"]
    assert lines[2].split() == ["block", *heads]
    assert any(line.startswith("6 images of 2 classes") for line in lines)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert lines[3].split()[:2] == [rows[0]["block"], "s"]
    assert float(lines[3].split()[3]) == pytest.approx(float(rows[0]["q0.5"]), abs=5e-4)
    assert [p.name for p in tmp_path.iterdir()] == ["ranges.csv"]  # the parts are gone


def test_json_is_for_scripts(capsys, data: Path):
    assert main([*COMMAND, str(data), "--labels", "none", "--limit", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["model"], len(found["blocks"])) == (2, "lab_vgg_se", 7)
    assert found["data"] == f"{data.name} (val, 2 images)"
    assert found["provenance"]["network"]["key"] == "lab_vgg_se"


def test_a_file_of_another_kind_is_refused_first(capsys, tmp_path: Path):
    assert main([*COMMAND, "nowhere", "--out", str(tmp_path / "r.txt")]) == 2
    assert "r.txt has to end in .csv, .npz or .json" in capsys.readouterr().err


def test_several_processes_need_a_file(capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main([*COMMAND, "nowhere"]) == 2
    assert (
        "Several processes share their work in files; give --out FILE." in capsys.readouterr().err
    )
