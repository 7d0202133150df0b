from dataclasses import asdict, replace

import numpy as np
import pytest

from seviz.answers.pictures import (
    PicturesQuestion,
    check_pictures,
    draw_pictures,
    gate_levels,
    pictures_report,
)
from seviz.errors import UserError
from seviz.records.aims import OPEN, SHUFFLED, SHUT, TRAINED
from seviz.reference.gather import reference, reference_images
from seviz.watch import Stopped, Watch

ASKED = PicturesQuestion(aims=(OPEN, SHUT), seeds=2, steps=6)


@pytest.fixture(scope="module")
def stages():
    return list(draw_pictures("embedded", "SE_2_2[3]", ASKED))


def test_pictures_are_shown_as_they_form_one_aim_after_the_other(stages):
    seen = [{key: of.step for key, of in made.pictures.items()} for made in stages]
    opened, shut, control = (OPEN, TRAINED), (SHUT, TRAINED), (OPEN, SHUFFLED)
    assert seen == [
        {opened: 2},
        {opened: 6},
        {opened: 6, shut: 2},
        {opened: 6, shut: 6},
        {opened: 6, shut: 6, control: 6},
    ]
    assert {of.task.seeds for of in stages[-1].pictures.values()} == {(0, 1)}


def test_the_report_has_each_picture_with_its_place_among_the_images(stages):
    report = pictures_report("embedded", ASKED, stages[-1])
    opened = stages[-1].pictures[OPEN, TRAINED]
    assert [(of.aim, of.seed) for of in report.pictures] == [
        ("open", 0),
        ("open", 1),
        ("shut", 0),
        ("shut", 1),
    ]
    assert [of.s for of in report.pictures[:2]] == opened.s.tolist()
    assert [of.own for of in report.control] == stages[-1].pictures[OPEN, SHUFFLED].own.tolist()
    sample = reference_images("embedded").blocks["SE_2_2"].sample[:, 3].astype(float)
    assert report.images == len(sample)
    assert report.all_images == reference("embedded").images
    assert report.most == pytest.approx(np.quantile(sample, 0.99))
    for of in report.pictures:
        below = 100 * (sample < of.s).mean()
        assert of.percentile == pytest.approx(below, abs=100 / len(sample))
    assert asdict(report)["pictures"][0]["aim"] == "open"


def test_without_the_images_the_levels_are_those_of_the_statistics(monkeypatch):
    monkeypatch.setattr("seviz.answers.pictures.reference_images", lambda _: None)
    levels = gate_levels("embedded", "SE_2_2", 3)
    np.testing.assert_allclose(levels, reference("embedded").blocks["SE_2_2"].s_quantiles[:, 3])
    monkeypatch.setattr("seviz.answers.pictures.reference", lambda _: None)
    assert gate_levels("embedded", "SE_2_2", 3) is None


def test_without_statistics_pictures_have_no_place(stages, monkeypatch):
    monkeypatch.setattr("seviz.answers.pictures.gate_levels", lambda *_: None)
    report = pictures_report("embedded", ASKED, stages[-1])
    assert {of.percentile for of in (*report.pictures, *report.control)} == {None}
    assert (report.most, report.images, report.all_images) == (None, 0, 0)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"aims": ("wide",)}, "There is no aim “wide”; choose from open, shut"),
        ({"aims": ()}, "No aim is named"),
        ({"kind": "oil"}, "There is no canvas “oil”; choose from fourier, maco"),
        ({"seeds": 0}, "seeds is 0; give 1 or more"),
        ({"steps": 5000}, "At most 2,048 steps of a picture; steps is 5,000"),
    ],
)
def test_what_cant_be_asked_is_a_sentence(changed, says):
    with pytest.raises(UserError, match=says):
        next(draw_pictures("embedded", "SE_2_2[3]", replace(ASKED, **changed)))


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("SE_2_2", "is not a gate"),
        ("SE_9_9[3]", "There is no block “SE_9_9” in"),
        ("SE_2_2[99]", "is not a gate"),
    ],
)
def test_a_gate_that_is_not_there_is_a_sentence(gate, says):
    with pytest.raises(UserError, match=says):
        check_pictures("embedded", gate, ASKED)


def test_more_than_one_question_may_take_is_refused_with_its_time(monkeypatch):
    monkeypatch.setattr("seviz.answers.pictures.expected_seconds", lambda *_, **__: 400.0)
    with pytest.raises(UserError, match="about 400 s here, and one question may take 60 s"):
        check_pictures("embedded", "SE_2_2[3]", ASKED)


def test_drawing_stops_where_it_is_stopped():
    watch = Watch()
    drawing = draw_pictures("embedded", "SE_2_2[3]", ASKED, watch=watch)
    next(drawing)
    watch.stop()
    with pytest.raises(Stopped):
        next(drawing)
    watch.close()
