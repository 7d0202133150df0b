import numpy as np
import pytest

from seviz.answers import alpha_path
from seviz.answers.alpha_path import (
    REFERENCES,
    alpha_path_report,
    check_reference,
    find_path,
    offered_references,
)
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.file import read_file
from seviz.records.trace import Trace
from seviz.words.alpha_path import path_words


@pytest.fixture(scope="module")
def record(picture) -> Trace:
    return ask(trace, "embedded", read_file(picture), parse_arms(["twin", "intact"]))


@pytest.mark.parametrize("to", REFERENCES)
def test_the_path_starts_at_the_intact_answer_and_ends_at_the_references(record, to):
    path = find_path(record, to)
    np.testing.assert_allclose(path.logits[0], record.logits[1], atol=1e-3)
    assert path.reference == to
    report = alpha_path_report(path, record.labels, 3)
    assert [step.alpha for step in report.steps][::20] == [0.0, 1.0]
    assert report.headline == " ".join(path_words(path, record.labels, 3)).strip()
    assert {step.followed.index for step in report.steps} == {3}
    assert report.steps[0].first.index == record.top(1, 1)[0].index


def test_references_that_there_are_not_get_a_sentence(monkeypatch):
    with pytest.raises(UserError, match="no reference gates “half”; choose static, identity or"):
        check_reference("embedded", "half")
    monkeypatch.setattr("seviz.reference.recorded.reference", lambda key: None)
    with pytest.raises(UserError, match="no reference statistics"):
        check_reference("embedded", "static")
    check_reference("embedded", "uniform")


def test_static_is_offered_only_where_there_are_statistics(monkeypatch):
    assert offered_references("embedded") == [*REFERENCES]
    monkeypatch.setattr(alpha_path, "reference", lambda key: None)
    assert offered_references("embedded") == ["identity", "uniform"]
