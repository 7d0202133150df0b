import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders import one_of_each
from networks import random_network
from PIL import Image
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.measuring import arm_accuracy
from seviz.measuring import evaluate as module_of_evaluate
from seviz.measuring.arm_accuracy import measure_arms
from seviz.measuring.evaluate import evaluate
from seviz.passes.forward import trace
from seviz.photos.dataset import LabelledImages
from seviz.photos.sources import Reading
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


def test_some_of_the_classes_are_measured_and_what_is_left_out_is_counted(
    data: Path, tmp_path: Path, zoo
):
    names, loaded = find("embedded").folders, zoo.get("embedded")
    for i in range(3, 43):  # 40 of the 200 classes, one of them empty; without a folder val
        (tmp_path / names[i]).mkdir()
        if i != 42:
            (tmp_path / names[i] / "0.png").symlink_to(data / "val" / names[i] / "0.png")
    (tmp_path / names[3] / "broken.png").write_bytes(b"no picture")
    (tmp_path / names[3] / "notes.txt").write_text("notes")
    with pytest.raises(UserError, match=r"broken\.png in .* can't be read"):
        evaluate("embedded", tmp_path, loaders=1)
    skip = Reading(skip_unreadable=True)
    found = evaluate("embedded", tmp_path, loaders=1, reading=skip)
    answers = {i: trace(loaded, picture(i), [INTACT]).top(0, 5) for i in range(3, 42)}
    assert found.images == 39
    assert found.top1 == sum(top[0].index == i for i, top in answers.items()) / 39
    assert found.top5 == sum(i in [a.index for a in top] for i, top in answers.items()) / 39
    used = found.used
    assert (used.folder, used.images, used.classes) == ("", 39, 39)
    assert used.class_counts == {names[i]: 1 for i in range(3, 42)}
    assert used.empty == (names[42],)
    assert [(each.count, each.names) for each in used.left_out] == [
        (1, (f"{names[3]}/notes.txt",)),
    ]
    assert used.unreadable == 1
    assert [name for name, _ in used.unreadable_first] == [f"{names[3]}/broken.png"]
    assert measure_arms("embedded", tmp_path, [INTACT], loaders=1, reading=skip).used == used


def test_an_odd_class_folder_is_named_with_the_nearest_one(data: Path, tmp_path: Path):
    for folder in ("tabby_cat", "n01443537"):
        (tmp_path / "val" / folder).mkdir(parents=True)
        picture(0).save(tmp_path / "val" / folder / "0.png")
    with pytest.raises(
        UserError,
        match=r"class folder tabby_cat is not one of the network's; did you mean n02123045 \(tabby",
    ):
        evaluate("embedded", tmp_path)


def test_classes_are_numbered_as_the_network_does(data: Path):
    images = LabelledImages(data, "val")
    order = tuple(reversed(find("embedded").folders))
    images.match_classes(order, ["?"] * 200)
    assert images.samples[0][1] == 199
    with pytest.raises(UserError, match="has 200 class folders and the network 7 classes"):
        images.match_classes(None, ["?"] * 7)


def test_folders_may_have_the_printed_names_of_the_embedded_networks_classes(tmp_path: Path):
    source = find("embedded")
    for label in source.labels:
        (tmp_path / label).mkdir()
        (tmp_path / label / "0.png").touch()
    images = LabelledImages(tmp_path, "val")
    images.match_classes(source.folders, source.labels)
    assert [source.labels[i] for _, i in images.samples] == sorted(source.labels)


@pytest.mark.parametrize("arms", [[], ["--arms", "intact"]])
def test_a_network_that_does_not_choose_a_class_has_no_accuracy(
    data: Path, tmp_path: Path, capsys, arms: list[str]
):
    for classes, says in ((1, "gives each class its own probability"), (0, "has no head")):
        file = tmp_path / f"{classes}.safetensors"
        save_file(random_network("seresnet18", num_classes=classes).state_dict(), file)
        given = ["--checkpoint", str(file), "--arch", "seresnet18", "--data", str(data)]
        assert main(["evaluate", *given, *arms]) == 2
        assert f"{says}: it has no top-1 accuracy" in capsys.readouterr().err


def test_a_network_that_cant_pass_an_image_gets_a_sentence_in_each_measurement(
    data: Path, monkeypatch, zoo, capsys, tmp_path: Path
):
    def fail(x: torch.Tensor) -> torch.Tensor:
        raise ValueError(f"no rows: {len(x)}\nat all")

    model = zoo.get("embedded").model
    monkeypatch.setattr(model, "forward", fail)
    monkeypatch.setattr(module_of_evaluate.models, "build_network", lambda _: model)
    asked = ["--data", str(data), "--loaders", "1"]
    for command in (
        ["evaluate", *asked],
        ["evaluate", *asked, "--arms", "intact"],
        ["profile", *asked, "--split", "val", "--out", str(tmp_path / "p.safetensors")],
    ):
        assert main(command) == 2
        error = capsys.readouterr().err.splitlines()[-1]
        assert "can't pass an image of 64×64 pixels (ValueError: no rows: " in error
    assert list(tmp_path.iterdir()) == []
