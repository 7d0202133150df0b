import unicodedata
import zipfile
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.photos.listing import Listing, list_images


def folder_of(root: Path, *names: str) -> Path:
    """Make empty files, and folders where a name ends with a slash."""
    root.mkdir()
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return root


def zip_of(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def places(listing: Listing) -> list[str]:
    return [member.place for member in listing.members]


@pytest.fixture(params=["folder", "zip"])
def made(request, tmp_path: Path):
    """Return a function that makes a folder or a zip of names."""
    if request.param == "folder":
        return lambda *names: folder_of(tmp_path / "data", *names)
    return lambda *names: zip_of(tmp_path / "data.zip", *names)


LAYOUTS = {  # the names, the split's folder that is used, and the places of the images
    "classes": (["dog/1.png", "cat/0.png"], "", ["cat/0.png", "dog/1.png"]),
    "splits": (["train/cat/0.png", "val/cat/1.png", "val/dog/2.png"], "val", None),
    "split alone": (["val/cat/1.png", "val/dog/2.png"], "val", None),
    "split in capitals": (["Train/cat/0.png", "VAL/cat/1.png", "VAL/dog/2.png"], "VAL", None),
    "validation": (
        ["training/cat/0.png", "validation/cat/1.png", "validation/dog/2.png"],
        "validation",
        None,
    ),
    "test": (["train/cat/0.png", "test/cat/1.png", "test/dog/2.png"], "test", None),
    "val before test": (["test/cat/0.png", "val/cat/1.png", "val/dog/2.png"], "val", None),
    "val beside others": (["val/cat/1.png", "val/dog/2.png", "more/cat/0.png"], "val", None),
    "train beside others": (["train/cat/1.png", "train/dog/2.png", "runs/b/c.png"], "train", None),
    "root": (["pets/cat/1.png", "pets/dog/2.png"], "", None),
    "roots": (["a/b/c/cat/1.png", "a/b/c/dog/2.png", "a/notes.txt"], "", None),
    "root of splits": (
        ["pets/train/cat/0.png", "pets/val/cat/1.png", "pets/val/dog/2.png"],
        "val",
        None,
    ),
    "macOS": (["pets/cat/1.png", "pets/dog/2.png", "__MACOSX/pets/cat/._1.png"], "", None),
    "a class called train": (["train/1.png", "cat/2.png"], "", ["cat/2.png", "train/1.png"]),
    "classes valid and not": (["valid/1.png", "odd/2.png"], "", ["odd/2.png", "valid/1.png"]),
    "one class": (["cat/1.png"], "", ["cat/1.png"]),
    "one class, with folders": (["cat/1.png", "cat/a/2.png"], "", ["cat/1.png", "cat/a/2.png"]),
    "folders in classes": (
        ["val/cat/a/0.png", "val/cat/b/0.png", "val/cat/1.png", "val/dog/images/c/0.png"],
        "val",
        ["cat/1.png", "cat/a/0.png", "cat/b/0.png", "dog/images/c/0.png"],
    ),
    "images around classes": (["val/images/cat/1.png", "val/images/dog/2.png"], "val", None),
    "images in a lone class": (["cat/images/1.png"], "", ["cat/images/1.png"]),
    "images in a lone class in a folder": (
        ["pets/cat/IMAGES/1.png", "pets/notes.txt"],
        "",
        ["cat/IMAGES/1.png"],
    ),
    "a lone class in a folder": (["pets/cat/1.png"], "", ["cat/1.png"]),
    "images beside a class": (
        ["images/1.png", "cat/2.png"],
        "",
        ["cat/2.png", "images/1.png"],
    ),
    "splits in classes": (
        ["cat/train/0.png", "cat/val/1.png", "dog/train/2.png"],
        "",
        ["cat/train/0.png", "cat/val/1.png", "dog/train/2.png"],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_split_and_the_classes_are_found(made, layout: str):
    names, folder, expected = LAYOUTS[layout]
    listing = list_images(made(*names), "train" if folder == "train" else "val")
    assert places(listing) == (expected or ["cat/1.png", "dog/2.png"])
    assert listing.folder == folder


@pytest.mark.parametrize("folder", ["val/images", "images", "photos/IMAGES"])
def test_images_is_no_class(made, folder: str):
    """Tiny ImageNet keeps the classes of val/images in a text file, which is not read."""
    with pytest.raises(UserError, match="2 pictures in no class folder; expected are pictures in"):
        list_images(made(f"{folder}/1.png", f"{folder}/2.png", "words.txt"), "val")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_two_folders_of_a_split_are_refused(tmp_path: Path, kind: str):
    make = folder_of if kind == "folder" else zip_of
    root = make(tmp_path / f"data.{kind}", "VAL/cat/1.png", "val/cat/2.png", "Test/cat/3.png")
    with pytest.raises(UserError, match="has the folders VAL and val; put them together"):
        list_images(root, "val")


def test_every_ending_of_a_picture_in_any_case_is_read_and_others_are_counted(made):
    read = "jpg JPG jpeg JPEG JpE jfif png PNG webp gif bmp dib tif tiff TIFF avif heic HEIF hif"
    root = made(
        *(f"cat/{i}.{ending}" for i, ending in enumerate(read.split())),
        *("cat/a.txt", "cat/b", "cat/c.psd", "dog/d.svg", "dog/d.zip", "dog/d.tar.gz"),
        *("loose.png", "labels.csv"),
    )
    listing = list_images(root, "val")
    assert len(listing.members) == len(read.split()) == 19
    assert listing.empty == {"dog"}
    assert listing.left_out == {
        **dict.fromkeys(
            ["cat/a.txt", "cat/b", "cat/c.psd", "dog/d.svg", "labels.csv"],
            "no picture by its ending",
        ),
        **dict.fromkeys(
            ["dog/d.zip", "dog/d.tar.gz"],
            "an archive inside the data; unpack it and give the folder",
        ),
        "loose.png": "in no class folder",
    }


def test_what_is_outside_of_the_split_is_not_counted(made):
    root = made("boxes.tsv", "train/cat/a.txt", "val/cat/1.png", "val/b.txt", "val/cat/c.txt")
    assert set(list_images(root, "val").left_out) == {"val/b.txt", "val/cat/c.txt"}


BESIDE = "beside “val” and not in it"


def test_pictures_beside_the_split_are_counted(made):
    root = made(
        *("val/cat/1.png", "train/cat/2.png", "test/cat/3.png", "boxes.tsv", "more/notes.txt"),
        *("more/cat/4.png", "more/5.png", "loose.png", "masks.zip", "val.zip"),
    )
    listing = list_images(root, "val")
    assert places(listing) == ["cat/1.png"]
    beside = ["more/cat/4.png", "more/5.png", "loose.png", "masks.zip"]
    assert listing.left_out == dict.fromkeys(beside, BESIDE)


def test_classes_beside_one_called_train_are_counted(made):
    root = made(*(f"{name}/{side}/1.png" for name in ("boat", "train") for side in ("a", "b")))
    listing = list_images(root, "train")
    assert places(listing) == ["a/1.png", "b/1.png"]
    why = "beside “train” and not in it"
    assert listing.left_out == {"boat/a/1.png": why, "boat/b/1.png": why}


def test_empty_class_folders_are_named(made):
    listing = list_images(made("val/cat/1.png", "val/dog/", "val/elk/inner/", "train/emu/"), "val")
    assert listing.empty == {"dog", "elk"}


def test_the_same_name_in_two_encodings_is_one_class_and_odd_names_are_kept(made):
    one, other = (unicodedata.normalize(form, "Käfer") for form in ("NFC", "NFD"))
    listing = list_images(made(f"{one}/1.png", f"{other}/2.png", "a b 🐈/it's.png"), "val")
    assert places(listing) == ["Käfer/1.png", "Käfer/2.png", "a b 🐈/it's.png"]


def test_names_that_are_not_text_are_shown_but_open(tmp_path: Path):
    root = folder_of(tmp_path / "data", "T\udcfcr/\udce9.png")
    (member,) = list_images(root, "val").members
    assert member.class_folder == r"T\udcfcr"
    assert (member.root / member.inside).is_file()


def test_a_folder_of_zips_is_one_data_set(tmp_path: Path):
    root = folder_of(tmp_path / "data")
    zip_of(root / "train-1.zip", "train/cat/0.png", "train/x.txt")
    zip_of(root / "train-2.zip", "dog/0.png", "__MACOSX/dog/._0.png")
    zip_of(root / "val.zip", "root/val/cat/1.png")
    listing = list_images(root, "train")
    assert places(listing) == ["cat/0.png", "dog/0.png"]
    assert listing.folder == "train-1.zip and train-2.zip"
    assert [member.root.name for member in listing.members] == ["train-1.zip", "train-2.zip"]
    assert list(listing.left_out) == ["train-1.zip/train/x.txt"]
    assert places(list_images(root, "val")) == ["cat/1.png"]


@pytest.mark.parametrize(
    "name", ["val-1", "val_02", "val.part1", "VAL3", "val (1)", "val", "val-1-of-3", "validation-2"]
)
def test_zips_of_a_split_have_its_name_and_a_number(tmp_path: Path, name: str):
    root = folder_of(tmp_path / "data")
    zip_of(root / f"{name}.zip", "cat/1.png")
    for other in ("valley", "value", "val_masks", "train"):
        zip_of(root / f"{other}.zip", "dog/2.png")
    listing = list_images(root, "val")
    assert (listing.folder, places(listing)) == (f"{name}.zip", ["cat/1.png"])
    assert listing.left_out == dict.fromkeys(("val_masks.zip", "valley.zip", "value.zip"), BESIDE)


def test_what_is_beside_a_zip_of_the_split_and_in_it_is_counted(tmp_path: Path):
    root = folder_of(tmp_path / "data", "dog/1.png", "train/cat/2.png", "3.png", "notes.txt")
    zip_of(root / "val.zip", "val/cat/4.png", "more/cat/5.png")
    listing = list_images(root, "val")
    assert places(listing) == ["cat/4.png"]
    beside = ["dog/1.png", "3.png", "val.zip/more/cat/5.png"]
    assert listing.left_out == dict.fromkeys(beside, BESIDE)


EXPECTED = r"; expected are pictures in class folders, such as cat/1\.jpg or val/cat/1\.jpg\.$"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], "it is empty"),
        (["0.png", "1.JPG"], "2 pictures in no class folder"),
        (["val/0.png"], "1 picture in no class folder"),
        (["cat/", "dog/"], "empty class folders cat and dog"),
        (["cat/a.txt", "cat/b.txt"], r"2 files \(cat/a.txt and cat/b.txt\): no picture by its end"),
        (["inner.zip"], r"1 file \(inner.zip\): an archive inside the data; unpack it and give"),
        (["train/cat/0.png"], "it has the folder train"),
        (["pets/train/cat/0.png"], "it has the folder train"),
    ],
)
def test_where_nothing_is_found_it_is_said_what_is_there(made, names: list[str], found: str):
    with pytest.raises(UserError, match=rf"No images for “val” in .*data.*: {found}") as caught:
        list_images(made(*names), "val")
    assert caught.match(EXPECTED)


@pytest.mark.parametrize("path", ["nowhere", "x" * 5000, "a\0b"])
def test_a_path_that_leads_nowhere_gets_one_sentence(path: str):
    with pytest.raises(UserError, match=r"there is no such folder or zip|can't be opened"):
        list_images(Path(path), "val")
