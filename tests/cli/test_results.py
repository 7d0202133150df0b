import json
from pathlib import Path

import pytest

from seviz.__main__ import main
from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.study.csv import study_csv
from seviz.words.findings import headline


def test_results_prints_the_study_without_training(capsys):
    assert main(["results", "--study", "r"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Reduction r")
    assert "SE-ResNet · r = 32" in said
    assert headline("r", results()) in said
    assert main(["results"]) == 0
    assert "SE-VGG · standard" in capsys.readouterr().out
    assert main(["results", "--json"]) == 0
    studies = json.loads(capsys.readouterr().out)
    assert [study["study"] for study in studies] == list(STUDIES)
    assert studies[0]["variants"][0]["gap"] is None


def test_results_writes_a_sheet(capsys, tmp_path: Path):
    path = tmp_path / "stage.csv"
    assert main(["results", "--study", "stage", "--csv", str(path)]) == 0
    assert path.read_bytes() == study_csv(["stage"], results()).encode()
    assert capsys.readouterr().out == f"{path}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--study", "stag"], "There is no study “stag”; did you mean stage?"),
        (["--csv", "{folder}"], "{folder} can't be written: Is a directory."),
    ],
)
def test_results_that_cant_be_had_get_one_sentence(capsys, tmp_path: Path, arguments, says):
    given = [argument.format(folder=tmp_path) for argument in arguments]
    assert main(["results", *given]) == 2
    assert capsys.readouterr().err == f"seviz: {says.format(folder=tmp_path)}\n"
