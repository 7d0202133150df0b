"""The parts of a report that compare its photograph (they are made in full in test_files)."""

from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from made_drift import made_drift, made_passed

from seviz.answers.changes import answer_of_drift
from seviz.answers.photo_pair import answer_of_traces
from seviz.reports.compare import BY_HAND, change_section, pair_section

LOGITS = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
MOVED = made_passed(4, [0.9, 0.1], [0.5, 0.4, 0.5], logits=(0.0, 2.0, 0.0))
DRIFT = made_drift(made_passed(1), made_passed(2), MOVED)


@pytest.fixture(autouse=True)
def no_statistics(monkeypatch):
    """Know no statistics of the network “made”."""
    for module in ("changes", "photo_pair"):
        monkeypatch.setattr(f"seviz.answers.{module}.reference", lambda key: None)


def test_a_change_has_both_pictures_its_charts_and_the_channels():
    answer = answer_of_drift(DRIFT, 4, target=2)
    part = change_section(answer, made_trace(LOGITS), 2)
    assert part.title == "Compared with itself, cut into shuffled tiles"
    assert part.headline == answer.report.headline
    as_it_is, changed = part.columns
    assert (as_it_is.title, as_it_is.answers[0].label) == ("As it is", "a")
    assert changed.title == "Cut into shuffled tiles (tiles along each side: 4)"
    assert changed.answers[0].label == "b"
    assert changed.seen is MOVED.seen
    cosine, absolute, curve = (figure.layout.meta["label"] for figure, _ in part.charts)
    assert cosine.startswith("cosine distance")
    assert absolute.startswith("mean |Δs|")
    assert curve.startswith("Probability of c ")
    assert part.tables[0].heads[2:4] == ("as it is s", "changed s")
    assert BY_HAND not in part.hints


def test_what_is_painted_by_hand_is_said_to_have_no_command():
    changing = replace(DRIFT.changing, change="painted", mask=np.ones((4, 4), np.bool_))
    answer = answer_of_drift(replace(DRIFT, changing=changing), 4)
    assert BY_HAND in change_section(answer, made_trace(LOGITS), 0).hints


def test_a_second_photograph_stands_beside_the_first():
    gates = {"SE_2_1": np.float32([[0.1, 0.9], [0.1, 0.9]])}
    first = replace(made_trace(LOGITS), s=gates)
    second = replace(first, s={"SE_2_1": 1 - gates["SE_2_1"]}, logits=first.logits[::-1])
    answer = answer_of_traces(first, second)
    part = pair_section(answer)
    assert part.headline == answer.report.headline
    assert [column.answers[0].label for column in part.columns] == ["a", "b"]
    assert part.tables[0].rows[0][:2] == ("SE_2_1", "0")
    assert len(part.charts) == 2
