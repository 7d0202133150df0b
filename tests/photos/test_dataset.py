import os
import zipfile
from pathlib import Path

import pytest
import torch
from PIL import Image
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.photos import dataset as module
from seviz.photos.dataset import LabelledImages, cores, count_loaders, read_in_order


def write_classes(folder: Path, classes: dict[str, int], shade: int = 0) -> None:
    for name, count in classes.items():
        (folder / name).mkdir(parents=True)
        for i in range(count):
            Image.new("RGB", (4, 4), (shade, i, len(name))).save(folder / name / f"{i}.png")


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.png"):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.fixture
def layouts(tmp_path: Path) -> dict[str, Path]:
    """The same images in every layout with a split; “val” differs from “train”."""
    both = tmp_path / "both"
    write_classes(both / "train", {"bee": 2, "ant": 3})
    write_classes(both / "val", {"bee": 1, "ant": 1}, shade=9)
    one_zip = zipped(both, tmp_path / "all.zip")
    parts = tmp_path / "parts"
    parts.mkdir()
    for i, name in enumerate(("ant", "bee")):
        only = tmp_path / f"only-{name}"
        write_classes(only / "train", {name: {"ant": 3, "bee": 2}[name]})
        zipped(only, parts / f"train-{i}.zip")
    return {"both": both, "zip": one_zip, "zips": parts}


@pytest.mark.parametrize("layout", ["both", "zip", "zips"])
def test_every_layout_gives_the_same_images_and_classes(layouts: dict[str, Path], layout: str):
    images = LabelledImages(layouts[layout], "train")
    images.transform = pil_to_tensor
    assert images.classes == ("ant", "bee")
    assert [label for _, label in images.samples] == [0, 0, 0, 1, 1]
    pixels = [tuple(images[i][0][:, 0, 0].tolist()) for i in range(5)]
    assert pixels == [(0, 0, 3), (0, 1, 3), (0, 2, 3), (0, 0, 3), (0, 1, 3)]


def test_without_a_split_every_tenth_image_of_a_class_is_held_out(tmp_path: Path):
    write_classes(tmp_path / "plain", {"bee": 2, "ant": 21})
    archive = zipped(tmp_path / "plain", tmp_path / "plain.zip")
    for root in (tmp_path / "plain", archive):
        held, rest = LabelledImages(root, "val"), LabelledImages(root, "train")
        assert [label for _, label in held.samples] == [0, 0, 0, 1]
        assert len(rest) == 23 - 4
        assert not {m for m, _ in held.samples} & {m for m, _ in rest.samples}


def test_a_zip_of_the_other_split_alone_holds_nothing_out(layouts: dict[str, Path]):
    with pytest.raises(UserError, match="No images for “val”"):
        LabelledImages(layouts["zips"] / "train-0.zip", "val")


@pytest.mark.parametrize("layout", ["both", "zip"])
def test_the_other_split_is_told_apart(layouts: dict[str, Path], layout: str):
    images = LabelledImages(layouts[layout], "val")
    images.transform = pil_to_tensor
    assert len(images) == 2
    assert int(images[0][0][0, 0, 0]) == 9


def test_classes_are_numbered_as_the_network_does(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(("bee", "ant"), 2)
    assert images.classes == ("bee", "ant")
    assert [label for _, label in images.samples] == [1, 0]  # still the ant first


def test_unnamed_classes_are_matched_by_their_count(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(None, 2)
    assert images.classes == ("ant", "bee")
    with pytest.raises(UserError, match="has 2 class folders and the network 3 classes"):
        images.match_classes(None, 3)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("ant", "cat"), "the class folder bee is not one of the network's"),
        (("ant", "bee", "wasp"), "the class folder wasp is missing, one of the network's"),
    ],
)
def test_other_classes_than_the_networks_are_named(
    layouts: dict[str, Path], names: tuple[str, ...], sentence: str
):
    with pytest.raises(UserError, match=sentence):
        LabelledImages(layouts["both"], "val").match_classes(names, len(names))


def test_greyscale_images_become_rgb(tmp_path: Path):
    (tmp_path / "grey").mkdir()
    Image.new("L", (4, 4), 7).save(tmp_path / "grey" / "a.png")
    images = LabelledImages(tmp_path, "val")
    images.transform = pil_to_tensor
    assert images[0][0].shape == (3, 4, 4)


def test_an_empty_folder_gets_one_sentence(tmp_path: Path):
    with pytest.raises(UserError, match=r"No images for “train” in .*; expected a folder of class"):
        LabelledImages(tmp_path, "train")


def test_a_file_that_is_no_zip_gets_one_sentence(tmp_path: Path):
    file = tmp_path / "data.zip"
    file.write_bytes(b"no zip")
    with pytest.raises(UserError, match=r"data\.zip is not a zip of class folders"):
        LabelledImages(file, "train")


def test_an_unreadable_image_is_named(tmp_path: Path):
    (tmp_path / "ant").mkdir()
    (tmp_path / "ant" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    images = LabelledImages(tmp_path, "val")
    images.transform = pil_to_tensor
    with pytest.raises(UserError, match=r"ant/broken\.png is not a readable image"):
        images[0]


def test_augmentation_depends_on_seed_and_image_alone(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "train")
    images.transform = lambda image: torch.rand(1)
    images.seed = (0, 1)
    forwards = [images[i][0].item() for i in range(5)]
    backwards = [images[i][0].item() for i in reversed(range(5))][::-1]
    assert forwards == backwards
    assert len(set(forwards)) == 5  # no two images share their randomness
    images.seed = (0, 2)
    assert images[0][0].item() != forwards[0]


def test_images_are_read_by_one_process_a_core(monkeypatch):
    for there, found in ((1, 1), (3, 3), (40, 16)):
        monkeypatch.setattr(module, "cores", lambda there=there: there)
        assert count_loaders() == found
    assert [count_loaders(wanted) for wanted in (1, 40, 99)] == [1, 40, 40]
    for few in (0, -1):
        with pytest.raises(UserError, match=rf"--loaders is {few}; give a number of processes"):
            count_loaders(few)


def test_a_restricted_process_counts_its_own_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0: {5, 7, 9}}[pid], raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert cores() == 6


def test_more_loaders_than_cores_read_in_order_and_without_a_warning(
    layouts: dict[str, Path], monkeypatch
):
    images, seen = LabelledImages(layouts["both"], "train"), []
    for count in (1, 3, 1000):
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
        loader = read_in_order(images, pil_to_tensor, 1, loaders=count)
        assert loader.num_workers == min(count, 4)
        seen.append([(x.tolist(), int(label)) for x, label in loader])
    assert seen[0] == seen[1] == seen[2]
    assert [label for _, label in seen[0]] == [0, 0, 0, 1, 1]
