import json
from dataclasses import asdict

import numpy as np
import pytest

from seviz.analysis.channels import drivers
from seviz.answers.queries import examined, needed
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference.gather import reference
from seviz.reference.percentiles import percentiles
from seviz.reference.recorded import recorded_for


def test_needs_are_what_the_arms_say_and_static_by_default(photo):
    found = needed("embedded", photo)
    arms = parse_arms(["intact", "SE_2_3=static", "SE_5*=static"])
    said = ask(trace, "embedded", photo, arms, recorded_for("embedded", arms))
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
    named = needed("embedded", photo, replace="all=0.5", target="Red Panda")
    assert (named.target.label, named.replaced_by) == ("red panda", "all=0.5")
    numbered = needed("embedded", photo, replace="0.5", target=str(named.target.index))
    assert numbered == named


def test_channels_come_with_their_standing_the_blocks_state_and_one_gate(photo):
    found = examined("embedded", photo, top=3, gate="SE_4_1[17]")
    record, known = ask(trace, "embedded", photo, [INTACT]), reference("embedded")
    assert len(found.top) == 3
    for report in found.top:
        s = record.s[report.site][0]
        assert report.s == s[report.channel]
        place = percentiles(known.blocks[report.site], s)[report.channel]
        assert report.percentile == pytest.approx(place, abs=1e-6)
    assert [block.diagnosis.site for block in found.blocks] == [s.name for s in record.sites]
    assert all(near.label in record.labels for block in found.blocks for near in block.nearest)
    slopes = ask(drivers, "embedded", "SE_4_1", record.z["SE_4_1"][0], 17).jacobian
    assert found.gate.z == record.z["SE_4_1"][0, 17]
    assert found.gate.raised_by[0].slope == slopes.max()
    assert found.gate.lowered_by[0].channel == int(slopes.argmin())
    assert all(slope.slope < 0 for slope in found.gate.lowered_by)


def test_answers_are_plain_json(photo):
    for found in (needed("embedded", photo), examined("embedded", photo, gate="layer1.0.se[0]")):
        assert json.loads(json.dumps(asdict(found)))["model"] == "embedded"
        assert not any(isinstance(v, np.generic) for v in vars(found).values())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"replace": "SE_4_6=0"}, "“SE_4_6=0” is no rule for every block"),
        ({"replace": "intact"}, "is no rule for every block"),
        ({"replace": "all[3]=0"}, "is no rule for every block"),
        ({"replace": "statc"}, "did you mean static"),
        (
            {"target": "red pandda"},
            "no class “red pandda” among the network's 200; did you mean “red",
        ),
        ({"target": "200"}, "There is no class “200”"),
    ],
)
def test_a_bad_question_about_blocks_gets_one_sentence(photo, asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        needed("embedded", photo, **asked)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"top": 0}, "it counts channels, so 1 or more"),
        ({"gate": "SE_4_6"}, r"“SE_4_6” names no gate .*; write one such as SE_5_3\[0\]"),
        ({"gate": "SE_4_6[9999]"}, "names no gate"),
        ({"gate": "SE_4_6[1:3]"}, "names no gate"),
        ({"gate": "SE_9_9[1]"}, "names no gate"),
        ({"gate": "SE_4_6[1]=1; SE_4_6[1]"}, "names no gate"),
    ],
)
def test_a_bad_question_about_channels_gets_one_sentence(photo, asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        examined("embedded", photo, **asked)
