import os
from pathlib import Path

import pytest
from timm.data import ImageNetInfo

from seviz.errors import UserError
from seviz.zoo.labels import (
    MOST,
    embedded_classes,
    find_class,
    imagenet_classes,
    numbered_labels,
    read_labels,
)


@pytest.mark.parametrize("count", [1000, 11821])
def test_names_of_imagenet_are_short_and_each_is_one_class(count: int):
    wnids, names = zip(*imagenet_classes(count), strict=True)
    assert len(names) == len(set(names)) == len(wnids) == count


def test_names_of_imagenet_keep_its_order():
    classes = imagenet_classes(1000)
    assert [classes[i][1] for i in (0, 1, 291)] == ["tench", "goldfish", "lion"]
    assert classes[291][0] == "n02129165"


def test_other_numbers_of_classes_are_not_imagenet():
    assert imagenet_classes(7) is None


def test_the_embedded_pair_has_names_for_people_and_folders():
    named = dict(embedded_classes())
    assert (len(named), named["n02509815"], named["n02129165"]) == (200, "red panda", "lion")
    assert named.keys() <= set(ImageNetInfo("imagenet-1k").label_names())


def test_classes_that_nobody_named_are_called_by_index():
    assert numbered_labels(3) == ("class 0", "class 1", "class 2")


def test_a_class_is_found_by_its_name_in_any_case_or_by_its_number():
    names = ("red panda", "lion", "7")
    assert [find_class(names, text) for text in ("Lion", "0", "7")] == [1, 0, 2]
    with pytest.raises(UserError, match="no class 3; they are numbered 0 to 2"):
        find_class(names, "3")
    for text in ("redpanda", "-1"):
        with pytest.raises(UserError, match=f"no class “{text}” among the network's 3; did you"):
            find_class(names, text)
    with pytest.raises(UserError, match=r"no class 9{79}…; they are numbered"):
        find_class(names, "9" * 5000)
    for text in ("²", "x" * 5000):
        with pytest.raises(UserError, match=r"no class “.{1,80}” among the network's 3; did you"):
            find_class(names, text)


def test_names_that_differ_by_capitals_are_two_classes():
    assert [find_class(("Cat", "cat"), text) for text in ("Cat", "cat")] == [0, 1]


def test_without_classes_there_is_none_to_find():
    with pytest.raises(UserError, match="This network has no head, so it gives no answers"):
        find_class((), "cat")


def test_names_are_read_one_a_line_whatever_wrote_them(tmp_path: Path):
    (tmp_path / "names").write_bytes("\ufeffcat\r\nfüchse\r\n\r\n".encode())
    assert read_labels(tmp_path / "names", 2, "mine") == ("cat", "füchse")
    (tmp_path / "odd").write_bytes("cafe\u0301\nc\x1b[31mat\n".encode())
    assert read_labels(tmp_path / "odd", 2, "mine") == ("café", r"c\x1b[31mat")
    with pytest.raises(UserError, match=r"names names 2 different classes on 2 lines and mine has"):
        read_labels(tmp_path / "names", 3, "mine")
    (tmp_path / "utf-16").write_text("cat\nfox\n", "utf-16")
    with pytest.raises(UserError, match="can't be read; names of classes are UTF-8 text"):
        read_labels(tmp_path / "utf-16", 2, "mine")
    with pytest.raises(UserError, match="gone is not a file; give a text file that names"):
        read_labels(tmp_path / "gone", 3, "mine")


def test_a_class_is_found_by_its_id_too():
    names, ids = ("ant", "bee"), ("n02219486", "n02206856")
    assert [find_class(names, text, ids) for text in ("n02206856", "ant", "1")] == [1, 0, 1]
    with pytest.raises(UserError, match="There is no class “n0220685”"):
        find_class(names, "n0220685", ids)
    with pytest.raises(UserError, match="There is no class"):
        find_class(names, "9" * 5000)  # which Python refuses to read as a number


@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_may_never_end_is_not_read_for_names(tmp_path: Path, kind: str):
    file = tmp_path / "names"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file = Path("/dev/zero")
    with pytest.raises(UserError, match=f"^{file} is not a file; give a text file that names the"):
        read_labels(file, 3, "mine")


def test_a_file_too_large_for_names_is_refused(tmp_path: Path):
    with (tmp_path / "names").open("wb") as stream:
        stream.truncate(MOST + 1)
    with pytest.raises(UserError, match="names is larger than 10 MB; give a text file that names"):
        read_labels(tmp_path / "names", 3, "mine")
