import os
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.photos.trees import FolderTree, ZipTree, join


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def packed(path: Path, *names: str) -> ZipTree:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return ZipTree(path)


HIDDEN = (
    *("__MACOSX/cat/._0.png", ".DS_Store", "._cat", "cat/.hidden.png", "cat/Thumbs.db"),
    *("cat/desktop.ini", "cat/Desktop.ini", "cat/@eaDir/0.png/SYNOPHOTO.jpg", "cat/Icon\r"),
    *("$RECYCLE.BIN/0.png", ".git/0.png", "lost+found/0.png", ".ipynb_checkpoints/0.png"),
)


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_hidden_and_system_files_are_passed_over(tmp_path: Path, kind: str):
    write(tmp_path / "data", *HIDDEN, "cat/0.png", "cat/a/1.png", "notes.txt")
    if kind == "folder":
        tree = FolderTree(tmp_path / "data")
    else:
        tree = packed(tmp_path / "data.zip", *HIDDEN, "cat/0.png", "cat/a/1.png", "notes.txt")
    assert tree.list("") == (["cat"], ["notes.txt"])
    assert tree.list("cat") == (["a"], ["0.png"])
    assert tree.left_out == {}


def test_links_are_followed_but_not_in_circles(tmp_path: Path):
    write(tmp_path, "elsewhere/0.png", "data/cat/1.png", "data/other/2.png")
    data = tmp_path / "data"
    (data / "dog").symlink_to(tmp_path / "elsewhere")
    (data / "cat" / "up").symlink_to(data)
    (data / "cat" / "same").symlink_to(data / "cat")
    (data / "cat" / "other").symlink_to(data / "other")
    (data / "other" / "cat").symlink_to(data / "cat")
    (data / "cat" / "self").symlink_to("self")
    (data / "cat" / "gone.png").symlink_to("nowhere.png")
    os.mkfifo(data / "cat" / "pipe.png")
    tree = FolderTree(data)
    assert tree.list("") == (["cat", "dog", "other"], [])
    assert tree.list("dog") == ([], ["0.png"])
    assert tree.list("cat") == (["other"], ["1.png"])
    assert tree.list("cat/other") == ([], ["2.png"])
    loop = "a link to a folder that it is in"
    assert tree.left_out.pop("cat/self").startswith("it can't be opened (")
    assert tree.left_out == {
        "cat/up": loop,
        "cat/same": loop,
        "cat/other/cat": loop,
        "cat/gone.png": "a link that leads nowhere",
        "cat/pipe.png": "not an ordinary file",
    }


def test_a_folder_that_cant_be_opened_is_named(tmp_path: Path, monkeypatch):
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    tree = FolderTree(tmp_path)
    assert (tree.list(""), tree.list("cat")) == (([], []), ([], []))
    why = "a folder that can't be opened (Permission denied)"
    assert tree.left_out == {".": why, "cat": why}


def test_back_slashes_drives_and_dots_in_a_zip(tmp_path: Path):
    tree = packed(
        tmp_path / "win.zip", "val\\cat\\0.png", "./val/dog/1.png", "../val/dog/2.png", "val\\elk\\"
    )
    assert tree.list("") == (["val"], [])
    assert tree.list("val") == (["cat", "dog", "elk"], [])
    assert tree.list("val/dog") == ([], ["1.png", "2.png"])
    assert tree.list("val/elk") == ([], [])
    assert tree.read("val/cat/0.png") == b"val\\cat\\0.png"


@pytest.mark.parametrize(
    ("stored", "name"), [("Tür/é.png", "Tür/é.png"), ("T\udc81r/a.png", "Tür/a.png")]
)
def test_names_without_an_encoding_are_utf8_or_code_page_437(
    tmp_path: Path, stored: str, name: str
):
    raw = stored.encode("utf-8", "surrogateescape")
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_" * len(raw), b"x")
    path.write_bytes(path.read_bytes().replace(b"_" * len(raw), raw))
    tree = ZipTree(path)
    folder, _, file = name.partition("/")
    assert (tree.list("")[0], tree.list(folder)[1]) == ([folder], [file])
    assert tree.read(name) == b"x"


