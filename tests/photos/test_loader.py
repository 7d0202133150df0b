import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from made_sets import png, tile
from PIL import Image
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.photos import loader as module
from seviz.photos.batch import Piece
from seviz.photos.dataset import LabelledImages
from seviz.photos.image_stream import Damaged, ImageStream, stable_index
from seviz.photos.loader import Images, Loader, all_pieces, chosen, count_images, piece_size
from seviz.photos.stored import Stored


class Shards(ImageStream):
    """A stream of shards of these sizes; image i of all has shade i and class i % 2."""

    def __init__(self, sizes, damaged=()) -> None:
        super().__init__("made", "", classes=("ant", "bee"), shards=len(sizes))
        self.sizes, self.damaged = sizes, damaged

    def shard(self, i: int):
        for place in range(self.sizes[i]):
            number = sum(self.sizes[:i]) + place
            if number in self.damaged:
                yield Damaged(f"{i}/{place}", "torn")
            else:
                yield Stored(png(tile(number, 0)), number % 2, f"{i}/{place}")


@pytest.fixture
def folder(tmp_path: Path) -> LabelledImages:
    """Seven images of two classes; image i has shade i."""
    for i in range(7):
        (tmp_path / "ab"[i > 2]).mkdir(exist_ok=True)
        tile(i, 0).save(tmp_path / "ab"[i > 2] / f"{i}.png")
    return LabelledImages(tmp_path, "val")


