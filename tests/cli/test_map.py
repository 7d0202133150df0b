import csv
import json
from pathlib import Path

import pytest
from data_set_files import made_files

from seviz.__main__ import main


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return made_files(tmp_path_factory.mktemp("made"))


def test_lines_and_json_say_how_much_class_is_in_the_gates(capsys, file: Path):
    command = ["map", "--block", "SE_2_2", "--profile", str(file), "--compare", "ant", "cat"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["map"]["points"]) == 60
    assert found["compared"]["site"] == "SE_2_2"
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("60 images by the gates of SE_2_2")
    first = next(line for line in lines if line.startswith("SE_2_2["))
    assert first.split()[0] == f"SE_2_2[{found['compared']['gates'][0]['channel']}]"


def test_the_map_is_written_as_a_table_or_a_page(capsys, file: Path, tmp_path: Path):
    command = ["map", "--block", "SE_2_2", "--profile", str(file), "--classes", "bee"]
    table, page = tmp_path / "map.csv", tmp_path / "map.html"
    assert main([*command, "--out", str(table), "--json"]) == 0
    points = json.loads(capsys.readouterr().out)["map"]["points"]
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert [(row["image"], row["class"], float(row["x"]), float(row["y"])) for row in rows] == [
        (p["image"], p["label"], p["x"], p["y"]) for p in points
    ]
    assert main([*command, "--out", str(page)]) == 0
    text = page.read_text("utf-8")
    assert '"name":"bee"' in text
    assert "plotly.js v" in text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "map.png"], "map.png is neither CSV nor HTML"),
        (["--classes", "wasp"], "no class “wasp”"),
        (["--block", "SE_9_9"], "no block “SE_9_9”"),
    ],
)
def test_bad_options_get_one_sentence(capsys, file: Path, options: list[str], says: str):
    assert main(["map", "--block", "SE_2_2", "--profile", str(file), *options]) == 2
    assert says in capsys.readouterr().err
