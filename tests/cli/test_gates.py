import csv
from pathlib import Path

import pytest

from seviz.__main__ import main


def test_photographs_and_data_go_into_one_table_and_bad_ones_are_named(
    capsys, picture: Path, tmp_path: Path
):
    (tmp_path / "set" / "lion").mkdir(parents=True)
    (tmp_path / "set" / "lion" / "1.png").symlink_to(picture)
    (tmp_path / "set" / "bad.png").write_text("hello")
    out = tmp_path / "gates.csv"
    command = ["gates", str(picture), str(tmp_path / "gone.png"), "--out", str(out)]
    assert main([*command, "--data", str(tmp_path / "set")]) == 2
    told = capsys.readouterr()
    assert told.out == f"{out}: 2 photographs\n"
    gone, bad = told.err.splitlines()
    assert gone.startswith(f"seviz: The file {tmp_path}/gone.png is not there")
    assert bad.startswith(f"seviz: {tmp_path}/set/bad.png: This file is not a picture")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first, second = ([r for r in rows if r["label"] == label] for label in ("", "lion"))
    assert {r["name"] for r in second} == {f"{tmp_path}/set/lion/1.png"}
    assert [r["s"] for r in first] == [r["s"] for r in second]
    assert len(first) == len({(r["block"], r["channel"]) for r in first})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{photo}", "--out", "t.json"], "t.json has to end in .npz, .csv or .parquet, which say"),
        (["--out", "t.csv"], "Give photographs, or --data DIR_OR_ZIP"),
        (["{photo}", "--out", "no/t.csv"], "no/t.csv can't be written; name a file in an exist"),
        (["gone.png", "--out", "t.csv"], "The file gone.png is not there"),
        (["{photo}", "--out", "t.csv", "--loaders", "0"], "--loaders is 0; give a number"),
        (["{photo}", "--out", "t.csv", "--model", "twin"], "has no Squeeze-and-Excitation block"),
    ],
)
def test_bad_input_gets_one_sentence(
    capsys, picture: Path, tmp_path: Path, monkeypatch, arguments: list[str], sentence: str
):
    monkeypatch.chdir(tmp_path)
    assert main(["gates", *(part.format(photo=picture) for part in arguments)]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
