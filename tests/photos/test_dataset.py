import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import torch
from PIL import ExifTags, Image
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.photos import dataset as module
from seviz.photos import stored
from seviz.photos.dataset import (
    InOrder,
    LabelledImages,
    batches,
    cores,
    count_loaders,
)
from seviz.photos.read import read_photo
from seviz.photos.stored import read_stored, stored_size


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


def test_without_a_split_all_is_used_and_for_training_every_tenth_image_of_a_class_is_held_out(
    tmp_path: Path,
):
    write_classes(tmp_path / "plain", {"bee": 2, "ant": 21})
    archive = zipped(tmp_path / "plain", tmp_path / "plain.zip")
    for root in (tmp_path / "plain", archive):
        for split in ("train", "val"):
            whole = LabelledImages(root, split)
            assert (len(whole), whole.held_out, list(whole.notes())) == (23, False, [])
            assert whole.used().class_counts == {"ant": 21, "bee": 2}
        held, rest = (LabelledImages(root, split, hold_out=True) for split in ("val", "train"))
        assert [label for _, label in held.samples] == [0, 0, 0, 1]
        assert len(rest) == 23 - 4
        assert not {m for m, _ in held.samples} & {m for m, _ in rest.samples}
        assert list(rest.notes()) == [
            f"{root} has no folders train and val, so every tenth image of a class is held out to "
            "measure with; “train” has 19 images."
        ]


def test_where_there_are_splits_nothing_is_held_out(layouts: dict[str, Path]):
    for layout in layouts.values():
        images = LabelledImages(layout, "train", hold_out=True)
        assert (len(images), images.held_out, list(images.notes())) == (5, False, [])


def test_single_images_leave_nothing_to_train_on(tmp_path: Path):
    write_classes(tmp_path, {"bee": 1, "ant": 1})
    with pytest.raises(UserError, match="each class has a single image, which is held out"):
        LabelledImages(tmp_path, "train", hold_out=True)


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
    images.match_classes(("bee", "ant"), ("a bee", "an ant"))
    assert images.classes == ("bee", "ant")
    assert [label for _, label in images.samples] == [1, 0]  # still the ant first


