from dataclasses import replace

import numpy as np
from made import made_trust, map_trust

from seviz.analysis.movers import Mover
from seviz.analysis.photo_pair import ChannelDifference
from seviz.records.analysis import ChannelEffect, Effects, Necessity
from seviz.records.trace import Answer
from seviz.words.tables import (
    Table,
    effects_table,
    movers_table,
    necessity_table,
    photo_pair_table,
    trust_table,
)

LION = Answer(0, "lion", 0.5, 1.0)


def test_columns_without_any_text_are_told():
    assert Table("", ("a", "b"), (("x", ""), ("y", ""))).full == [True, False]
    assert Table("", ("a", "b"), ()).full == [True, True]


def test_effects_are_sorted_by_the_exact_ones_and_open_their_gates():
    top = (
        ChannelEffect("SE_2_1", 3, s=0.5, first_order=0.25, exact=-0.5),
        ChannelEffect("SE_2_2", 1, s=0.25, first_order=1.0, exact=2.0),
    )
    table = effects_table(Effects(LION, {}, top), {("SE_2_2", 1): 97.6})
    assert table.rows == (
        ("SE_2_2", "1", "0.250", "+2.000", "+1.000", "98"),
        ("SE_2_1", "3", "0.500", "−0.500", "+0.250", ""),
    )
    assert table.opens == (("SE_2_2", 1), ("SE_2_1", 3))
    assert "percentile" in table.caption
    assert "percentile" not in effects_table(Effects(LION, {}, top), {}).caption


def test_necessity_is_told_alone_and_with_all_later_blocks():
    found = Necessity(
        model="made",
        rule="static",
        target=LION,
        sites=("SE_2_1", "SE_2_2"),
        logit=np.array([[-2.0, 0.5], [-3.0, 0.0]], np.float32),
        probability=np.array([[-0.125, 0.01], [-0.5, 0.0]]),
        flipped=np.array([[False, False], [True, False]]),
    )
    table = necessity_table(found)
    assert table.rows == (
        ("SE_2_1", "−2.000", "−12.5", "stays", "−3.000", "−50.0", "changes"),
        ("SE_2_2", "+0.500", "+1.0", "stays", "0.000", "0.0", "stays"),
    )
    assert len(table.heads) == len(table.rows[0])
    assert "the change of the logit, that of the probability" in table.caption


def test_movers_beside_an_arm_have_no_deviations():
    mover = Mover("SE_2_1", 3, s=0.75, usual=0.5, deviations=2.04)
    assert movers_table("t", [mover], "usual").rows == (("SE_2_1", "3", "0.75", "0.50", "+2.0"),)
    beside = movers_table("t", [replace(mover, deviations=None)], "an arm")
    assert beside.full == [True, True, True, True, False]


def test_trust_is_told_in_a_column_for_each_map_without_what_was_not_measured():
    trust = made_trust(map_trust("intact", (0.3, 0.25)))
    table = trust_table(trust, {"intact": "with gates"})
    assert table.heads == ("", "with gates", "random", "edges", "randomised")
    told = {name: values for name, *values in table.rows}
    assert told["insertion − deletion, blur"] == ["0.200", "0.000", "0.000", "0.000"]
    assert told["infidelity"] == ["0.25", "", "", ""]
    assert not {"sensitivity", "error"} & set(told)


def test_channels_of_two_photographs_have_their_difference_and_where_known_their_deviations():
    found = [ChannelDifference("SE_2_1", 3, 0.25, 0.75, 2.0)]
    table = photo_pair_table(found, ("first", "second"), placed=True)
    assert table.rows == (("SE_2_1", "3", "0.250", "0.750", "+0.500", "2.0"),)
    assert table.heads[4] == "second − first"
    assert table.opens == (("SE_2_1", 3),)
    assert photo_pair_table(found, ("first", "second"), placed=False).full == [True] * 5 + [False]
