import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.photos.file import file_of
from seviz.photos.several import Photograph, class_folders, list_photographs, natural_key

INSIDES = ["10.png", "2.png", "b/1.jpg", "a/x.PNG", ".hidden/1.png", "__MACOSX/1.png", "notes.txt"]
SHOWN = ["2.png", "10.png", "a/x.PNG", "b/1.jpg"]


@pytest.fixture
def folder(tmp_path: Path, picture: Path) -> Path:
    for inside in INSIDES:
        (tmp_path / "set" / inside).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / inside).write_bytes(picture.read_bytes())
    return tmp_path / "set"


@pytest.fixture
def archive(tmp_path: Path, picture: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        for inside in INSIDES:
            file.write(picture, inside)
    return tmp_path / "set.zip"


def test_folders_and_zips_are_listed_in_natural_order(folder: Path, archive: Path):
    for root in (folder, archive):
        found = list_photographs([root])
        assert [photo.name for photo in found.photographs] == [f"{root}/{i}" for i in SHOWN]
        assert [str(photo.path_for_output) for photo in found.photographs] == SHOWN
        assert found.left_out == {f"{root}/notes.txt": "no picture by its ending"}
        assert (found.refused, found.several) == ([], True)


def test_a_photograph_of_each_kind_has_its_pixels_and_the_record_of_its_file(
    folder: Path, archive: Path, picture: Path, photo
):
    digest = sha256(picture.read_bytes()).hexdigest()
    for path in (picture, folder, archive):
        given = list_photographs([path]).photographs[-1]
        read = given.read()
        assert read.tobytes() == photo.tobytes()
        assert (file_of(read).path, file_of(read).sha256) == (given.name, digest)
        assert given.digest() == digest
    assert not list_photographs([picture]).several


def test_paths_keep_their_order_and_what_is_named_twice_is_listed_once(
    folder: Path, picture: Path, monkeypatch
):
    monkeypatch.chdir(folder)
    paths = [Path("b/1.jpg"), picture, folder, Path("b") / ".." / "b" / "1.jpg", picture]
    found = list_photographs(paths).photographs
    assert [photo.name for photo in found] == [
        "b/1.jpg",
        str(picture),
        *(f"{folder}/{inside}" for inside in SHOWN[:-1]),
    ]
    assert len(list_photographs([picture, picture], once=False).photographs) == 2
    (here,) = (photo for photo in list_photographs([Path()]).photographs if "a" in photo.name)
    assert here.name == "a/x.PNG"


def test_what_cant_be_opened_is_refused_and_the_others_are_listed(
    folder: Path, tmp_path: Path, picture: Path
):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    (folder / "a" / "gone.png").symlink_to(tmp_path / "nowhere")
    paths = [tmp_path / name for name in ("gone.jpg", "empty", "text.zip")]
    found = list_photographs([*paths, folder])
    assert len(found.photographs) == len(SHOWN)
    assert found.refused == [
        f"The file {tmp_path}/gone.jpg is not there: give the path of one picture file.",
        f"{tmp_path}/empty has no picture; give photographs, or a folder or zip of them.",
        f"{tmp_path}/text.zip is not a zip; give a folder or zip of pictures.",
        f"{folder}/a/gone.png: a link that leads nowhere.",
    ]


def test_a_bad_picture_is_named_when_it_is_read(tmp_path: Path):
    (tmp_path / "bad.png").write_text("hello")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as file:
        file.write(tmp_path / "bad.png", "x/bad.png")
    for path, name in ((tmp_path / "bad.png", "bad.png"), (tmp_path / "z.zip", "z.zip/x/bad.png")):
        (found,) = list_photographs([path]).photographs
        with pytest.raises(UserError, match=f"^{tmp_path}/{name}: This file is not a picture"):
            found.read()
    with pytest.raises(UserError, match=r"^The file gone is not there"):
        Photograph("gone", Path("gone")).read()


def test_numbers_are_compared_as_numbers_however_long():
    names = ["a", "A/1", "a1", "a2", "a02b", "a10", "b" + 5000 * "9", "b1" + 5000 * "0"]
    shuffled = [names[i] for i in (5, 2, 7, 0, 3, 6, 1, 4)]
    assert sorted(shuffled, key=natural_key) == ["a", "A/1", "a1", "a2", "a02b", "a10", *names[6:]]


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (["1.jpg", "cat/2.jpg"], ["", "cat"]),
        (["cat/1.jpg", "cat/2.jpg"], ["cat", "cat"]),
        (["set/0.jpg", "set/cat/1.jpg"], ["", "cat"]),
        (["set/cat/1.jpg", "set/dog/2.jpg"], ["cat", "dog"]),
        (["train/cat/1.jpg", "val/cat/2.jpg"], ["cat", "cat"]),
        (["n1/images/1.jpg", "n2/images/2.jpg"], ["n1", "n2"]),
        (["images/1.jpg"], [""]),
        (["cat/near/1.jpg", "dog/2.jpg"], ["cat", "dog"]),
        ([], []),
    ],
)
def test_the_class_is_the_folder_below_splits_and_what_is_around_all(paths, folders):
    assert class_folders(paths) == dict(zip(paths, folders, strict=True))
