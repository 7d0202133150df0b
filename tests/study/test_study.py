import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders import class_folders
from safetensors.torch import load_file

from seviz import __main__ as command_line
from seviz.errors import UserError
from seviz.nets.results import read
from seviz.nets.variants import STUDIES, VARIANTS
from seviz.study import study as module
from seviz.study.plan import smoke_plan
from seviz.study.study import study
from seviz.study.training_run import Images, train_and_measure
from seviz.training.decoded import decode, images_of_classes
from seviz.words.study import study_lines

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, "wxyz", train=4, val=2)
    return root


def runs(folder: Path) -> dict[str, int]:
    """The finished runs, and when each was written."""
    return {path.stem: path.stat().st_mtime_ns for path in folder.glob("lab_*.json")}


def started(data: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "seviz", "study", "--smoke"]
    command += ["--data", str(data), "--run", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)


def alive(group: int) -> bool:
    """Whether any process of the study is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def done(data: Path, tmp_path_factory) -> tuple[Path, dict[str, int]]:
    """A tiny study that was killed on its way and started again, and the runs before the kill."""
    folder = tmp_path_factory.mktemp("study")
    killed = started(data, folder)
    while len(runs(folder)) < 3:
        if killed.poll() is not None:
            pytest.fail(f"the study ended before it could be killed: {killed.communicate()}")
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)  # the process alone: its workers must notice
    killed.communicate()
    deadline = time.monotonic() + 60
    while alive(killed.pid):
        assert time.monotonic() < deadline, "a worker outlived the study"
        time.sleep(0.05)
    before = runs(folder)
    assert 3 <= len(before) < len(VARIANTS)
    out, _ = started(data, folder).communicate()
    said = out.decode().splitlines()
    assert said[0] == f"{len(before)} of {len(VARIANTS)} runs"
    assert said.index("") == 1 + len(VARIANTS) - len(before)  # a line for each run that was left
    return folder, before


def test_a_killed_study_goes_on_without_repeating_or_losing_a_run(done):
    folder, before = done
    after = runs(folder)
    assert set(after) == {f"{key}-0" for key in VARIANTS}
    assert before.items() <= after.items()
    assert not [path for path in folder.iterdir() if path.suffix.lstrip(".").isdecimal()]


def test_results_hold_each_variant_its_cost_the_recipe_and_the_best_weights(done):
    found = read(done[0] / "out" / "study.json")
    assert tuple(found.variants) == tuple(VARIANTS)
    assert found.classes == ("w", "x", "y", "z")
    assert found.about["recipe"]["batch"] == 8
    assert (found.about["train_images"], found.about["val_images"]) == (16, 8)
    assert found.about["seeds"] == 1
    for key, variant in found.variants.items():
        model = VARIANTS[key].build(4)
        assert variant.parameters == sum(p.numel() for p in model.parameters())
        weights = load_file(done[0] / "out" / "lab" / f"{key}.safetensors")
        model.load_state_dict(weights)
        assert weights["fc.weight"].dtype == torch.float16
        assert weights["fc.bias"].dtype == torch.float32
        assert variant.mean == variant.top1[0]
        assert variant.spread != variant.spread  # one seed has none
    for name in STUDIES:
        assert len(list(study_lines(name, found))) >= 2


def test_a_listed_run_repeated_from_its_seed_gives_the_same_network(data: Path, done):
    classes = ("w", "x", "y", "z")
    plan = smoke_plan(classes)
    trial = next(trial for trial in plan.trials() if trial.model == "lab_resnet_pre")
    images = Images(
        decode(images_of_classes(data, "train", classes, each=4)),
        decode(images_of_classes(data, "val", classes, each=2)),
        classes,
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        again = train_and_measure(trial, images)
        other = train_and_measure(replace(trial, seed=5), images)
    finally:
        torch.set_num_threads(threads)
    facts = json.loads((done[0] / "lab_resnet_pre-0.json").read_text())
    assert (again.top1, again.loss) == (facts["top1"], facts["loss"])
    weights = load_file(done[0] / "lab_resnet_pre-0.safetensors")
    for name, value in again.model.state_dict().items():
        assert torch.equal(value, weights[name].to(value.dtype)), name
    assert other.loss != again.loss


def test_a_finished_study_has_nothing_left_to_do(data: Path, done, capsys):
    before = runs(done[0])
    asked = ["study", "--smoke", "--data", str(data), "--run", str(done[0])]
    assert command_line.main(asked) == 0
    said = capsys.readouterr().out
    assert said.startswith("21 of 21 runs\n\nHost × SE ")
    assert "SE-ResNet · PRE is at" in said
    assert command_line.main([*asked, "--only", "lab_vgg", "lab_resnet_r2"]) == 0
    assert capsys.readouterr().out == "2 of 2 runs\n"
    assert runs(done[0]) == before


def test_runs_of_another_study_are_refused(data: Path, done):
    other = replace(smoke_plan(("w", "x", "y", "z")), train_each=3)
    with pytest.raises(UserError, match="is a run of another study; give its options again"):
        next(study(other, data, done[0]))


def test_runs_that_fail_end_the_study_with_a_sentence(data: Path, tmp_path: Path, monkeypatch):
    class Still:
        """Stands for a worker that has ended."""

        def __init__(self, **_) -> None: ...
        def start(self) -> None: ...
        def terminate(self) -> None: ...
        def join(self) -> None: ...
        def is_alive(self) -> bool:
            return False

    context = module.multiprocessing.get_context("spawn")
    monkeypatch.setattr(type(context), "Process", Still)
    with pytest.raises(UserError, match="21 runs failed, such as lab_vgg-0; see the errors above"):
        list(study(smoke_plan(("w", "x", "y", "z")), data, tmp_path))
