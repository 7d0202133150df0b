import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from networks import randn
from PIL import Image
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.reference.profile import Profile


def test_profile_writes_the_statistics_of_a_split(capsys, tmp_path: Path):
    for name in "ab":
        (tmp_path / "train" / name).mkdir(parents=True)
        for i in range(2):
            Image.new("RGB", (8, 8), (99 * i, 9, 9)).save(tmp_path / "train" / name / f"{i}.png")
    out = tmp_path / "out.safetensors"
    assert main(["profile", "--data", str(tmp_path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "16 blocks over 4 images\n" in said
    assert "A channel moves where its gate's standard deviation over these exceeds 0.01:" in said
    assert "\nSE_4_6        384" not in said
    for path in tmp_path.rglob("1.png"):  # now all four are alike
        Image.new("RGB", (8, 8), (0, 9, 9)).save(path)
    assert main(["profile", "--data", str(tmp_path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "\nSE_4_6        0 of 384 channels move; the rest stand still\n" in said
    reference = Profile.load(out)
    assert (reference.model, reference.class_counts) == ("embedded", (2, 2))
    assert main(["profile", "--data", str(tmp_path), "--split", "val", "--out", str(out)]) == 2
    assert "No images for “val”" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["{folder}", "{folder}/nowhere/out.safetensors"])
def test_a_file_that_cant_be_written_is_refused_first(capsys, tmp_path: Path, out: str):
    path = out.format(folder=tmp_path)
    assert main(["profile", "--data", "nowhere", "--out", path]) == 2
    error = capsys.readouterr().err
    assert error == f"seviz: {path} can't be written; name a file in an existing folder.\n"


def test_a_photograph_and_the_networks_weights_are_not_overwritten(capsys, tmp_path: Path):
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    content = (tmp_path / "photo.png").read_bytes()
    assert main(["profile", "--data", "nowhere", "--out", str(tmp_path / "photo.png")]) == 2
    error = capsys.readouterr().err
    assert error.endswith("photo.png is there and is no safetensors file; name another one.\n")
    assert (tmp_path / "photo.png").read_bytes() == content
    weights = str(tmp_path / "mine.safetensors")
    save_file({"a": randn(1)}, weights)
    own = ["--checkpoint", weights, "--arch", "seresnet18"]
    assert main(["profile", *own, "--data", "nowhere", "--out", weights]) == 2
    error = capsys.readouterr().err
    assert error.endswith(
        "mine.safetensors holds the network's weights; name another file for --out.\n"
    )


def colours(folder: Path, name: str, ending: str, count: int) -> None:
    (folder / name).mkdir(parents=True)
    for i in range(count):
        Image.new("RGB", (64, 64), (20 * i, 9, 9)).save(folder / name / f"{i}{ending}")


def as_windows(name: str) -> str:
    return name.replace("/", "\\")


def as_one_folder(name: str) -> str:
    return f"my pets/{name}"


def with_folders_inside(name: str) -> str:
    return name.replace("/cat/", "/cat/inner/")


@pytest.mark.parametrize("rename", [str, as_windows, as_one_folder, with_folders_inside])
@pytest.mark.parametrize("endings", [(".png", ".png"), (".JPEG", ".tiff"), (".webp", ".AVIF")])
def test_a_zip_is_read_as_people_have_it(
    capsys, tmp_path: Path, rename: Callable[[str], str], endings: tuple[str, str]
):
    for name, ending, count in zip(("cat", "dog"), endings, (5, 7), strict=True):
        colours(tmp_path / "data" / "val", name, ending, count)
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for file in sorted((tmp_path / "data").rglob("*.*")):
            name = str(file.relative_to(tmp_path / "data"))
            archive.write(file, rename(name))
            archive.writestr(f"__MACOSX/{file.parent}/._{file.name}", b"\0\5\x16\7")
        for junk in ("val/.DS_Store", "val/cat/Thumbs.db", "val/dog/desktop.ini"):
            archive.writestr(junk, b"junk")
        archive.writestr(rename("val/cat/list.csv"), b"junk")
    out = tmp_path / "out.safetensors"
    command = ["profile", "--model", "lab_vgg_se", "--split", "val", "--out", str(out)]
    assert main([*command, "--data", str(tmp_path / "data.zip")]) == 0
    said = capsys.readouterr().out
    assert (
        "7 blocks over 12 images\n12 images of 2 classes (cat 5, dog 7), in the folder val\n"
        in said
    )
    assert "list.csv): no picture by its ending\n" in said
    assert said.count("left out") == 1
    reference = Profile.load(out)
    assert (reference.classes, reference.class_counts) == (("cat", "dog"), (5, 7))
    assert reference.data == "data.zip (val)"


def test_a_folder_without_splits_is_used_whole(capsys, tmp_path: Path):
    for name, count in (("cat", 30), ("dog", 10)):
        colours(tmp_path / "data", name, ".bmp", count)
    out = tmp_path / "out.safetensors"
    command = ["profile", "--model", "lab_vgg_se", "--out", str(out)]
    assert main([*command, "--data", str(tmp_path / "data")]) == 0
    said = capsys.readouterr().out
    assert "40 images of 2 classes (cat 30, dog 10), the whole data set is used\n" in said
    reference = Profile.load(out)
    assert (reference.class_counts, reference.data) == ((30, 10), "data (whole)")


def test_pictures_without_classes_are_one_class_if_it_is_said(capsys, tmp_path: Path):
    colours(tmp_path, "data", ".png", 9)
    out = tmp_path / "out.safetensors"
    (tmp_path / "data" / "5.png").write_bytes(b"no picture")
    command = ["profile", "--model", "lab_vgg_se", "--out", str(out), "--labels", "none"]
    assert main([*command, "--data", str(tmp_path / "data")]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(f"seviz: 5.png in {tmp_path}/data can't be read: This file is not a")
    assert error.endswith("; --skip-unreadable leaves such images out.")
    command += ["--skip-unreadable"]
    assert main([*command, "--data", str(tmp_path / "data")]) == 0
    said = capsys.readouterr().out
    assert "8 images of 1 class (8 each), the whole data set is used\n" in said
    assert "unreadable, and left out: 1 image:\n  5.png: This file is not a picture" in said
    assert Profile.load(out).classes == ("all images",)
    assert main([*command, "--data", str(tmp_path / "data"), "--limit", "3"]) == 0
    found = Profile.load(out)
    assert (found.images, found.data) == (3, "data (3 images)")
    assert not (tmp_path / "out.safetensors.parts").exists()


def test_only_the_first_process_tells_what_is_wrong(capsys, monkeypatch, tmp_path: Path):
    command = ["profile", "--data", "nowhere", "--out", str(tmp_path / "out.safetensors")]
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert (ended.value.code, capsys.readouterr().err) == (2, "")
    monkeypatch.setenv("RANK", "0")
    assert main(command) == 2
    assert "No images for “train” in nowhere" in capsys.readouterr().err


def test_a_folder_of_pictures_without_classes_gets_one_sentence(capsys, tmp_path: Path):
    colours(tmp_path, "data", ".png", 3)
    command = ["profile", "--out", str(tmp_path / "out.safetensors")]
    assert main([*command, "--data", str(tmp_path / "data")]) == 2
    assert capsys.readouterr().err == (
        f"seviz: No images for “train” in {tmp_path}/data: 3 pictures in no class folder; expected "
        "are pictures in class folders, such as cat/1.jpg or train/cat/1.jpg.\n"
    )
