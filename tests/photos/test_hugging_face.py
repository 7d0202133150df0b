from pathlib import Path

import pytest
from made_sets import png, tile, write_image_folder

from seviz.errors import UserError
from seviz.photos.hugging_face import HuggingFaceImages, HuggingFaceStream
from seviz.photos.image_stream import Damaged
from seviz.photos.stored import Stored, decode_stored

datasets = pytest.importorskip("datasets")


@pytest.fixture(scope="module", autouse=True)
def _quiet():
    datasets.disable_progress_bars()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("hf")
    write_image_folder(root, {"train": {"ant": 3, "bee": 2}, "test": {"ant": 1, "bee": 1}})
    return root


@pytest.fixture(scope="module")
def parquet(tmp_path_factory, folder: Path) -> Path:
    """Two files of rows with two columns of labels, and one row without an image."""
    root, cache = (tmp_path_factory.mktemp(name) for name in ("parquet", "cache"))
    rows = datasets.load_dataset(str(folder), split="train", cache_dir=str(cache))
    rows = rows.add_column("coarse", [0] * 5)
    names = datasets.ClassLabel(names=["insect"])
    rows = rows.cast_column("coarse", names).rename_column("label", "fine")
    for i in range(2):
        rows.to_parquet(str(root / f"train-{i}.parquet"))
    return root


def test_a_split_is_read_by_position_and_the_name_of_its_file(folder: Path, tmp_path: Path):
    images = HuggingFaceImages(f"hfds/{folder}", "train", root=tmp_path)
    assert (len(images), images.classes, images.part) == (5, ("ant", "bee"), "train")
    found = [images.stored(i) for i in range(5)]
    assert [each.label for each in found] == [0, 0, 0, 1, 1]
    assert found[3] == Stored(png(tile(0, 1)), 1, "0.png, image 3")
    assert images.picture(4)[0].getpixel((0, 0)) == (1, 40, 99)
    val = HuggingFaceImages(f"hfds/{folder}", "val", root=tmp_path)
    assert (len(val), val.part) == (2, "test")


def test_a_stream_is_read_by_shard_and_place(parquet: Path):
    images = HuggingFaceStream(f"hfids/{parquet}", "train", columns=["image", "fine"])
    assert (images.shards, images.classes) == (2, ("ant", "bee"))
    found = [list(images.shard(i)) for i in range(2)]
    assert [each.label for each in found[1]] == [0, 0, 0, 1, 1]
    assert [each.name for each in found[1]] == [f"train, shard 1, image {i}" for i in range(5)]
    assert decode_stored(found[1][4].content).getpixel((0, 0)) == (1, 40, 99)


def test_of_several_columns_one_is_to_be_named(parquet: Path):
    with pytest.raises(UserError, match=r"has several columns of labels, .*; name those to"):
        HuggingFaceStream(f"hfids/{parquet}", "train")
    with pytest.raises(UserError, match="has no column much; it has image, fine and coarse"):
        HuggingFaceStream(f"hfids/{parquet}", "train", columns=["image", "much"])
    images = HuggingFaceStream(f"hfids/{parquet}", "train", labelled=False)
    assert images.classes == ("all images",)
    assert {each.label for each in images.shard(0)} == {0}


def test_what_is_not_there_gets_one_sentence(folder: Path, tmp_path: Path):
    with pytest.raises(UserError, match="has no split “night”; give --split train or test"):
        HuggingFaceImages(f"hfds/{folder}", "night", root=tmp_path)
    with pytest.raises(UserError, match=r"^hfds/.*/nowhere can't be opened: "):
        HuggingFaceImages(f"hfds/{tmp_path}/nowhere", "train", root=tmp_path)


def test_rows_without_an_image_or_a_label_are_told(folder: Path):
    images = HuggingFaceStream(f"hfids/{folder}", "train")
    images._shard_rows = lambda i: iter([{"image": None, "label": 0}])
    assert list(images.shard(0)) == [
        Damaged("train, shard 0, image 0", "There is no image in this row.")
    ]
    images._shard_rows = lambda i: iter([{"image": {"bytes": b"x"}, "label": -1}])
    with pytest.raises(UserError, match="has images without a label; give --labels none"):
        list(images.shard(0))

    def torn(i: int):
        yield {"image": {"bytes": b"x"}, "label": 1}
        raise OSError("the connection ended")

    images._shard_rows = torn
    assert list(images.shard(0))[1:] == [
        Damaged("train, shard 0 from image 1 on", "the connection ended")
    ]
