import json
from pathlib import Path

import pytest
from data_set_files import made_files
from PIL import Image

from seviz.__main__ import main
from seviz.reference.images import ProfiledImages, images_path


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return made_files(tmp_path_factory.mktemp("made"))


def test_lines_and_json_have_classes_and_images(capsys, file: Path):
    command = ["exemplars", "--gate", "SE_2_1[1]", "--profile", str(file), "--top", "2"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    images = ProfiledImages.load(images_path(file))
    assert [of["image"] for of in found["largest"]] == [
        of.name for of in images.largest("SE_2_1", 1)
    ]
    assert found["provenance"]["network"]["key"] == "embedded"
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"SE_2_1[1] opens most for {found['classes'][0]['label']}")
    start = next(i for i, line in enumerate(lines) if line.startswith("largest gate"))
    assert [line.split()[-1] for line in lines[start + 1 : start + 3]] == [
        of["image"] for of in found["largest"][:2]
    ]
    assert lines[start + 3] == ""


def test_the_images_themselves_are_written_with_a_sheet(capsys, file: Path, tmp_path: Path):
    data, out = file.parent / "data", tmp_path / "out"
    command = ["exemplars", "--gate", "SE_2_1[1]", "--profile", str(file), "--top", "3"]
    assert main([*command, "--data", str(data), "--out", str(out)]) == 0
    images = ProfiledImages.load(images_path(file))
    for rank, of in enumerate(images.smallest("SE_2_1", 1)[:3], 1):
        with Image.open(out / f"smallest-{rank:02}.png") as picture:
            assert picture.getpixel((0, 0)) == (int(of.name), 0, 0)
    names = {path.name for path in out.iterdir()}
    assert len(names) == 10
    assert "sheet.png" in names


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--top", "0"], "--top is 0; give a number of classes, 1 or more."),
        (["--out", "x"], "give both"),
        (["--data", "nowhere", "--out", "x"], "nowhere"),
    ],
)
def test_bad_options_get_one_sentence(capsys, file: Path, options: list[str], says: str):
    assert main(["exemplars", "--gate", "SE_2_1[1]", "--profile", str(file), *options]) == 2
    assert says in capsys.readouterr().err


def test_another_data_set_is_refused(capsys, file: Path, tmp_path: Path):
    (tmp_path / "data" / "ant").mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "data" / "ant" / "0.png")
    command = ["exemplars", "--gate", "SE_2_1[1]", "--profile", str(file)]
    where = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    assert main([*command, *where]) == 2
    assert "the statistics are over numbers; give that data set" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_statistics_without_images_say_what_is_missing(capsys, tmp_path: Path):
    file = made_files(tmp_path)
    images_path(file).unlink()
    command = ["exemplars", "--gate", "SE_2_1[1]", "--profile", str(file)]
    assert main(command) == 0
    assert "`python -m seviz profile --data" in capsys.readouterr().out
    data = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    assert main([*command, *data]) == 2
    assert "`python -m seviz profile --data" in capsys.readouterr().err
