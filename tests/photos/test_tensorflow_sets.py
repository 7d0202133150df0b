"""A stand-in has the interface of `tensorflow_datasets` 4.9.10, which takes gigabytes."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_sets import png, tile

from seviz.errors import UserError
from seviz.photos.image_stream import Damaged
from seviz.photos.stored import Stored
from seviz.photos.tensorflow_sets import TensorflowImages


class Image:
    """The package's feature of images."""


class Builder:
    """A data set of two splits, in shards of two images."""

    made = True

    def __init__(self, name: str, data_dir: str | None) -> None:
        if name == "nowhere":
            raise LookupError("Dataset nowhere not found.\nDid you mean here?")
        self.asked: list[str] = []
        features = {"image": Image(), "label": SimpleNamespace(names=["ant", "bee"]), "id": None}
        there = {"train": 3, "test": 1} if self.made else {}
        splits = {k: SimpleNamespace(num_shards=n, num_examples=2 * n) for k, n in there.items()}
        self.info = SimpleNamespace(name=name, features=features, splits=splits)

    def download_and_prepare(self) -> None:
        Builder.made = True
        self.__init__(self.info.name, None)

    def as_dataset(self, *, split: str, shuffle_files: bool, decoders, read_config):
        assert (shuffle_files, read_config) == (False, {"add_tfds_id": True})
        self.asked.append(split)
        shard = int(split.partition("[")[2].partition("shard")[0])
        for i in (2 * shard, 2 * shard + 1):
            if i == 5:
                raise OSError("corrupted record at 99")
            picture = tile(i, i % 2)
            content = png(picture) if decoders else np.asarray(picture)
            yield {
                "image": content,
                "label": np.int64(i % 2),
                "tfds_id": f"x-{shard}__{i}".encode(),
            }


@pytest.fixture(autouse=True)
def _tfds(monkeypatch) -> None:
    monkeypatch.setattr(Builder, "made", True)
    package = SimpleNamespace(
        builder=lambda name, data_dir: Builder(name, data_dir),
        features=SimpleNamespace(Image=Image),
        decode=SimpleNamespace(SkipDecoding=lambda: "undecoded"),
        ReadConfig=lambda **options: options,
        as_numpy=lambda rows: rows,
    )
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", package)


def test_a_split_is_read_shard_by_shard_with_the_packages_names():
    images = TensorflowImages("tfds/made", "train")
    assert (images.shards, images.total, images.classes) == (3, 6, ("ant", "bee"))
    assert list(images.shard(1)) == [
        Stored(png(tile(i, i % 2)), i % 2, f"x-1__{i}") for i in (2, 3)
    ]
    assert images._builder.asked == ["train[1shard:2shard]"]
    val = TensorflowImages("tfds/made", "val", labelled=False)
    assert (val.part, val.classes) == ("test", ("all images",))
    assert [each.label for each in val.shard(0)] == [0, 0]


def test_pixels_that_have_no_file_are_pictures(monkeypatch):
    images = TensorflowImages("tfds/made", "train")
    images._builder.info.features["image"] = None
    stored = next(images.shard(0))
    assert np.asarray(stored.content).tolist() == np.asarray(tile(0, 0)).tolist()


def test_a_damaged_shard_is_told():
    *_, last = TensorflowImages("tfds/made", "train").shard(2)
    assert last == Damaged("train, shard 2 from image 1 on", "corrupted record at 99")


def test_what_is_not_there_gets_one_sentence(monkeypatch):
    with pytest.raises(
        UserError, match=r"^tfds/nowhere can't be opened: Dataset nowhere not found"
    ):
        TensorflowImages("tfds/nowhere", "train")
    with pytest.raises(UserError, match="has no such split; give --split train or test"):
        TensorflowImages("tfds/made", "night")
    with pytest.raises(UserError, match="made has no column id that names classes; give --labels"):
        TensorflowImages("tfds/made", "train", columns=["image", "id"])
    monkeypatch.setattr(Builder, "made", False)
    with pytest.raises(UserError, match="tfds/made has not been made in d; --download makes it"):
        TensorflowImages("tfds/made", "train", root=Path("d"))
    assert TensorflowImages("tfds/made", "train", root=Path("d"), download=True).shards == 3
