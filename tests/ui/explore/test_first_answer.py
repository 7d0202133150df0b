"""What the page shows before anything is asked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seviz.learn.example import FILE, load_example
from seviz.learn.story import telling_gate
from seviz.nets.embedded import ASSETS
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.records.trace import Trace
from seviz.ui.explore import first_answer as module
from seviz.ui.explore.first_answer import FirstAnswer, first_answer, targets
from seviz.ui.parts import html
from seviz.words.answers import headline


@pytest.fixture(scope="module")
def first() -> FirstAnswer:
    return first_answer("embedded")


@pytest.fixture(scope="module")
def record() -> Trace:
    return load_example(ASSETS / FILE, read_photo(EXAMPLES[0].path)).trace


def test_it_is_marked_as_an_example_that_was_kept(first: FirstAnswer, record: Trace):
    assert html.headline(headline(record)) in first.answers
    assert '<p class="mark">An example, a lion.' in first.answers
    assert "· kept from 20" in first.answers
    assert first.answers.count("<section") == 3


def test_it_shows_its_gates_and_the_most_telling_of_them(first: FirstAnswer, record: Trace):
    assert first.blocks == [site.name for site in record.sites]
    assert [row.meta for row in first.atlas.data] == first.blocks
    np.testing.assert_array_equal(
        np.asarray(first.atlas.data[0].z)[0], record.s[first.blocks[0]][0]
    )
    assert (first.block, first.channel) == telling_gate(record)
    assert f"Channel {first.channel} of {first.block}:" in first.facts
    assert "Shutting it alone" in first.facts
    assert first.figures.before.data[0].z.any()
    assert first.movers.count("<table") == 2
    assert "squeeze" in first.atlas_help


def test_its_classes_begin_with_the_most_probable(first: FirstAnswer, record: Trace):
    assert first.targets == targets(record)
    assert first.targets[0] == ("lion", record.top(0, 1)[0].index)
    assert sorted(index for _, index in first.targets) == list(range(len(record.labels)))
    assert all(record.labels[index] == label for label, index in first.targets)


@pytest.mark.parametrize("start", ["lab_vgg_se", "seresnet50.a1_in1k", "twin", "checkpoint"])
def test_another_network_has_none(start: str):
    assert first_answer(start) is None


@pytest.mark.parametrize("content", [None, b"", b"hello", (ASSETS / FILE).read_bytes()[:9000]])
def test_without_its_file_or_with_a_damaged_one_there_is_none(
    monkeypatch, tmp_path: Path, content: bytes | None
):
    monkeypatch.setattr(module, "ASSETS", tmp_path)
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    assert first_answer("embedded") is None


def test_without_its_photograph_there_is_none(monkeypatch):
    lion, *others = EXAMPLES
    monkeypatch.setattr(module, "EXAMPLES", (replace(lion, package="no_such_package"), *others))
    assert first_answer("embedded") is None


def test_the_result_of_another_photograph_is_not_shown_as_this_ones(monkeypatch):
    lion, cat, *_ = EXAMPLES
    monkeypatch.setattr(module, "EXAMPLES", (cat, lion))
    assert first_answer("embedded") is None
