import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from folders import class_folders

from seviz.cli.commands import parser
from seviz.errors import UserError
from seviz.gpu import __main__ as gpu
from seviz.gpu import plan
from seviz.gpu.__main__ import RECIPE, main, recipe_of
from seviz.gpu.plan import PARTS, Setting, prepare, read_junit, stages
from seviz.gpu.report import Report
from seviz.gpu.tasks import Outcome, Task
from seviz.nets.embedded import ASSETS
from seviz.training.recipe import Recipe, recipe_from

SE, TWIN = plan.PAIR
ANIMALS = ("n01443537", "n02129165", "n99999999")  # a goldfish, a lion, and nothing known


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, ANIMALS, train=2, val=1)
    return root


@pytest.fixture
def setting(data: Path, tmp_path: Path) -> Setting:
    work = tmp_path / "work"
    (work / "assets").mkdir(parents=True)
    return Setting(Path.cwd(), work, data, RECIPE, 4.0, 1.0, 0.5, 2.0)


def put_weights(setting: Setting, *names: str) -> None:
    for name in names:
        (setting.assets / f"{name}.safetensors").write_text(f"weights of {name}")
        (setting.assets / f"{name}.json").write_text('{"history": [{"top1": 0.5}], "minutes": 1}')


def named(setting: Setting, *parts: str) -> list[list[str]]:
    return [[task.name for task in stage] for stage in stages(setting, parts)]


def test_options_of_train_stand_in_place_of_the_recipe_s():
    assert recipe_of([]) == RECIPE
    changed = recipe_of(["--peak-lr", "0.5", "--no-head-norm", "--seed", "3", "--mix", "0"])
    assert changed == replace(RECIPE, peak_lr=0.5, head_norm=False, seed=3, mix=0.0)
    with pytest.raises(UserError, match="--turn is 2"):
        recipe_of(["--turn", "2"])
    with pytest.raises(SystemExit):
        recipe_of(["--turns", "2"])


@pytest.mark.parametrize("recipe", [RECIPE, Recipe(), replace(RECIPE, model=TWIN, minutes=2.5)])
def test_a_recipe_is_spelled_as_options_that_make_it_again(recipe: Recipe):
    command = ["train", "--data", "-", *plan.train_options(recipe)]
    assert recipe_from(vars(parser().parse_args(command))) == recipe


def test_tests_and_bench_go_alone_and_the_pair_in_turn(setting: Setting):
    assert named(setting, *PARTS)[:4] == [["tests"], ["bench"], [f"train-{SE}"], [f"train-{TWIN}"]]
    together = replace(setting, together=True)
    assert named(together, "train") == [[f"train-{SE}", f"train-{TWIN}"]]
    in_turn, at_once = ([*stages(each, ["train"])] for each in (setting, together))
    assert "--minutes=2.0" in in_turn[0][0].command
    assert "--minutes=4.0" in at_once[0][1].command
    assert in_turn[1][0].command[4:6] == ("--model=resnet50_slim", "--epochs=20")


def test_commands_are_ones_that_there_are(setting: Setting):
    for stage in stages(replace(setting, loaders=2), ["bench", "train", "measure"]):
        for task in stage:
            assert task.command[:3] == (sys.executable, "-m", "seviz")
            parser().parse_args(task.command[3:])


def test_what_is_measured_waits_for_its_weights(setting: Setting):
    put_weights(setting, SE)
    measuring = [task for stage in stages(setting, ["measure"]) for task in stage]
    there = {task.name for task in measuring if all(path.exists() for path in task.needs)}
    assert there == {"measure-profile", "measure-arms-pointing"}
    assert named(setting, "measure") == [
        ["measure-profile", "measure-evaluate"],
        ["measure-arms-pointing"],
    ]
    assert all(0 < task.seconds <= 120 for task in measuring)
    found = {"arms": {"found": 1}, "evaluate": {"found": 2}}
    (setting.assets / plan.MEASURED).write_text(json.dumps(found))
    made = measuring[2].made
    assert made is not None
    assert made() == {"arms": {"found": 1}}


