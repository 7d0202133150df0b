import pytest

from seviz.answers.checks import attribution_arms, check_attribution, check_places
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes import forward
from seviz.passes.dispatch import ask
from seviz.reference import gather

ASKED = {"methods": ["gradcam"], "arms": [], "target": "", "layer": "", "profile": None}


def test_right_arguments_pass_without_a_photograph(monkeypatch):
    monkeypatch.setattr(forward, "trace", None)
    check_attribution("embedded", **ASKED)
    check_attribution("embedded", **ASKED | {"target": "other", "layer": "layer4.2.se"})
    check_attribution("embedded", **ASKED | {"target": "n02129165", "arms": ["intact", "twin"]})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"methods": ["lrp"]}, "There is no method “lrp”"),
        ({"arms": ["nonsense"]}, "“nonsense” is no edit of gates"),
        ({"arms": ["intact", "SE_9*=1"]}, "There is no block “SE_9"),
        ({"arms": ["SE_2_1[64]=1"]}, "SE_2_1 has the channels 0 to 63"),
        ({"arms": ["resample@nothing.png"]}, "nothing.png is not there"),
        ({"target": "unicorn"}, "There is no class “unicorn”"),
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
