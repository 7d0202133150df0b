import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from folders import one_of_each
from PIL import Image

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.measuring import arm_accuracy
from seviz.measuring import evaluate as module_of_evaluate
from seviz.measuring.evaluate import evaluate
from seviz.passes.forward import trace
from seviz.photos.dataset import LabelledImages
from seviz.records.arms import INTACT
from seviz.zoo.catalogue import find


def picture(i: int) -> Image.Image:
    return Image.new("RGB", (64, 64), (i, 255 - i, i // 2))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One made picture of each of the embedded network's classes."""
    return one_of_each(tmp_path_factory.mktemp("data"), find("embedded").folders, picture)


def test_a_network_is_measured_as_the_page_asks_it(data: Path, zoo, capsys):
    assert main(["evaluate", "--data", str(data), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    loaded, images = zoo.get("embedded"), LabelledImages(data, "val")
    right = 0
    for i in range(200):
        right += trace(loaded, picture(i), [INTACT]).top(0, 1)[0].index == i
    assert measured["top1"] == right / 200
    assert measured["top1"] <= measured["top5"] <= 1
    assert measured["images"] == len(images) == 200
    assert measured["parameters"] == sum(p.numel() for p in loaded.model.parameters())
    assert 1e7 < measured["macs"] < 2e8
    assert measured["images_per_second"] > 0


def test_what_is_measured_is_the_same_however_many_processes_read(data: Path, monkeypatch, capsys):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    for module in (module_of_evaluate, arm_accuracy):
        monkeypatch.setattr(module, "batch_for", lambda config: 16)
    one, other = (
        replace(evaluate("embedded", data, loaders=count), images_per_second=0) for count in (1, 3)
    )
    assert one == other
    said = []
    for count in ("1", "3"):
        command = ["evaluate", "--data", str(data), "--arms", "intact", "identity"]
        assert main([*command, "--loaders", count]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    for command in (["evaluate"], ["profile", "--split", "val", "--out", str(data / "x")]):
        assert main([*command, "--data", str(data), "--loaders", "0"]) == 2
        assert "--loaders is 0; give a number of processes, 1" in capsys.readouterr().err


def test_the_twin_is_measured_though_it_has_no_gates(data: Path, capsys):
    assert main(["evaluate", "--model", "twin", "--data", str(data)]) == 0
    assert "of 200 images; 4,1" in capsys.readouterr().out


def test_a_missing_or_odd_class_folder_is_named(data: Path, tmp_path: Path):
    names = find("embedded").folders
    for name in names[:-1]:
        (tmp_path / "val" / name).mkdir(parents=True)
        (tmp_path / "val" / name / "0.png").symlink_to(data / "val" / name / "0.png")
    with pytest.raises(
        UserError, match=f"class folder {names[-1]} is missing, one of the network's"
    ):
        evaluate("embedded", tmp_path)
    (tmp_path / "val" / names[0]).rename(tmp_path / "val" / "a-cat")
    with pytest.raises(UserError, match="class folder a-cat is not one of the network's"):
        evaluate("embedded", tmp_path)


def test_classes_are_numbered_as_the_network_does(data: Path):
    images = LabelledImages(data, "val")
    order = tuple(reversed(find("embedded").folders))
    images.match_classes(order, 200)
    assert images.samples[0][1] == 199
    with pytest.raises(UserError, match="has 200 class folders and the network 7 classes"):
        images.match_classes(None, 7)
