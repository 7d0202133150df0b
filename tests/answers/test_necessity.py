import json
from dataclasses import asdict

import numpy as np
import pytest

from seviz.answers.necessity import necessity_report
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.reference.recorded import recorded_for


def test_needs_are_what_the_arms_say_and_static_by_default(photo):
    found = necessity_report("embedded", photo)
    arms = parse_arms(["intact", "SE_2_3=static", "SE_5*=static"])
    said = ask(trace, "embedded", photo, arms, recorded=recorded_for("embedded", arms))
    best = said.top(0, 1)[0]
    assert found.replaced_by == "static"
    assert (found.target.label, found.model) == (best.label, "embedded")
    by_name = {block.name: block for block in found.blocks}
    assert list(by_name) == [site.name for site in said.sites]
    for arm, change in ((1, by_name["SE_2_3"].alone), (2, by_name["SE_5_1"].onward)):
        expected = said.logits[arm, best.index] - said.logits[0, best.index]
        assert change.logit == pytest.approx(expected, abs=1e-4)
        assert change.flipped == (said.top(arm, 1)[0].index != best.index)


def test_a_target_is_a_name_or_a_number_and_a_rule_any_for_all(photo):
    named = necessity_report("embedded", photo, replace="all=0.5", target="Red Panda")
    assert (named.target.label, named.replaced_by) == ("red panda", "all=0.5")
    numbered = necessity_report("embedded", photo, replace="0.5", target=str(named.target.index))
    assert numbered == named


def test_a_target_may_be_two_classes_and_no_gate(photo):
    pair = necessity_report("embedded", photo, target="red panda vs lion")
    assert pair.target.label == "red panda rather than lion"
    with pytest.raises(UserError, match=r"“SE_4_6\[3\]” is a gate, and here a class"):
        necessity_report("embedded", photo, target="SE_4_6[3]")


def test_the_report_is_plain_json(photo):
    found = necessity_report("embedded", photo)
    assert json.loads(json.dumps(asdict(found)))["model"] == "embedded"
    assert not any(isinstance(v, np.generic) for v in vars(found).values())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"replace": "SE_4_6=0"}, "“SE_4_6=0” is not one rule for all blocks"),
        ({"replace": "intact"}, "is not one rule for all blocks"),
        ({"replace": "all[3]=0"}, "is not one rule for all blocks"),
        ({"replace": "statc"}, "did you mean static"),
        (
            {"target": "red pandda"},
            "no class “red pandda” among the network's 200; did you mean “red",
        ),
        ({"target": "200"}, "There is no class 200; they are numbered 0 to 199."),
    ],
)
def test_a_bad_question_about_blocks_gets_one_sentence(photo, asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        necessity_report("embedded", photo, **asked)
