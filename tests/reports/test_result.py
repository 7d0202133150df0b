from pathlib import Path

import numpy as np
import pytest

from seviz.answers.alpha_path import STEPS
from seviz.answers.changes import asked_change, change_rows
from seviz.errors import UserError
from seviz.photos.changes import find_change
from seviz.photos.file import read_file
from seviz.records.arms import Rule
from seviz.records.target import Difference, class_of
from seviz.reports import result as results
from seviz.reports.result import Result, check_report, completed, more_rows, report_result

STATIC = Rule("static")


@pytest.fixture(scope="module")
def found(picture: Path) -> Result:
    return report_result("embedded", read_file(picture), arms=["intact", "twin", "static"])


def test_the_answer_is_followed_by_default_in_all_arms(found: Result):
    assert [arm.name for arm in found.trace.arms] == ["intact", "twin", "static"]
    assert found.followed.index == found.trace.top(0, 1)[0].index
    assert class_of(found.needed.target) == found.followed.index
    assert [of.method for of in found.maps] == ["gradcam"]
    assert found.maps[0].arms == found.trace.arms
    assert found.shares is None


def test_gates_are_compared_with_those_of_the_first_other_arm_that_has_any(found: Result):
    assert found.compared == 2  # the twin has none


def test_a_lead_can_be_followed_and_gates_shared_out(picture: Path):
    target = "lion vs tabby cat"
    found = report_result(
        "embedded", read_file(picture), arms=["intact", "static"], target=target, shares=True
    )
    assert isinstance(class_of(found.followed), Difference)
    assert found.needed.target.label == found.maps[0].target.label == found.followed.label
    assert found.shares is not None


def test_the_path_starts_at_the_photographs_own_gates_whatever_the_arms_are(
    picture: Path, found: Result
):
    photo = read_file(picture)
    alone = report_result("embedded", photo, arms=["static"], alpha_to="identity")
    np.testing.assert_allclose(alone.path.logits[0], found.trace.logits[0], atol=1e-3)
    assert found.path is None
    assert not found.trusts


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"alpha_to": "half"}, "choose static, identity or uniform"),
        ({"target": "SE_4_6[17]"}, "is a gate"),
        ({"target": "unicorn"}, "There is no class"),
        ({"methods": ["magic"]}, "There is no method"),
        ({"arms": ["much"]}, "much"),
        ({"layer": "SE_9_9"}, "SE_9_9"),
    ],
)
def test_bad_arguments_get_a_sentence(asked: dict, sentence: str):
    with pytest.raises(UserError, match=sentence):
        check_report("embedded", **asked)


def test_what_is_known_is_not_computed_again(found: Result, monkeypatch):
    monkeypatch.setattr(results, "ask", lambda *_, **__: pytest.fail("asked the network"))
    monkeypatch.setattr(results, "weigh_gates", lambda *_, **__: pytest.fail("weighed again"))
    known = {"needed": found.needed, "effects": found.effects, "maps": found.maps}
    target = class_of(found.followed)
    again = completed(found.trace, target, rule=STATIC, **known)
    assert (again.needed, again.effects, again.maps) == tuple(known.values())


def test_what_is_missing_is_as_if_it_were_asked_at_once(found: Result):
    again = completed(found.trace, class_of(found.followed), rule=STATIC)
    np.testing.assert_allclose(again.needed.logit, found.needed.logit, atol=1e-4)
    np.testing.assert_allclose(again.maps[0].maps, found.maps[0].maps, atol=1e-4)


def test_what_is_asked_for_beside_the_rest_is_counted_before_it_is_done():
    nothing = {"path": False, "change": None, "second": False}
    assert more_rows(3, **nothing).count == 0
    assert more_rows(3, **{**nothing, "path": True, "second": True}).count == STEPS + 4
    jigsaw = more_rows(3, **{**nothing, "change": asked_change("jigsaw")})
    assert jigsaw == change_rows(find_change("jigsaw"), 3)
    assert jigsaw.count >= 3 * 8
