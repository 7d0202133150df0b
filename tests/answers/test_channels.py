import json
from dataclasses import asdict

import numpy as np
import pytest
from networks import random_network
from torch import nn

from seviz.analysis.channels import drivers
from seviz.analysis.places import gate_places
from seviz.answers.channels import _measured, channels_report
from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference.gather import reference
from seviz.reference.percentiles import percentiles
from seviz.zoo.models import prepare
from seviz.zoo.sources import wrap


def test_channels_come_with_their_standing_the_blocks_state_and_one_gate(photo):
    found = channels_report("embedded", photo, top=3, gate="SE_4_1[17]")
    record, known = ask(trace, "embedded", photo, [INTACT]), reference("embedded")
    assert len(found.top) == 3
    for report in found.top:
        s = record.s[report.site][0]
        assert report.s == s[report.channel]
        place = percentiles(known.blocks[report.site], s)[report.channel]
        assert report.percentile == pytest.approx(place, abs=1e-6)
    assert [block.diagnosis.site for block in found.blocks] == [s.name for s in record.sites]
    assert all(near.label in record.labels for block in found.blocks for near in block.nearest)
    slopes = ask(drivers, "embedded", "SE_4_1", record.z["SE_4_1"][0], channel=17).jacobian
    assert found.gate.z == record.z["SE_4_1"][0, 17]
    assert found.gate.raised_by[0].slope == slopes.max()
    assert found.gate.lowered_by[0].channel == int(slopes.argmin())
    assert all(slope.slope < 0 for slope in found.gate.lowered_by)
    places = ask(gate_places, "embedded", record.image, "SE_4_1", channel=17)
    np.testing.assert_allclose(found.gate.places.map, places.map, rtol=1e-5, atol=1e-8)
    rows = np.array(found.gate.places.map)
    assert rows.shape == (8, 8)
    assert found.gate.places.linear == pytest.approx(rows.sum(), rel=1e-5)
    whole = found.gate.places.at_zero + rows.sum() + found.gate.places.rest
    assert whole == pytest.approx(found.gate.s, rel=1e-5)


def test_the_report_is_plain_json(photo):
    found = channels_report("embedded", photo, gate="layer1.0.se[0]")
    assert json.loads(json.dumps(asdict(found)))["model"] == "embedded"
    assert not any(isinstance(v, np.generic) for v in vars(found).values())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"top": 0}, "top is 0; give a number of channels, 1 or more"),
        ({"gate": "SE_4_6"}, r"“SE_4_6” is not a gate of .*; write one such as SE_5_3\[0\]"),
        ({"gate": "SE_4_6[9999]"}, r"“SE_4_6\[9999\]” is not a gate: .* channels 0 to 383\."),
        ({"gate": f"SE_4_6[{'9' * 5000}]"}, "is not a gate of .*; write one such as"),
        ({"gate": "SE_4_6[1:3]"}, "is not a gate of .*; write one such as"),
        ({"gate": "SE_4_6[x]"}, "is not a gate of .*; write one such as"),
        ({"gate": "SE_9_9[1]"}, "There is no block “SE_9_9” in .*; did you mean S"),
        ({"gate": "SE_4_6[1]=1; SE_4_6[1]"}, "is not a gate"),
    ],
)
def test_a_bad_question_about_channels_gets_one_sentence(photo, asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        channels_report("embedded", photo, **asked)


def test_where_nothing_is_squeezed_a_gate_has_no_places(photo):
    def make() -> nn.Module:
        block = SEBlock(4, squeeze="none", r=1)
        model = nn.Sequential(nn.Conv2d(3, 4, 3), block, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        model.num_classes = 4
        return model

    network = prepare(wrap("alone", random_network(make).eval()))
    gate = f"{network.probe.sites[0].name}[1]"
    *_, found = _measured(network, photo, target=None, top=1, gate=gate)
    assert (found.z, found.places) == (None, None)
