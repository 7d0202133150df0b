from pathlib import Path

import pytest
from stand_in import stand_in

from seviz.__main__ import main
from seviz.nets.results import FILE
from seviz.study import collect, study
from seviz.study.plan import FULL
from seviz.study.study import Progress
from seviz.words import study as words

NEWS = [
    Progress(1, 3),
    Progress(2, 3, "lab_vgg-0", 0.5, 90),
    Progress(3, 3, "lab_vgg-1", 0.25, 0),
]


@pytest.fixture
def calls(monkeypatch) -> dict[str, list[dict]]:
    """What the study and its collection are called with, both of which do nothing."""
    monkeypatch.setattr(words, "results_lines", lambda results: ["its tables"])
    return {
        "study": stand_in(monkeypatch, study, "study", iter(NEWS)),
        "collect": stand_in(monkeypatch, collect, "collect", None),
    }


@pytest.fixture(autouse=True)
def _data(monkeypatch, tmp_path: Path) -> None:
    """Let there be a folder of images."""
    (tmp_path / "d").mkdir()
    monkeypatch.chdir(tmp_path)


def test_a_line_a_run_then_the_results_that_were_collected(capsys, calls, tmp_path: Path):
    (tmp_path / "study.json").write_bytes(FILE.read_bytes())
    folder = tmp_path / "runs"
    command = ["study", "--data", "d", "--run", str(folder), "--out", str(tmp_path)]
    assert main([*command, "--workers", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 of 3 runs",
        "2 of 3 runs, lab_vgg-0: 50.0%; 2 min left",
        "3 of 3 runs, lab_vgg-1: 25.0%; 0 min left",
        "its tables",
    ]
    asked = {"plan": FULL, "data": Path("d"), "folder": folder, "workers": 2}
    assert calls["study"] == [asked]
    assert calls["collect"] == [{"plan": FULL, "folder": folder, "out": tmp_path}]


def test_some_variants_alone_give_no_results(capsys, calls):
    assert main(["study", "--data", "d", "--only", "lab_vgg", "--seeds", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(NEWS)
    (call,) = calls["study"]
    assert (call["plan"].variants, call["plan"].seeds) == (("lab_vgg",), 2)
    assert (call["folder"], call["workers"]) == (Path("runs/study"), None)
    assert calls["collect"] == []


def test_a_tiny_study_has_its_own_folder_and_writes_nothing_that_ships(
    monkeypatch, calls, tmp_path: Path
):
    for name in "ab":
        (tmp_path / "train" / name).mkdir(parents=True)
        (tmp_path / "train" / name / "0.png").touch()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs/smoke/out").mkdir(parents=True)
    (tmp_path / "runs/smoke/out/study.json").write_bytes(FILE.read_bytes())
    assert main(["study", "--data", str(tmp_path), "--smoke"]) == 0
    (study_call,), (collect_call,) = calls["study"], calls["collect"]
    assert study_call["folder"] == Path("runs/smoke")
    assert study_call["plan"].classes == ("a", "b")
    assert collect_call["out"] == Path("runs/smoke/out")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seeds", "0"], "--seeds is 0; give the runs of each variant, 1 or more."),
        (["--only", "lab_resnet_prae"], "There is no variant “lab_resnet_prae”; did you mean"),
    ],
)
def test_options_that_make_no_study_are_refused(calls, capsys, options, sentence: str):
    assert main(["study", "--data", "d", *options]) == 2
    assert sentence in capsys.readouterr().err
    assert calls["study"] == []
