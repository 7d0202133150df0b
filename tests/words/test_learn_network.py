from dataclasses import replace

import numpy as np
from made_pair import FIRST, SITES

from seviz.measuring.costs import BlockCost, Costs
from seviz.records.arms import IDENTITY, STATIC
from seviz.words.learn_network import answer_screen, cost_screen, place_screen


def test_where_se_sits_is_said_for_each_place():
    for place, said in (
        ("standard", "before the sum"),
        ("pre", "before the [[residual branch|branch]]"),
        ("post", "after the sum"),
        ("identity", "on the [[shortcut]]"),
        ("3x3", "after its 3×3"),
        ("host", "has no [[shortcut]]"),
        (None, "no ResNet"),
    ):
        screen = place_screen(FIRST, "Made", place)
        assert said in screen.lead
        assert bool(screen.equations) == (place is not None)
    assert "differ most between the channels of SE_2_1" in screen.notice  # 0.6, 0.8
    assert "least in SE_2_2 (0.00)" in screen.notice


def test_blocks_that_leave_channels_alone_are_named():
    open_ = {**FIRST.s_computed, "SE_2_2": np.float32([[0.99, 0.98, 0.5]])}
    notice = place_screen(replace(FIRST, s_computed=open_), "Made", "standard").notice
    assert "In SE_2_2 67 % of them are over 0.95" in notice
    relu = tuple(replace(site, excitation="relu") for site in SITES)
    record = replace(FIRST, s_computed=open_, sites=relu)
    assert "0.95" not in place_screen(record, "Made", "standard").notice


def test_costs_by_the_formula_for_this_network():
    blocks = tuple(
        BlockCost(f"SE_{i}", c, c // 2, c * c, c * c, 0, 0) for i, c in enumerate((4, 4, 8))
    )
    screen = cost_screen(Costs("made", 2, blocks, 1000, 2000, 96, None), squeezed=True)
    assert screen.equations[1] == r"\frac{2}{2} \big(2 \cdot 4^2 + 1 \cdot 8^2\big) = 96"
    assert "the last block (8 channels) holds 67 %" in screen.notice
    assert (
        "used once"
        not in cost_screen(Costs("made", 2, blocks, 1000, 2000, 96, None), squeezed=False).lead
    )


def test_blocks_whose_measured_reduction_is_another_are_named_with_it():
    blocks = tuple(
        BlockCost(f"SE_{i}", c, reduced, c, c, 0, 0)
        for i, (c, reduced) in enumerate(((64, 8), (64, 8), (256, 16), (24, 8)))
    )
    notice = cost_screen(Costs("made", 16, blocks, 1000, 2000, 96, None), squeezed=True).notice
    assert notice.endswith(
        " The formula takes the network’s r = 16; as measured, r is 8 in SE_0 and SE_1 and 3 in "
        "SE_3, since the width after W₁ is rounded there."
    )
    alike = cost_screen(Costs("made", 16, blocks[2:3], 1000, 2000, 96, None), squeezed=True)
    assert "The formula takes" not in alike.notice


def test_what_without_means_is_said_with_the_change():
    logits = np.float32([[1, 0, 0], [0, 2, 0]])
    held = replace(FIRST, arms=(FIRST.arms[0], STATIC), logits=logits)
    notice = answer_screen(held).notice
    assert notice.startswith("With every gate frozen at its average, the answer becomes b instead")
    assert "the answer becomes b instead of a, whose probability changes by −47.0 points" in notice
    same = replace(FIRST, arms=(FIRST.arms[0], IDENTITY), logits=logits[[0, 0]])
    notice = answer_screen(same).notice
    assert "the answer stays a, its probability changes by 0.0 points" in notice
    assert "coarse test" in notice
