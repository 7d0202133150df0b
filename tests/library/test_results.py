"""What the results of one photograph hold, draw and show."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import seviz
from seviz.answers.export import write_explanation, write_trace


@pytest.fixture(scope="module")
def network() -> seviz.Network:
    return seviz.load("embedded")


@pytest.fixture(scope="module")
def traced(network, picture):
    return network.trace(picture, ["intact", "static", "SE_5*=1"])


@pytest.fixture(scope="module")
def explained(network, picture):
    return network.attribute(picture, ["gradcam", "saliency"], arms=["intact", "SE_5*=1"])


def test_a_trace_is_what_the_command_writes(traced, tmp_path):
    write_trace(traced.trace, tmp_path, command=traced.provenance.command)
    assert traced.to_dict() == json.loads((tmp_path / "trace.json").read_text())
    with np.load(tmp_path / "trace.npz") as written:
        arrays = traced.to_arrays()
        assert sorted(arrays) == sorted(written)
        np.testing.assert_array_equal(arrays["s/SE_4_6"], written["s/SE_4_6"])


def test_the_gates_of_any_arm_are_drawn(traced):
    atlas = traced.figure(arm="SE_5*=1")
    assert atlas.layout.meta["label"] == "Atlas of gates s as applied, block by channel"
    np.testing.assert_array_equal(atlas.data[15].z, 1)
    assert traced.figure(show="z").layout.meta["label"].startswith("Atlas of squeeze z")
    assert traced.figure("depth", arm=1).layout.meta["label"].startswith("Distribution of the gat")
    for wrong in ({"kind": "map"}, {"show": "u"}, {"arm": "uniform"}):
        with pytest.raises(seviz.UserError, match=r"There is no .* here; choose "):
            traced.figure(**wrong)


def test_a_trace_shows_an_arm_a_row(traced):
    headline, heads, rows, _ = traced._table()
    assert headline.startswith("The network says ")
    assert [row[0] for row in rows] == ["intact", "static", "SE_5*=1"]
    assert len(heads) == len(rows[0])
    assert rows[0][3] == "" and rows[1][3]


def test_an_explanation_is_what_the_command_writes(explained, tmp_path):
    command = explained.provenance.command
    write_explanation(explained.explanation, "garden.png", tmp_path, command=command)
    written = json.loads((tmp_path / "attributions.json").read_text())
    assert {**explained.to_dict(), "photo": "garden.png"} == written
    assert sorted(explained.to_arrays()) == [
        "gradcam/SE_5*=1",
        "gradcam/intact",
        "saliency/SE_5*=1",
        "saliency/intact",
    ]


def test_maps_are_drawn_by_method_and_arm(explained):
    first = explained.figure()
    other = explained.figure(method="saliency", arm="SE_5*=1", sign="for")
    assert "with gates" in first.layout.meta["label"]
    assert "sensitivity" in other.layout.meta["label"]
    assert "first − second" in explained.figure("difference").layout.meta["label"]
    with pytest.raises(seviz.UserError, match=r"were not asked for; attribute with shares=True"):
        explained.figure("shares")
    for wrong in ({"method": "lime"}, {"sign": "plus"}, {"kind": "atlas"}, {"arm": 7}):
        with pytest.raises(seviz.UserError, match=r"There is no .* here; choose "):
            explained.figure(**wrong)


def test_one_arm_has_a_map_and_no_difference(network, picture):
    alone = network.attribute(picture, arms=["intact"])
    assert alone._table().headline.startswith("What was explained: ")
    with pytest.raises(seviz.UserError, match="A difference is of two arms, and here is one"):
        alone.figure("difference")


def test_shares_are_drawn_where_they_were_asked_for(network, picture):
    found = network.attribute(picture, arms=["intact", "SE_5*=1"], shares=True, steps=8)
    assert found.to_arrays()["gates/SE_5_3"].shape == (896,)
    assert found.figure("shares").layout.meta["label"].startswith("Shares of the blocks")
    assert found.figure("channels").layout.meta["label"].startswith("Shares of all gates")


def test_necessity_shows_and_holds_each_block(network, picture):
    found = network.necessity(picture)
    _, heads, rows, _ = found._table()
    assert len(rows) == 16 and {len(row) for row in rows} == {len(heads)}
    report = found.answer.report
    np.testing.assert_allclose(
        found.to_arrays()["logit"][0], [b.alone.logit for b in report.blocks]
    )
    flipped = [block for block in report.blocks if block.alone.flipped]
    assert [row[3].startswith("alone") for row in rows].count(True) == len(flipped)
    plain = found.to_dict()
    assert plain["blocks"][0] == asdict(report.blocks[0])


def test_channels_show_and_hold_their_effects(network, picture):
    found = network.channels(picture, top=2)
    effects, (first, _) = found.to_arrays(), found.answer.report.top
    at = effects[f"first_order/{first.site}"][first.channel]
    assert at == pytest.approx(first.first_order)
    assert effects[f"s/{first.site}"][first.channel] == pytest.approx(first.s)
    assert found._table().rows[0][0] == f"{first.site}[{first.channel}]"
