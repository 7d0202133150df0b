"""The endpoint about changed photographs, as a function."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.utils import get_upload_folder
from photos import disc

from seviz.answers.changes import asked_change, change_report
from seviz.records.arms import IDENTITY, INTACT
from seviz.ui.api.changes import TASKS, change


@pytest.fixture(scope="module")
def upload() -> Iterator[dict[str, str]]:
    path = Path(get_upload_folder()) / "changed.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    disc().save(path)
    yield {"path": str(path)}
    path.unlink()


def test_it_answers_as_scripts_do(upload):
    found = change(upload, "darker", 40, arms=["intact", "identity"])
    ours = change_report("embedded", disc(), asked_change("darker", 40), arms=[INTACT, IDENTITY])
    same(asdict(found), asdict(ours))
    assert (change,) == TASKS


def same(one: Any, other: Any) -> None:
    """Check that two answers say the same; batches of other sizes round otherwise."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        one, other = list(one.values()), list(other.values())
    if isinstance(one, list | tuple):
        for ours, theirs in zip(one, other, strict=True):
            same(ours, theirs)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-4, abs=1e-5)
    else:
        assert one == other


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"change": "jigsow"}, "did you mean jigsaw"),
        ({"change": 7}, "no change “7”"),
        ({"strength": "much"}, "strength is much; give a number"),
        ({"strength": 2.5}, "give a whole number from 1 to 16"),
        ({"seed": "a"}, "seed is a; give a whole number"),
        ({"region": "moon"}, "no region “moon”"),
        ({"arms": ["sideways"]}, "“sideways” is no edit of gates"),
        ({"arms": "static"}, "arms is a list of names"),
        ({"target": "unicorn"}, "There is no class “unicorn”"),
        ({"model": "seresnet5O"}, "did you mean"),
    ],
)
def test_a_bad_question_gets_one_sentence(upload, given: dict, says: str):
    with pytest.raises(gr.Error, match=says):
        change(upload, **given)


def test_too_long_a_question_is_refused_before_the_photograph_is_read(monkeypatch):
    monkeypatch.setattr("seviz.answers.checks.expected_seconds", lambda *_, **__: 500.0)
    with pytest.raises(gr.Error, match="ask for fewer arms"):
        change(None)
