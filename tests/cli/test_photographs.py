import argparse
from pathlib import Path

import pytest
from tqdm import tqdm

from seviz import watch
from seviz.cli.photographs import answer_each, listed_photographs
from seviz.errors import UserError
from seviz.photos.several import Listed, Photograph

PHOTOS = [Photograph(name, Path(name)) for name in ("a.png", "bad.png", "c.png")]


def answer(photo: Photograph) -> str:
    if photo.name == "bad.png":
        raise UserError("no picture")
    return f"of {photo.name}"


def test_answers_come_between_marks_and_all_refusals_at_the_end(capsys):
    found = Listed(PHOTOS, ["gone.png is not there"], several=True)
    with pytest.raises(UserError, match=r"^gone\.png is not there\nseviz: bad\.png: no picture$"):
        answer_each(found, answer, around=("[", ",", "]"))
    assert capsys.readouterr().out == "[\nof a.png\n,\nof c.png\n]\n"


def test_without_an_answer_there_are_no_marks(capsys):
    with pytest.raises(UserError, match=r"^bad\.png: no picture$"):
        answer_each(Listed(PHOTOS[1:2]), answer, around=("[", ",", "]"))
    assert capsys.readouterr().out == ""


def test_several_photographs_have_a_bar_on_a_terminal(capsys, monkeypatch):
    shown = []

    def bar(**given: object) -> tqdm:
        shown.append(made := tqdm(**{**given, "disable": False}))
        return made

    monkeypatch.setattr(watch, "tqdm", bar)
    answer_each(Listed([PHOTOS[0]]), answer)
    assert shown == []
    answer_each(Listed([PHOTOS[0], PHOTOS[2]]), answer)
    assert [made.n for made in shown] == [100]
    told = capsys.readouterr()
    assert told.out == "of a.png\nof a.png\nof c.png\n"
    assert "2 photographs" in told.err


def test_nothing_to_answer_is_an_error_and_other_files_are_told_of(capsys, tmp_path, picture):
    with pytest.raises(UserError, match=r"^The file gone\.png is not there"):
        listed_photographs(argparse.Namespace(photos=[Path("gone.png")]))
    (tmp_path / "a.png").symlink_to(picture)
    (tmp_path / "b.zip").touch()
    assert len(listed_photographs(argparse.Namespace(photos=[tmp_path])).photographs) == 1
    assert capsys.readouterr().err == (
        f"seviz: Left out: 1 file ({tmp_path}/b.zip): an archive inside the data; unpack it and "
        "give the folder.\n"
    )
