"""The inspector's pieces of HTML."""

import pytest
from photos import disc

from seviz.answers.channels import Likeness
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.ui.explore.inspector import html as inspector_html


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), [INTACT])


def test_nearest_classes_have_names_for_people(record):
    said = inspector_html.nearest(record, "SE_4_1")
    assert said.count("<tr") == 1 + inspector_html.NEAREST
    assert "n0" not in said


def test_without_reference_statistics_it_says_what_is_missing(record, monkeypatch):
    monkeypatch.setattr(inspector_html, "reference", lambda key: None)
    assert "python -m seviz profile" in inspector_html.nearest(record, "SE_4_1")


def test_nearest_classes_are_escaped_and_may_be_none(record, monkeypatch):
    near = [Likeness("<i>", 0.5)]
    monkeypatch.setattr(inspector_html, "block_likeness", lambda *args: near)
    assert "<i>" not in inspector_html.nearest(record, "SE_2_1")
    near.clear()
    assert "all classes have the same mean gates" in inspector_html.nearest(record, "SE_2_1")
