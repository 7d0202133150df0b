import io
import struct
import threading
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from image_files import encode
from made_collection import found, made_photograph, picture_file, pixels, zip_of
from PIL import Image

from seviz.errors import UserError
from seviz.photos.collect import (
    SIDE,
    THUMBNAIL,
    Found,
    collect,
    collect_path,
    decode_kept,
    in_folder,
    in_set,
    in_zip,
    loose,
)
from seviz.photos.given import GivenImages
from seviz.photos.read import read_photo
from seviz.watch import Stopped, Watch

NAME = "your {}"


def test_photographs_are_kept_in_order_and_what_is_none_is_named():
    files = [*found("a.png", "b.png"), Found("c.png", "cat", lambda: b"hello")]
    photographs = collect([files[0], files[2], files[1]], name=NAME)
    assert [photo.name for photo in photographs.photos] == ["a.png", "b.png"]
    ((name, why),) = photographs.skipped
    assert name == "cat/c.png"
    assert "not a picture" in why
    assert photographs.name == "your 2 photographs"


def test_a_small_file_is_kept_as_it_is():
    (photo,) = collect(found("a.png"), name=NAME).photos
    assert photo.data == picture_file(0)
    assert not photo.reduced
    assert decode_kept(photo).tobytes() == read_photo(picture_file(0)).tobytes()


def test_a_large_photograph_is_reduced_and_looks_the_same():
    large = made_photograph(1, (1600, 1200))
    data = encode(large, "JPEG", quality=90)
    (photo,) = collect([Found("a.jpg", "", lambda: data)], name=NAME).photos
    assert photo.reduced
    assert (photo.width, photo.height) == (round(SIDE * 4 / 3), SIDE)
    shown = pixels(photo.data)
    plain = np.asarray(large.resize((photo.width, photo.height), Image.Resampling.BOX), float)
    assert np.abs(shown - plain).mean() < 3
    assert decode_kept(photo).size == (photo.width, photo.height)
    assert max(Image.open(io.BytesIO(photo.thumbnail)).size) == THUMBNAIL


def test_a_file_is_deleted_when_it_is_read_also_where_it_is_no_picture(tmp_path: Path):
    good, bad = tmp_path / "a", tmp_path / "b"
    good.write_bytes(picture_file(0))
    bad.write_bytes(b"nothing")
    photographs = collect(list(loose([(good, "cat.png"), (bad, "x" * 500)])), name=NAME)
    assert [photo.name for photo in photographs.photos] == ["cat.png"]
    assert len(photographs.skipped[0][0]) <= 80
    assert not good.exists()
    assert not bad.exists()


def test_nothing_that_can_be_read_is_told_with_an_example():
    with pytest.raises(UserError, match=r"None of these .* for example a\.txt: This file is not a"):
        collect([Found("a.txt", "", lambda: b"text")], name=NAME)
    with pytest.raises(UserError, match="None of these"):
        collect([], name=NAME)


def test_it_stops_and_starts_no_more():
    watch, read = Watch(), []

    def reader(i: int):
        def read_one() -> bytes:
            read.append(i)
            watch.stop()
            return picture_file(i)

        return read_one

    with pytest.raises(Stopped):
        collect([Found(f"{i}", "", reader(i)) for i in range(50)], name=NAME, watch=watch)
    watch.close()
    assert len(read) < 10


def test_several_are_read_at_a_time():
    together = threading.Barrier(2, timeout=20)

    def read() -> bytes:
        together.wait()
        return picture_file(0)

    assert len(collect([Found("a", "", read), Found("b", "", read)], name=NAME)) == 2


FILES = {"cat/b.png": picture_file(1), "cat/in/a.png": picture_file(2), "dog/c.png": b"x"}


@pytest.mark.parametrize("wrapped", ["", "photos/", "one/two/"])
def test_folders_in_a_zip_are_classes_but_for_those_around_all(tmp_path: Path, wrapped: str):
    files = {wrapped + name: data for name, data in FILES.items()}
    listed, left_out = in_zip(zip_of(tmp_path / "a.zip", files))
    places = [("cat", "b.png"), ("cat", "a.png"), ("dog", "c.png")]
    assert [(each.folder, each.name) for each in listed] == places
    assert left_out == {}
    photographs = collect(listed, name=NAME)
    assert [(photo.folder, photo.data) for photo in photographs.photos] == [
        ("cat", picture_file(1)),
        ("cat", picture_file(2)),
    ]


