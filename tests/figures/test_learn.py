"""The story's figures."""

from dataclasses import replace

import numpy as np
import pytest
from made_learn import FOUND, FOUR

from seviz.figures import style
from seviz.figures.learn import cost_bars, excitation_strips
from seviz.measuring.costs import BlockCost, Costs


def test_the_strips_hold_every_number_in_its_place():
    drawn = excitation_strips(FOUND, 3).data
    strips = {trace.meta: trace for trace in drawn if trace.type == "heatmap"}
    assert set(strips) == {"z", "hidden", "s"}
    np.testing.assert_array_equal(strips["z"].z[0], FOUND.z)
    np.testing.assert_array_equal(strips["hidden"].z[0], FOUND.hidden)
    np.testing.assert_array_equal(strips["s"].z[0], FOUND.s)
    assert (strips["z"].x0, strips["z"].dx) == (0.125, 0.25)  # over the whole width
    assert (strips["hidden"].x0, strips["hidden"].dx) == (0.375, 0.25)  # half of it, centred
    assert strips["z"].y0 > strips["hidden"].y0 > strips["s"].y0
    assert (strips["z"].zmin, strips["z"].zmax) == (-2, 2)
    assert (strips["s"].zmin, strips["s"].zmax) == (0, 1)
    marks = [trace for trace in drawn if trace.type == "scatter"]
    assert [mark.x[0] for mark in marks] == [0.875, 0.875]


def test_gates_beyond_the_sigmoid_have_scales_of_their_own():
    def scale(kind: str, s: list[float]) -> tuple:
        site = replace(FOUR, excitation=kind)
        found = replace(FOUND, site=site, s=np.float32(s))
        strip = next(t for t in excitation_strips(found, 0).data if t.meta == "s")
        return strip.zmin, strip.zmax

    assert scale("tanh", [-0.5, 0.2, 0, 0]) == (-1, 1)
    assert scale("relu", [0, 2.5, 0, 0]) == (0, 2.5)
    assert scale("relu", [0, 0.5, 0, 0]) == (0, 1)


def test_a_block_of_one_projection_has_no_hidden_strip():
    figure = excitation_strips(replace(FOUND, hidden=None), 0)
    assert [t.meta for t in figure.data if t.type == "heatmap"] == ["z", "s"]
    assert "W, then σ" in [note.text for note in figure.layout.annotations]


def test_the_strips_say_the_channels_numbers_to_screen_readers():
    label = excitation_strips(FOUND, 1).layout.meta["label"]
    assert "z = -2" in label
    assert "s = 0.7300" in label


def test_costs_are_drawn_by_the_formula_and_as_counted():
    blocks = (
        BlockCost("SE_2_1", 4, 2, formula=16, projections=16, biases=6, other=0),
        BlockCost("SE_2_2", 8, 2, formula=64, projections=32, biases=10, other=3),
    )
    found = Costs("made", 2, blocks, 1000, 2000, 50, None)
    formula, counted = cost_bars(found).data
    assert list(formula.y) == [16, 64]
    assert list(counted.y) == [22, 45]
    assert (formula.marker.color, counted.marker.color) == (style.INTACT, style.OTHER)
    assert sum(counted.y) == pytest.approx(found.parameters_added)
