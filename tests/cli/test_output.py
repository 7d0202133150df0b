import json
from hashlib import sha256
from pathlib import Path

import pytest

from seviz.cli.output import folders


def test_each_photograph_has_a_folder_of_its_own_inside_out(tmp_path: Path):
    names = ["a.png", "x/A.jpg", "a.webp", "...png", "..png", "a-2.png"]
    found = [folder for _, folder in folders([Path(name) for name in names], tmp_path)]
    assert [f.name for f in found] == ["a", "A-2", "a-3", "photo", "photo-2", "a-2-2"]
    assert all(folder.parent == tmp_path for folder in found)


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
    assert [folder.name for _, folder in folders([first], tmp_path)] == ["a"]  # the same again
    assert [folder.name for _, folder in folders([second], tmp_path)] == ["a-2"]
    kept(tmp_path / "a-2", of(second), name)
    assert [folder.name for _, folder in folders([second, first], tmp_path)] == ["a-2", "a"]


@pytest.mark.parametrize("content", [{}, [], "text", of(), {"provenance": None}])
def test_answers_that_do_not_say_what_they_are_of_stay(photos, tmp_path: Path, content: object):
    kept(tmp_path / "a", content)
    assert [folder.name for _, folder in folders(photos, tmp_path)] == ["a-2", "a-3"]


def test_a_folder_without_answers_is_taken_and_a_name_may_be_too_long(photos, tmp_path: Path):
    (tmp_path / "a").mkdir()
    assert [folder.name for _, folder in folders(photos[:1], tmp_path)] == ["a"]
    long = "x" * 300
    assert [folder.name for _, folder in folders([Path(f"{long}.png")], tmp_path)] == [long]
