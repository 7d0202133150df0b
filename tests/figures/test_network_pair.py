from dataclasses import replace

import numpy as np
import pytest
from made import made_maps, made_trace, spot

from seviz.figures.network_pair import (
    PAIRED,
    UNPAIRED,
    channel_scatter,
    cka_matrix,
    correlation_chart,
    gates_atlas,
    pair_scales,
    share_map,
)
from seviz.records.network_pair import BlockPair, GateSimilarity
from seviz.records.sites import Site
from seviz.records.trace import Trace


def test_blocks_are_drawn_by_whether_their_channels_correspond():
    blocks = [
        BlockPair("SE_2_1", 4, 0.9, 0.1, 0.8),
        BlockPair("SE_2_2", 4, None, 0.1, 0.7),
        BlockPair("SE_3_1", 8, -0.1, 0.2, 0.0),
    ]
    drawn = correlation_chart(blocks)
    assert [trace.name for trace in drawn.data] == [PAIRED, UNPAIRED]
    assert list(drawn.data[0].y) == [0.9, None]
    assert list(drawn.data[1].x) == ["SE_3_1"]
    assert list(drawn.layout.xaxis.categoryarray) == ["SE_2_1", "SE_2_2", "SE_3_1"]
    assert [trace.name for trace in correlation_chart(blocks[:1]).data] == [PAIRED]


def test_each_channel_stands_at_its_gates_in_both_beside_the_line_of_equal_ones():
    s = {"SE_2_1": np.array([[0.1, 0.9, 0.5]], np.float32)}
    a = replace(made_trace([[1.0, 0.0]]), s=s)
    b = replace(a, s={"SE_2_1": 1 - s["SE_2_1"]})
    line, points = channel_scatter(a, b, "SE_2_1").data
    np.testing.assert_allclose(points.x, [0.1, 0.9, 0.5])
    np.testing.assert_allclose(points.y, [0.9, 0.1, 0.5], rtol=1e-6)
    assert list(line.x) == list(line.y) == pytest.approx([0.1, 0.9])


def gated(s: list[float], excitation: str = "sigmoid") -> Trace:
    site = Site("a", "SE_2_1", 2, 1, len(s), 2, excitation)
    gates = {"SE_2_1": np.array([s], np.float32)}
    return replace(made_trace([[1.0, 0.0]]), sites=(site,), s=gates, s_computed=gates)


def test_gates_of_one_kind_are_on_one_scale_and_of_two_each_on_its_own():
    a, b = gated([0.1, 0.5], "relu"), gated([3.0, 0.2], "relu")
    assert [(scale.low, scale.high) for scale in pair_scales(a, b)] == [(0, 3)] * 2
    b = gated([-0.5, 0.2], "tanh")
    assert [(scale.low, scale.high) for scale in pair_scales(a, b)] == [(0, 1), (-1, 1)]


def test_an_atlas_has_a_row_for_each_named_block_and_the_largest_gate_first():
    trace = gated([0.1, 0.9, 0.5])
    drawn = gates_atlas(trace, pair_scales(trace, trace)[0], ["SE_2_1", "SE_3_1"])
    np.testing.assert_allclose(np.ravel(drawn.data[0].z), [0.9, 0.5, 0.1])
    assert list(drawn.layout.yaxis.ticktext) == ["SE_2_1", "SE_3_1"]


def test_maps_of_any_size_of_values_are_on_one_scale():
    seen = np.zeros((24, 24, 3), np.uint8)
    small = made_maps(1e-3 * spot(1, 1), spot(0, 0))
    large = made_maps(1e3 * spot(1, 1), spot(0, 0))
    a, b = (
        share_map(found, seen, title=name, value="evidence", label="lion")
        for name, found in (("A", small), ("B", large))
    )
    np.testing.assert_allclose(a.data[0].z, b.data[0].z, atol=1e-6)
    assert (a.data[0].zmin, a.data[0].zmax) == (-1, 1)
    assert a.data[0].z.max() == 1
    assert "share of its largest" in a.layout.meta["label"]


def test_blocks_of_one_name_are_framed_and_constant_ones_empty():
    cka = np.array([[0.5, np.nan], [0.2, np.nan]], np.float32)
    found = GateSimilarity(
        "a", "b", ("SE_2_1", "SE_3_1"), ("SE_3_1", "x"), cka, (), ("x",), 9, "9 photographs"
    )
    drawn = cka_matrix(found)
    assert np.isnan(drawn.data[0].z[:, 1]).all()
    (frame,) = drawn.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, 0.5, 1.5)
    assert drawn.layout.xaxis.ticktext == ("SE_3_1", "x")