def test_unnamed_classes_are_matched_by_their_count(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(None, ["0", "1"])
    assert images.classes == ("ant", "bee")
    (layouts["both"] / "val" / "bat").mkdir()
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(None, ["0", "1", "2"])  # an empty folder counts, too
    assert images.classes == ("ant", "bat", "bee")
    assert [label for _, label in images.samples] == [0, 2]
    with pytest.raises(UserError, match="has 2 class folders and the network 3 classes"):
        LabelledImages(layouts["zip"], "val").match_classes(None, ["0", "1", "2"])


def test_some_of_a_networks_classes_keep_their_numbers(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(("wasp", "bee", "elk", "ant"), "wbea")
    assert images.classes == ("wasp", "bee", "elk", "ant")
    assert [label for _, label in images.samples] == [3, 1]
    assert images.used().class_counts == {"ant": 1, "bee": 1}


def test_folders_called_by_labels_need_no_names(tmp_path: Path):
    write_classes(tmp_path, {"class 10": 1, "class 2": 1})
    images = LabelledImages(tmp_path, "val")
    images.match_classes(None, [f"class {i}" for i in range(12)])
    assert [label for _, label in images.samples] == [10, 2]


def test_folders_are_numbered_by_labels_and_odd_ones_refused(layouts: dict[str, Path]):
    images = LabelledImages(layouts["both"], "val")
    images.match_classes(("n0", "n1"), ("Bee", "ant"))
    assert [label for _, label in images.samples] == [1, 0]
    assert images.classes == ("n0", "n1")
    with pytest.raises(UserError, match="both, the class folder bee is not one of the network's"):
        LabelledImages(layouts["both"], "val").match_classes(("n0", "n1"), ("wasp", "ant"))


def test_greyscale_images_become_rgb(tmp_path: Path):
    (tmp_path / "grey").mkdir()
    Image.new("L", (4, 4), 7).save(tmp_path / "grey" / "a.png")
    images = LabelledImages(tmp_path, "val")
    images.transform = pil_to_tensor
    assert images[0][0].shape == (3, 4, 4)


def write_odd_pictures(folder: Path) -> None:
    """Write two pictures, and five files that are called so and must not be decoded."""
    folder.mkdir(parents=True)
    Image.new("RGB", (4, 4), (7, 8, 9)).save(folder / "0.png")
    Image.new("RGB", (4, 4), (7, 8, 9)).save(folder / "1.tiff")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    (folder / "empty.jpg").touch()
    eps = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n%%EOF\n"
    (folder / "drawing.jpg").write_text(eps)
    Image.new("1", (13000, 13000)).save(folder / "huge.png")  # 169 megapixels
    (folder / "long.png").write_bytes(bytes(21_000_000))


@pytest.mark.parametrize("layout", ["folder", "zip"])
def test_what_an_upload_may_not_be_is_left_out_and_named(tmp_path: Path, monkeypatch, layout: str):
    ghostscript, started = tmp_path / "bin" / "gs", tmp_path / "started"
    ghostscript.parent.mkdir()
    ghostscript.write_text(f"#!/bin/sh\ntouch {started}\n")
    ghostscript.chmod(0o755)
    monkeypatch.setenv("PATH", str(ghostscript.parent), prepend=os.pathsep)
    write_odd_pictures(tmp_path / "data" / "val" / "ant")
    root = tmp_path / "data"
    if layout == "zip":
        with zipfile.ZipFile(tmp_path / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in root.rglob("*.*"):
                archive.write(file, file.relative_to(root))
        root = tmp_path / "data.zip"
    images = LabelledImages(root, "val")
    assert images.used().images == 7  # none is opened yet
    ((pixels, labels),) = batches(InOrder(images, pil_to_tensor, 7, loaders=1))
    assert pixels[:, :, 0, 0].tolist() == [[7, 8, 9], [7, 8, 9]]
    assert labels.tolist() == [0, 0]
    used = images.used()
    assert (used.images, used.class_counts) == (2, {"ant": 2})
    assert sum(each.count for each in used.left_out) == 5
    reasons = {
        "val/ant/broken.png": "This picture is cut short, damaged or of a rare kind",
        "val/ant/empty.jpg": "This file is empty (0 bytes)",
        "val/ant/drawing.jpg": "This file is not a picture that can be read here",
        "val/ant/huge.png": "This picture is too large (13000 × 13000 pixels)",
        "val/ant/long.png": "This file is 21.0 MB and the limit is 20 MB",
    }
    assert {name: why[: len(reasons[name])] for name, why in images.left_out.items()} == reasons
    assert not started.exists()


def test_classes_without_a_readable_picture_are_named(tmp_path: Path):
    write_classes(tmp_path, {"ant": 2, "bee": 1, "cow": 5})
    (tmp_path / "elk").mkdir()
    for file in (*(tmp_path / "cow").iterdir(), tmp_path / "ant" / "1.png"):
        file.write_bytes(b"no picture")
    images = LabelledImages(tmp_path, "val")
    assert images.used().empty == ("elk",)  # none is opened yet
    list(InOrder(images, pil_to_tensor, 8, loaders=1))
    used = images.used()
    assert (used.images, used.class_counts) == (2, {"ant": 1, "bee": 1})
    assert used.empty == ("cow", "elk")


def test_batches_hold_what_can_be_read_in_order(tmp_path: Path):
    write_classes(tmp_path, {"ant": 7})
    for i in (0, 2, 3):  # the second batch has none
        (tmp_path / "ant" / f"{i}.png").write_bytes(b"no picture")
    found = list(InOrder(LabelledImages(tmp_path, "val"), pil_to_tensor, 2, loaders=1))
    assert [x[:, 1, 0, 0].tolist() for x, _ in found] == [[1], [4, 5], [6]]


def test_where_no_image_can_be_read_one_is_named(tmp_path: Path):
    write_classes(tmp_path, {"ant": 1})
    (tmp_path / "ant" / "0.png").write_bytes(b"no picture")
    with pytest.raises(
        UserError, match=r"None of the images can be read, for example .*ant/0\.png"
    ):
        list(InOrder(LabelledImages(tmp_path, "val"), pil_to_tensor, 2, loaders=1))


def test_a_member_that_is_too_long_is_never_unpacked(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ant/0.png", bytes(70_000_000))
    images = LabelledImages(tmp_path / "data.zip", "val")
    tracemalloc.start()
    with pytest.raises(UserError, match=r"ant/0\.png: This file is 70\.0 MB and the limit is 20"):
        images.picture(0)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_pictures_are_upright_and_without_transparency_as_uploads_are(tmp_path: Path):
    (tmp_path / "ant").mkdir()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (8, 4)).save(tmp_path / "ant" / "0.png", exif=exif)
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "ant" / "1.png")
    images = LabelledImages(tmp_path, "val")
    assert images.picture(0)[0].size == (4, 8)
    assert images.picture(1)[0].getpixel((0, 0)) == (255, 255, 255)


def test_the_same_bytes_come_from_folders_and_zips(layouts: dict[str, Path]):
    one, other = (LabelledImages(layouts[layout], "train") for layout in ("both", "zips"))
    for (mine, _), (yours, _) in zip(one.samples, other.samples, strict=True):
        assert read_stored(mine) == read_stored(yours)
        assert stored_size(mine) == stored_size(yours) == len(read_stored(mine))


def test_an_unreadable_image_is_named(tmp_path: Path):
    (tmp_path / "ant").mkdir()
    (tmp_path / "ant" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    images = LabelledImages(tmp_path, "val")
    images.transform = pil_to_tensor
    with pytest.raises(UserError, match=r"ant/broken\.png: This picture is cut short, damaged"):
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
        loader = InOrder(images, pil_to_tensor, 1, loaders=count)
        assert loader.num_workers == min(count, 4)
        seen.append([(x.tolist(), int(label)) for x, label in loader])
    assert seen[0] == seen[1] == seen[2]
    assert [label for _, label in seen[0]] == [0, 0, 0, 1, 1]


def test_only_what_is_not_small_is_decoded_in_another_process(tmp_path: Path, monkeypatch):
    for name, side in (("large", 640), ("small", 64)):
        (tmp_path / name).mkdir()
        Image.new("RGB", (side, side), "red").save(tmp_path / name / "0.png")
    decoded: list[tuple[int, int]] = []

    def read(data: bytes) -> Image.Image:
        decoded.append(Image.open(io.BytesIO(data)).size)
        return read_photo(data)

    monkeypatch.setattr(stored, "read_photo", read)
    images = LabelledImages(tmp_path, "val")
    assert [images.picture(i)[0].size for i in range(2)] == [(640, 640), (64, 64)]
    assert decoded == [(640, 640)]
