import numpy as np
import pytest
from photos import disc

from seviz.analysis.photo_pair import compare_photographs
from seviz.answers.changes import asked_change, change_report, check_change_time
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.changes import CHANGES, find_change
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for


@pytest.fixture(scope="module")
def saved() -> list[np.ndarray]:
    return []


@pytest.fixture(scope="module")
def report(saved):
    changing = asked_change("jigsaw", 5, seed=2)
    return change_report("embedded", disc(), changing, channels=4, save=saved.append)


def test_a_report_holds_what_traces_of_both_photographs_say(report, saved):
    from PIL import Image

    (pixels,) = saved
    arms = [INTACT, STATIC, TWIN]
    recorded = recorded_for("embedded", arms)
    one, other = (
        ask(trace, "embedded", photo, arms, recorded=recorded)
        for photo in (disc(), Image.fromarray(pixels))
    )
    pair = compare_photographs(one, other, reference("embedded"), k=4)
    (intact, static) = report.drift
    assert (intact.arm, static.arm) == ("intact", "static")
    for found, expected in zip(intact.blocks, pair.blocks, strict=True):
        assert (found.site, found.constant) == (expected.site, expected.constant)
        assert found.cosine == pytest.approx(expected.cosine, rel=1e-2, abs=1e-9)
        assert found.difference == pytest.approx(expected.difference, rel=1e-3, abs=1e-6)
    computed = [r.s_computed["SE_4_3"][1].astype(float) for r in (one, other)]
    assert static.blocks[9].site == "SE_4_3"
    assert static.blocks[9].difference == pytest.approx(
        np.abs(computed[1] - computed[0]).mean(), rel=1e-3
    )
    assert report.channels[0].channel == pair.channels[0].channel
    assert len(report.channels) == 4
    (at,) = (at for at in report.along if at.strength == 5)
    for row, answer in enumerate(at.answers):
        assert answer.arm == arms[row].name
        assert answer.first.index == other.top(row, 1)[0].index
        followed = other.answer(row, report.target.index)
        assert answer.followed.probability == pytest.approx(followed.probability, rel=1e-3)
    assert report.target.index == one.top(0, 1)[0].index


def test_the_curve_goes_from_the_unchanged_photograph_on(report):
    assert [at.strength for at in report.along] == [1, 2, 3, 4, 5, 6, 8, 16]
    assert (report.strength, report.meaning, report.seed) == (5, "tiles along each side", 2)
    assert "Cut into shuffled tiles (tiles along each side: 5)" in report.headline
    assert "z of the first block is a mean over places" in report.lesson
    kept = last_kept(report, row=1)
    assert report.held.startswith("How far each first answer stays, at the strengths measured")
    assert f"with every gate frozen at its average up to {kept:g}" in report.held
    assert report.reference == reference("embedded").data


def last_kept(report, *, row):
    """Return the last strength up to which a column's first answer is the unchanged one."""
    first, *later = (at.answers[row].first.index for at in report.along)
    kept = [index == first for index in later]
    return report.along[kept.index(False)].strength


def test_a_class_can_be_followed_and_arms_chosen():
    found = change_report(
        "embedded", disc(), asked_change("mirrored"), arms=[INTACT], target="lion"
    )
    assert found.target.label.startswith("lion")
    assert [answer.arm for answer in found.along[1].answers] == ["intact"]
    assert [at.strength for at in found.along] == [0, 1]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_each_change_has_a_usual_strength(change):
    assert asked_change(change.name).strengths == (change.default,)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"name": "jigsow"}, "did you mean jigsaw"),
        ({"name": "jigsaw", "strength": 99}, "from 1 to 16"),
        ({"name": "jigsaw", "seed": -1}, "seed is -1"),
        ({"name": "painted", "region": "nowhere"}, "no region “nowhere”"),
    ],
)
def test_a_change_that_there_is_not_gets_one_sentence(asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        asked_change(**asked)


def test_what_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr("seviz.answers.checks.expected_seconds", lambda *_, **__: 500.0)
    with pytest.raises(UserError, match="ask for fewer arms, or a smaller network"):
        check_change_time("embedded", find_change("attacked"), 3)
    with pytest.raises(UserError, match="There is no class “unicorn”"):
        change_report("embedded", disc(), asked_change("mirrored"), target="unicorn")