def test_the_pair_gets_a_copy_of_the_code_and_classes_of_its_own(setting: Setting):
    prepare(setting)
    assert (setting.work / "seviz" / "nets" / "embedded.py").exists()
    rows = (setting.assets / "classes.tsv").read_text("utf-8").splitlines()
    assert [row.split("\t")[0] for row in rows] == [*ANIMALS]
    assert rows[0] in (ASSETS / "classes.tsv").read_text("utf-8").splitlines()
    assert rows[2] == "n99999999\tn99999999"
    assert not list(setting.assets.glob("*.safetensors"))
    put_weights(setting, SE)
    prepare(setting)  # as a later call does
    assert "0.5" in (setting.assets / f"{SE}.json").read_text()


def test_without_a_checkout_there_is_no_code_to_copy(setting: Setting, tmp_path: Path):
    with pytest.raises(UserError, match=f"no code in {tmp_path}; go into a checkout"):
        prepare(replace(setting, root=tmp_path))


def test_figures_and_weights_are_out_as_soon_as_they_are_there(setting: Setting, tmp_path: Path):
    out, task = tmp_path / "out", Task("evaluate", (), setting.work, 1.0)
    out.mkdir()
    Report(setting, out, time.monotonic()).tell(task, Outcome("done", "", 0, 2.0, {"top1": 0.5}))
    assert [path.name for path in out.iterdir()] == ["figures.json"]
    put_weights(setting, SE)
    later = Report(setting, out, time.monotonic())
    later.tell(replace(task, name="tests"), Outcome("failed", "exit status 1", 1))
    assert not later.complete
    figures = json.loads((out / "figures.json").read_text())
    assert figures["tasks"]["evaluate"]["result"] == {"top1": 0.5}
    assert figures["tasks"]["tests"]["status"] == "failed"
    assert figures["recipe"]["batch"] == 512
    assert {path.name for path in out.iterdir()} == {
        "figures.json",
        f"{SE}.json",
        f"{SE}.safetensors",
    }


def test_a_report_of_tests_names_those_that_failed(tmp_path: Path):
    report = tmp_path / "tests.xml"
    report.write_text(
        '<testsuites><testsuite tests="4" failures="1" errors="1" skipped="1">'
        '<testcase classname="a" name="good"/>'
        '<testcase classname="a" name="bad"><failure message="1 != 2&#10;more">…</failure>'
        '</testcase><testcase classname="b" name="odd"><error message="no GPU"/></testcase>'
        '<testcase classname="b" name="left"><skipped message="why"/></testcase>'
        "</testsuite></testsuites>"
    )
    assert read_junit(report) == {
        "tests": 4,
        "failures": 1,
        "errors": 1,
        "skipped": 1,
        "failed": {"a::bad": "1 != 2", "b::odd": "no GPU"},
    }


def test_a_part_that_fails_or_takes_too_long_takes_no_other_down(
    data: Path, tmp_path: Path, monkeypatch, capsys
):
    out, work = tmp_path / "out", tmp_path / "work"

    def fakes(setting: Setting, parts: list[str]):
        assert parts == ["train", "measure"]
        yield [Task("fails", ("false",), setting.work, 60.0)]
        yield [Task("slow", ("sleep", "600"), setting.work, 5.0)]
        yield [Task("trains", ("touch", f"{setting.assets}/{SE}.safetensors"), setting.work, 60.0)]
        yield [Task("tells", ("echo", '{"top1": 0.25}'), setting.work, 60.0, answers=True)]

    monkeypatch.setattr(gpu, "stages", fakes)
    given = ("--data", str(data), "--out", str(out), "--work", str(work), "--batch", "8")
    assert main([*given, "--parts", "train", "measure", "--total", "60"]) == 1
    figures = json.loads((out / "figures.json").read_text())
    found = {name: task["status"] for name, task in figures["tasks"].items()}
    assert found == {"fails": "failed", "slow": "timed out", "trains": "done", "tells": "done"}
    assert figures["recipe"]["batch"] == 8
    assert {path.name for path in out.iterdir()} == {
        "figures.json",
        "log.txt",
        f"{SE}.json",
        f"{SE}.safetensors",
    }
    assert "tells: done, 0 s, top-1 25.00%" in capsys.readouterr().out


def test_training_without_images_gets_one_sentence(tmp_path: Path, capsys):
    given = ["--parts", "train", "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    assert main(given) == 2
    assert "--data DIR" in capsys.readouterr().err