@pytest.fixture(autouse=True)
def _cores(monkeypatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    monkeypatch.setattr(module, "PIECES", 1)
    monkeypatch.setattr(module, "PIECE", 4)


def read(images: Images, batch: int = 2, **how) -> tuple[Loader, list[tuple]]:
    """Return a loader, and the shade, label, index and name of each image."""
    loader, found = Loader(images, pil_to_tensor, batch, **how), []
    for each in loader:
        shades = each.x[:, 0, 0, 0].tolist()
        found += zip(shades, each.labels.tolist(), each.indices.tolist(), each.names, strict=True)
    return loader, found


@pytest.mark.parametrize("loaders", [1, 3])
def test_a_set_is_read_in_order_by_position_and_name(folder, loaders: int):
    loader, found = read(folder, loaders=loaders)
    names = [f"{'ab'[i > 2]}/{i}.png" for i in range(7)]
    assert found == [(i, int(i > 2), i, names[i]) for i in range(7)]
    assert (loader.seen, loader.ended) == (Counter({0: 3, 1: 4}), {0, 1})
    used = loader.used()
    assert (used.images, used.class_counts, used.kind) == (7, {"a": 3, "b": 4}, "folder")


@pytest.mark.parametrize("loaders", [1, 3])
def test_of_a_stream_every_image_is_read_once_whoever_reads(loaders: int):
    images = Shards([3, 5, 0, 2])
    loader, found = read(images, loaders=loaders)
    expected = [(s, p) for s, size in enumerate(images.sizes) for p in range(size)]
    assert sorted(found) == [
        (i, i % 2, stable_index(f"{s}/{p}"), f"{s}/{p}") for i, (s, p) in enumerate(expected)
    ]
    assert (dict(loader.taken), loader.ended) == ({0: 3, 1: 5, 2: 0, 3: 2}, {0, 1, 2, 3})
    assert count_images(images) is None


def test_pieces_that_were_begun_are_read_to_their_end(folder):
    loader, found = read(folder, pieces=[Piece(0, 2), Piece(1)])
    assert [shade for shade, *_ in found] == [2, 3, 4, 5, 6]
    assert (dict(loader.taken), loader.ended) == ({0: 4, 1: 3}, {0, 1})
    loader, found = read(Shards([3, 5, 2]), loaders=1, pieces=[Piece(1, 4), Piece(2)])
    assert [shade for shade, *_ in found] == [7, 8, 9]
    assert (dict(loader.taken), loader.ended) == ({1: 5, 2: 2}, {1, 2})


def test_what_has_been_yielded_is_known_after_each_batch(folder):
    loader = Loader(folder, pil_to_tensor, 2, loaders=2)
    states = [(dict(loader.taken), set(loader.ended)) for _ in loader]
    assert states == [
        *(({0: 2, 1: 0}, set()), ({0: 4, 1: 0}, {0})),
        *(({0: 4, 1: 2}, {0}), ({0: 4, 1: 3}, {0, 1})),
    ]


def test_pieces_are_whole_batches_so_that_batches_stay_the_same(folder, monkeypatch):
    assert [piece_size(folder, batch) for batch in (1, 2, 3, 4, 5, 9)] == [4, 4, 3, 4, 5, 9]
    monkeypatch.setattr(module, "PIECES", 7)
    assert [piece_size(folder, batch) for batch in (1, 2)] == [1, 2]
    assert [len(all_pieces(folder, batch)) for batch in (1, 2, 7, 8)] == [7, 4, 1, 1]
    alone = {tuple(batch.names) for batch in Loader(folder, pil_to_tensor, 2)}
    shared = [Loader(folder, pil_to_tensor, 2, pieces=all_pieces(folder, 2)[i::2]) for i in (0, 1)]
    assert {tuple(batch.names) for loader in shared for batch in loader} == alone
    for loaders in (1, 3):
        batches = [b.names for b in Loader(Shards([3, 2]), pil_to_tensor, 2, loaders=loaders)]
        assert sorted(batches) == [["0/0", "0/1"], ["0/2"], ["1/0", "1/1"]]


def test_a_limit_takes_the_same_images_of_all_and_those_of_a_smaller_one(folder):
    positions = []
    for limit in (1, 3, 6, 7, 99):
        folder.limit = limit
        positions.append(list(chosen(folder)))
        assert len(positions[-1]) == count_images(folder) == min(limit, 7)
        assert positions[-1] == sorted(positions[-1])
    for fewer, more in pairwise(positions):
        assert set(fewer) < set(more) or more == list(range(7))
    folder.limit = 3
    loader, found = read(folder)
    assert [index for _, _, index, _ in found] == positions[1]
    assert loader.used().empty == ()
    assert len(all_pieces(folder, 2)) == 2


def test_a_limit_of_a_stream_takes_its_first_images_in_one_process():
    images = Shards([3, 5, 2])
    images.limit = 4
    loader, found = read(images, loaders=3)
    assert [shade for shade, *_ in found] == [0, 1, 2, 3]
    assert (loader.num_workers, loader.ended) == (1, {0})


def test_the_first_unreadable_image_ends_it_or_all_are_left_out_and_told(folder):
    for i in (1, 5):
        (folder.root / "ab"[i > 2] / f"{i}.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=rf"^a/1\.png in {folder.root} can't be read: This file is"):
        read(folder)
    loader, found = read(folder, skip_unreadable=True)
    assert [shade for shade, *_ in found] == [0, 2, 3, 4, 6]
    assert (loader.unreadable.count, [*loader.unreadable.first]) == (2, ["a/1.png", "b/5.png"])
    assert (dict(loader.taken), loader.ended) == ({0: 4, 1: 3}, {0, 1})
    used = loader.used()
    assert (used.images, used.unreadable, used.left_out) == (5, 2, ())


def test_a_damaged_image_of_a_stream_is_told_by_its_name():
    with pytest.raises(UserError, match=r"^1/0 in made can't be read: torn; --skip-unreadable"):
        read(Shards([2, 2], damaged=[2]))
    loader, found = read(Shards([2, 2], damaged=[2]), skip_unreadable=True)
    assert sorted(shade for shade, *_ in found) == [0, 1, 3]
    assert loader.unreadable.first == {"1/0": "torn"}


def test_where_no_image_can_be_read_one_is_named():
    loader = Loader(Shards([1], damaged=[0]), pil_to_tensor, 2, skip_unreadable=True)
    with pytest.raises(UserError, match="None of the images can be read, for example 0/0: torn"):
        list(loader.pairs())
    (pair,) = Loader(Shards([1]), pil_to_tensor, 2).pairs()
    torch.testing.assert_close(pair[1], torch.tensor([0]))


def test_a_label_beyond_the_classes_is_refused():
    images = Shards([1])
    images._titles = {}
    with pytest.raises(UserError, match=r"^made has an image of class 0, and its classes are"):
        read(images)


def test_a_class_none_of_whose_images_can_be_read_is_named(tmp_path: Path):
    for name in "ab":
        (tmp_path / name).mkdir()
        Image.new("RGB", (4, 4)).save(tmp_path / name / "0.png")
    (tmp_path / "b" / "0.png").write_bytes(b"no picture")
    loader, _ = read(LabelledImages(tmp_path, "val"), skip_unreadable=True)
    assert loader.used().empty == ("b",)