def test_of_files_of_one_name_the_last_is_used(tmp_path: Path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i, name in enumerate(("cat/0.png", "cat\\0.png", "cat//0.png", "cat/1.png")):
            archive.writestr(name, f"{i}")
    tree = ZipTree(path)
    assert tree.list("cat") == ([], ["0.png", "1.png"])
    assert (tree.read("cat/0.png"), tree.read("cat/1.png")) == (b"2", b"3")
    assert len(tree.left_out) == 2
    assert set(tree.left_out.values()) == {"stored again in the zip"}


def test_what_cant_be_read_in_a_zip_is_named(tmp_path: Path):
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("cat/locked.png", "cat/packed.png", "cat/fine.png"):
            archive.writestr(name, b"x")
        archive.writestr("cat/bz2.png", b"x", zipfile.ZIP_BZIP2)
        archive.writestr("cat/lzma.png", b"x", zipfile.ZIP_LZMA)
        link = zipfile.ZipInfo("cat/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, b"fine.png")
        archive.infolist()[0].flag_bits |= 1
        archive.infolist()[1].compress_type = 9  # Deflate64
    tree = ZipTree(path)
    assert tree.list("cat") == ([], ["fine.png"])
    assert {name: why.split(";")[0] for name, why in tree.left_out.items()} == {
        "cat/locked.png": "encrypted",
        **dict.fromkeys(
            ["cat/packed.png", "cat/bz2.png", "cat/lzma.png"],
            "compressed by a method that is not read here",
        ),
        "cat/link.png": "a link, of which a zip holds no picture",
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_of_a_file_with_a_false_size_no_more_than_that_is_unpacked(tmp_path: Path, method: int):
    path, size = tmp_path / "bomb.zip", 50_000_000
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("cat/0.png", bytes(size))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    tree = ZipTree(path)
    assert tree.entries["cat/0.png"].file_size == 1000
    tracemalloc.start()
    with pytest.raises(UserError, match="This file is damaged in the zip"):
        tree.read("cat/0.png")
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_damaged_file_in_a_zip_gets_one_sentence(tmp_path: Path):
    packed(tmp_path / "one.zip", "cat/0.png")
    whole = (tmp_path / "one.zip").read_bytes()
    (tmp_path / "two.zip").write_bytes(whole.replace(b"cat/0.png", b"cat/1.png", 1))  # one of two
    with pytest.raises(UserError, match="This file is damaged in the zip: pack it again"):
        ZipTree(tmp_path / "two.zip").read("cat/0.png")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 cut short", "is a damaged zip, cut short or one of several parts, and only"),
        (b"\x1f\x8b\x08", "is a gzip or tar.gz, and only whole zips are read: unpack it and give"),
        (b"\0" * 257 + b"ustar\0", "is a tar archive, and only whole zips are read"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7z, and"),
        (b"Rar!\x1a\x07", "is a RAR, and"),
        (b"no zip", "is not a zip; give a folder or zip of pictures"),
        (b"", "is not a zip; "),
    ],
)
def test_a_file_that_is_no_whole_zip_gets_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
):
    (tmp_path / "data.zip").write_bytes(content)
    with pytest.raises(UserError, match=rf"data\.zip {sentence}"):
        ZipTree(tmp_path / "data.zip")


def test_a_zip_with_a_damaged_list_of_files_gets_one_sentence(tmp_path: Path):
    packed(tmp_path / "data.zip", "cat/0.png")
    whole = (tmp_path / "data.zip").read_bytes()
    (tmp_path / "data.zip").write_bytes(whole.replace(b"PK\x01\x02", b"PK\x01\x09"))
    with pytest.raises(UserError, match=r"data\.zip is a damaged zip; pack it again"):
        ZipTree(tmp_path / "data.zip")


def test_a_zip_that_cant_be_opened_gets_one_sentence(tmp_path: Path):
    with pytest.raises(UserError, match=r"gone\.zip can't be read: No such file"):
        ZipTree(tmp_path / "gone.zip")


def test_paths_are_joined():
    assert (join("", "a"), join("a/b", "c")) == ("a", "a/b/c")


def test_names_that_leave_a_zip_stay_inside(tmp_path: Path):
    names = ["/cat/0.png", "../../cat/1.png", "dog/../cat/2.png", "./cat/./3.png", "cat\\..\\4.png"]
    assert list(packed(tmp_path / "a.zip", *names).entries) == [
        *(f"cat/{n}.png" for n in range(4)),
        "4.png",
    ]


def test_paths_in_a_zip_are_only_so_long_and_so_deep(tmp_path: Path):
    deep, long = "/".join("a" * 40), "b" * 501
    tree = packed(tmp_path / "a.zip", f"{deep}.png", f"{long}/c.png", "good.png")
    assert tree.list("") == ([], ["good.png"])
    assert list(tree.left_out.values()) == ["its path is too long"] * 2
