import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest

from seviz.cli.output import folders
from seviz.photos.several import Photograph


def folders_of(photos: Iterable[Path], out: Path) -> list[Path]:
    return list(folders([Photograph(str(photo), photo) for photo in photos], out))


def test_each_photograph_has_a_folder_of_its_own_inside_out(tmp_path: Path):
    names = ["a.png", "x/A.jpg", "a.webp", "...png", "..png", "a-2.png"]
    found = folders_of(map(Path, names), tmp_path)
    assert [f.name for f in found] == ["a", "A-2", "a-3", "photo", "photo-2", "a-2-2"]
    assert all(folder.parent == tmp_path for folder in found)


def test_the_folders_inside_a_folder_are_kept(tmp_path: Path):
    insides = ["cat/1.jpg", "dog/1.jpg", "Cat/1.png", "cat/1/x.jpg", ".../a.jpg"]
    photos = [Photograph(f"set/{inside}", Path("set"), inside) for inside in insides]
    found = [str(folder.relative_to(tmp_path)) for folder in folders(photos, tmp_path)]
    assert found == ["cat/1", "dog/1", "Cat/1-2", "cat/1/x", "photo/a"]


def kept(folder: Path, content: object, name: str = "trace.json") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content))


def of(*photographs: Path) -> dict:
    digests = [{"sha256": sha256(photo.read_bytes()).hexdigest()} for photo in photographs]
    return {"provenance": {"photographs": digests}}


@pytest.fixture
def photos(tmp_path: Path) -> tuple[Path, Path]:
    """Two photographs of one name."""
    for name in "xy":
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_text(name)
    return tmp_path / "x" / "a.png", tmp_path / "y" / "a.png"


@pytest.mark.parametrize("name", ["trace.json", "attributions.json"])
def test_answers_about_another_photograph_of_an_earlier_call_stay(
    photos, tmp_path: Path, name: str
):
    first, second = photos
    kept(tmp_path / "a", of(first), name)
    assert [folder.name for folder in folders_of([first], tmp_path)] == ["a"]  # the same again
    assert [folder.name for folder in folders_of([second], tmp_path)] == ["a-2"]
    kept(tmp_path / "a-2", of(second), name)
    assert [folder.name for folder in folders_of([second, first], tmp_path)] == ["a-2", "a"]


@pytest.mark.parametrize("content", [{}, [], "text", of(), {"provenance": None}])
def test_answers_that_do_not_say_what_they_are_of_stay(photos, tmp_path: Path, content: object):
    kept(tmp_path / "a", content)
    assert [folder.name for folder in folders_of(photos, tmp_path)] == ["a-2", "a-3"]


def test_a_folder_without_answers_is_taken_and_a_name_may_be_too_long(photos, tmp_path: Path):
    (tmp_path / "a").mkdir()
    assert [folder.name for folder in folders_of(photos[:1], tmp_path)] == ["a"]
    long = "x" * 300
    assert [folder.name for folder in folders_of([Path(f"{long}.png")], tmp_path)] == [long]
