import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_gpu import ANIMALS, SE, TWIN, put_weights

from seviz.cli.commands import parser
from seviz.errors import UserError
from seviz.gpu import plan
from seviz.gpu.__main__ import RECIPE
from seviz.gpu.plan import PARTS, Setting, prepare, read_junit, stages
from seviz.nets.embedded import ASSETS
from seviz.training.recipe import Recipe, recipe_from


def named(setting: Setting, *parts: str) -> list[list[str]]:
    return [[task.name for task in stage] for stage in stages(setting, parts)]


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
    made = measuring[2].read_result
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
