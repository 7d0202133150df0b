from pathlib import Path
from types import ModuleType

import pytest
from made_sets import tile, write_cifar

from seviz.errors import UserError
from seviz.photos import kinds
from seviz.photos.dataset import LabelledImages
from seviz.photos.sources import Access, Reading, open_images, open_set


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures: two in folders of one class each, one in a folder inside."""
    for i, place in enumerate(("a", "b", "b/inner")):
        (tmp_path / place).mkdir()
        tile(i, 0).save(tmp_path / place / f"{i}.png")
    return tmp_path


def test_a_folder_is_read_by_class_folders_or_without(folder: Path):
    images = open_images(folder, "train", limit=2)
    assert isinstance(images, LabelledImages)
    assert (images.classes, images.limit, len(images)) == (("a", "b"), 2, 3)
    tile(9, 0).save(folder / "loose.png")
    (folder / "notes.txt").touch()
    whole = Reading(labels=False).open(folder)
    assert whole.classes == ("all images",)
    names = [whole.name(i) for i in range(4)]
    assert names == ["a/0.png", "b/1.png", "b/inner/2.png", "loose.png"]
    assert whole.left_out == {"notes.txt": "no picture by its ending"}


def test_without_labels_a_split_is_still_a_split(folder: Path):
    (folder / "val").mkdir()
    (folder / "train").mkdir()
    for name in ("a", "b"):
        (folder / name).rename(folder / "train" / name)
    tile(7, 0).save(folder / "val" / "7.png")
    assert len(open_images(folder, "train", labels=False)) == 3
    images = open_images(folder, "val", labels=False)
    assert [images.name(i) for i in range(len(images))] == ["val/7.png"]
    (folder / "val" / "7.png").unlink()
    with pytest.raises(UserError, match="There is no picture in"):
        open_images(folder, "val", labels=False)


@pytest.mark.parametrize(
    ("data", "how", "sentence"),
    [
        ("{folder}", {"limit": 0}, "--limit is 0; give a number of images, 1 or more"),
        ("{folder}", {"split": "test"}, "--split test is of another kind of data set; give train"),
        ("{folder}", {"access": Access(Path("d"))}, "--root, --download and --columns are about"),
        ("torch/cifar10", {}, "torch/cifar10 lies in a folder, or is downloaded into one; name it"),
        ("wds/d", {"access": Access(download=True)}, "--download is for torch/… and tfds/…; wds/d"),
        ("hfds/d", {}, "hfds/d is read by the package datasets"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(monkeypatch, folder, data, how, sentence):
    found = {"webdataset": ModuleType("webdataset")}
    monkeypatch.setattr(kinds, "find_spec", found.get)
    given = {"split": "train", **how}
    with pytest.raises(UserError, match=f"^{sentence}"):
        open_images(data.format(folder=folder), **given)


def test_training_needs_random_access(monkeypatch, tmp_path: Path):
    write_cifar(tmp_path, monkeypatch)
    images = open_set("torch/cifar10", "train", access=Access(tmp_path))
    assert len(images) == 20
    (tmp_path / "0.tar").touch()
    pytest.importorskip("webdataset")
    with pytest.raises(UserError, match="is a stream, and training needs random access"):
        open_set(f"wds/{tmp_path}/0.tar", "train")