def test_pictures_beside_each_other_are_in_no_class(tmp_path: Path):
    listed, _ = in_zip(zip_of(tmp_path / "a.zip", {"in/a.png": b"1", "in/b.png": b"2"}))
    assert [each.folder for each in listed] == ["", ""]
    listed, _ = in_zip(zip_of(tmp_path / "b.zip", {"a.png": b"1", "cat/b.png": b"2"}))
    assert [each.folder for each in listed] == ["", "cat"]


def test_a_bomb_in_a_zip_is_not_unpacked(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_FILE_MB", "1")
    path = tmp_path / "bomb.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("bomb.png", bytes(3_000_000))
        archive.writestr("good.png", picture_file(0))
    photographs = collect(in_zip(path)[0], name=NAME)
    assert len(photographs) == 1
    assert photographs.skipped == (
        ("bomb.png", "This file is 3.0 MB and the limit is 1 MB: send a smaller version."),
    )


def test_a_zip_with_too_many_files_is_refused_before_they_are_listed(tmp_path: Path, monkeypatch):
    path = zip_of(tmp_path / "many.zip", {f"{i}.png": b"" for i in range(30)})
    monkeypatch.setenv("SEVIZ_MAX_COLLECTION_FILES", "29")
    with pytest.raises(UserError, match=r"At most 29 files in one zip of photographs; this has 30"):
        in_zip(path)
    monkeypatch.setenv("SEVIZ_MAX_COLLECTION_FILES", "2")
    opened = []
    monkeypatch.setattr("seviz.photos.collect.ZipTree", opened.append)
    with pytest.raises(UserError, match=r"At most 2 files in one zip .* many more"):
        in_zip(path)
    assert not opened


def test_a_long_list_of_files_is_not_hidden_by_the_record_of_large_zips(tmp_path: Path):
    path = tmp_path / "large.zip"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 10, 0, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, 10**9, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    path.write_bytes(record + locator + end)
    with pytest.raises(UserError, match="many more"):
        in_zip(path)
    path.write_bytes(locator + end)
    with pytest.raises(UserError, match="of a rare kind"):
        in_zip(path)


def test_what_is_no_zip_is_told(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"text")
    with pytest.raises(UserError, match="is not a zip"):
        in_zip(tmp_path / "a.zip")


def test_a_folder_gives_as_many_of_each_class(tmp_path: Path):
    for name in ("cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "dog/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture_file(0))
    listed, _ = in_folder(tmp_path, 3)
    places = [f"{each.folder}/{each.name}" for each in listed]
    assert places == ["cat/1.png", "dog/1.png", "cat/2.png"]
    assert len(collect(listed, name=NAME)) == 3
    assert (tmp_path / "cat/1.png").exists()
    with pytest.raises(UserError, match="no folder that can be opened"):
        in_folder(tmp_path / "bird", 3)


def test_the_images_of_a_set_are_kept_as_they_are_and_have_no_class():
    drawn, file = made_photograph(1), picture_file(2)
    given = [(drawn, 0), (file, 1), np.asarray(made_photograph(3))]
    images = GivenImages(given, "made", labels=(), labelled=False)
    photographs = collect(in_set(images, 9), name=NAME)
    assert photographs.names == ("image 0", "image 1", "image 2")
    np.testing.assert_array_equal(pixels(photographs.photos[0].data), np.asarray(drawn))
    assert photographs.photos[1].data == file
    np.testing.assert_array_equal(
        pixels(photographs.photos[2].data), np.asarray(made_photograph(3))
    )


def test_of_a_set_or_a_path_so_many_are_read_at_most(tmp_path: Path):
    images = GivenImages([made_photograph(i) for i in range(20)], "made", labels=())
    some = [found.name for found in in_set(images, 5)]
    assert len(some) == 5 and some != [f"image {i}" for i in range(5)]
    assert [found.name for found in in_set(images, 5)] == some
    for i in range(4):
        (tmp_path / f"{i}.png").write_bytes(picture_file(i))
    assert collect_path(tmp_path, 3).names == ("0.png", "1.png", "2.png")
    zipped = zip_of(tmp_path / "z.zip", {f"{i}.png": picture_file(i) for i in range(4)})
    assert collect_path(zipped, 3).names == ("0.png", "1.png", "2.png")
    assert collect_path(zipped, 9).name == "4 photographs"
