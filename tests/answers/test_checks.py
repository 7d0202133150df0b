import pytest

from seviz.answers import checks
from seviz.answers.checks import (
    Explaining,
    attribution_arms,
    attribution_rows,
    check_attribution,
    check_explaining,
    check_places,
)
from seviz.attribution.methods import METHODS
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes import forward
from seviz.passes.dispatch import ask
from seviz.passes.estimate import PassRows
from seviz.reference import gather

ASKED = {"methods": ["gradcam"], "arms": [], "target": "", "layer": "", "profile": None}


def test_right_arguments_pass_without_a_photograph(monkeypatch):
    monkeypatch.setattr(forward, "trace", None)
    check_attribution("embedded", **ASKED)
    check_attribution("embedded", **ASKED | {"target": "other", "layer": "layer4.2.se"})
    check_attribution("embedded", **ASKED | {"target": "n02129165", "arms": ["intact", "twin"]})
    check_attribution("embedded", **ASKED | {"target": "lion vs tabby cat", "shares": True})
    check_attribution("embedded", **ASKED | {"target": "SE_4_6[17]", "layer": "SE_4_5"})
    pixels = {"target": "SE_2_1[17]", "methods": ["saliency"]}
    check_attribution("embedded", **ASKED | pixels)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"methods": ["lrp"]}, "There is no method “lrp”"),
        ({"arms": ["nonsense"]}, "“nonsense” is no edit of gates"),
        ({"arms": ["intact", "SE_9*=1"]}, "There is no block “SE_9"),
        ({"arms": ["SE_2_1[64]=1"]}, "SE_2_1 has the channels 0 to 63"),
        ({"arms": ["resample@nothing.png"]}, "nothing.png is not there"),
        ({"target": "unicorn"}, "There is no class “unicorn”"),
        ({"target": "lion vs lino"}, "There is no class “lino”.*did you mean “lion”"),
        ({"target": "lion vs 34"}, "compares lion with itself"),
        ({"target": "SE_4_6[9999]"}, "SE_4_6 has the channels 0 to"),
        ({"target": "SE_4_6[1]", "layer": "SE_5_1"}, "come after the gate SE_4_6.1.; choose"),
        ({"target": "SE_2_1[1]"}, "SE_2_1 is the first block"),
        ({"target": "SE_4_6[1]", "arms": ["intact", "twin"]}, "The twin without SE has no gates"),
        ({"target": "SE_4_6[1]", "shares": True}, "SE_4_6.1. is a gate; leave the shares out"),
        ({"layer": "SE_9_9"}, "There is no block “SE_9_9”"),
    ],
)
def test_each_wrong_argument_gets_its_sentence(wrong: dict, sentence: str):
    with pytest.raises(UserError, match=sentence):
        check_attribution("embedded", **ASKED | wrong)


def test_the_twin_edits_no_place():
    ask(check_places, "embedded", parse_arms(["twin", "intact"]))


def test_arms_by_default_are_static_where_there_are_statistics(monkeypatch):
    assert [arm.name for arm in attribution_arms("embedded", [], None)] == ["intact", "static"]
    monkeypatch.setattr("seviz.answers.checks.reference", lambda key: None)
    assert [arm.name for arm in attribution_arms("embedded", [], None)] == ["intact", "identity"]
    mine = gather.reference("embedded")
    assert attribution_arms("embedded", [], mine)[1].name == "static"
    assert [arm.name for arm in attribution_arms("embedded", ["uniform"], None)] == ["uniform"]


def explaining(**given) -> Explaining:
    asked = {"methods": ["gradcam"], "arms": [], "target": "", "layer": ""}
    return Explaining(**{**asked, "trust": False, "shares": False, **given})


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"methods": ["gradcam"] * 33}, "At most 64 maps in one question.*; these are 66"),
        ({"methods": [*METHODS][:5], "trust": True}, "At most 4 methods .* trust; these are 5"),
        (
            {"methods": [*METHODS][:4], "arms": ["intact"] * 16, "trust": True},
            "At most 10,000 rows",
        ),
        ({"methods": ["lrp"]}, "no method “lrp”"),
    ],
)
def test_more_than_one_question_may_ask_is_refused_before_any_work(monkeypatch, asked, says):
    monkeypatch.setattr(checks, "ask", None)
    with pytest.raises(UserError, match=says):
        check_explaining("embedded", explaining(**asked))


def test_what_would_take_too_long_is_refused_with_its_estimate(monkeypatch):
    monkeypatch.setattr(checks, "expected_seconds", lambda key, rows, most: 240.0 + most)
    with pytest.raises(UserError) as refused:
        check_explaining("embedded", explaining())
    assert str(refused.value) == (
        "This would take about 5 min here, and one question may take 60 s (SEVIZ_MAX_SECONDS): ask "
        "for fewer arms or methods, or without trust and shares, or a smaller network."
    )
    monkeypatch.setattr(checks, "expected_seconds", lambda key, rows, most: most)
    check_explaining("embedded", explaining())


def test_what_is_asked_for_is_counted_in_rows():
    asked = {"steps": None, "trust": False, "shares": False}
    assert attribution_rows(["gradcam", "occlusion"], 2, **asked) == PassRows(452, 2)
    assert attribution_rows(["gradcam"], 2, **asked | {"shares": True}) == PassRows(2, 34)
    # Five maps' curves of 4 × 17 rows, each arm's infidelity, and the method six times more.
    assert attribution_rows(["gradcam"], 2, **asked | {"trust": True}) == PassRows(406, 14)


def test_rows_of_what_else_is_asked_count_too():
    check_explaining("embedded", explaining(), PassRows(100))
    with pytest.raises(UserError, match="these are 10,000,002"):
        check_explaining("embedded", explaining(), PassRows(10_000_000))
