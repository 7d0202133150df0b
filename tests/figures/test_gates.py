"""The scale of gates, and the figures of networks whose gates are not between 0 and 1."""

from dataclasses import replace

import numpy as np
import pytest

from seviz.figures import style
from seviz.figures.atlas import atlas
from seviz.figures.depth import depth_profile
from seviz.figures.gates import gate_scale, scale_of
from seviz.records.numbers import Floats
from seviz.records.trace import Trace

TANH = np.array([[-0.99, 0.96, 0.01, -0.5], [0.3, 0.3, 0.3, 0.3]], np.float32)  # arms×C
RELU = np.array([[0.0, 2.5, 1.0, 0.04], [0.3, 0.3, 4.0, 0.3]], np.float32)
TWIN = np.full((1, 4), np.nan, np.float32)


def of(record: Trace, excitation: str, gates: Floats, squeezed: bool = True) -> Trace:
    """Make a trace of one block with these gates."""
    site = replace(record.sites[0], excitation=excitation, squeezed=squeezed)
    s = {site.name: gates}
    z = record.z[site.name] if squeezed else np.full_like(gates, np.nan)
    return replace(record, sites=(site,), s=s, s_computed=s, z={site.name: z})


@pytest.fixture
def tanh(record: Trace) -> Trace:
    return of(record, "tanh", TANH)


@pytest.fixture
def relu(record: Trace) -> Trace:
    return of(record, "relu", RELU)


def test_a_sigmoids_scale_is_always_0_to_1(record: Trace):
    scale = gate_scale(record)
    assert (scale.low, scale.high, scale.colours) == (0, 1, style.GATES)


def test_a_tanhs_scale_diverges_around_0(tanh: Trace):
    scale = gate_scale(tanh)
    assert (scale.low, scale.high, scale.colours) == (-1, 1, style.SIGNED)
    row = atlas(tanh, arm=0, show="s").data[0]
    assert (row.zmin, row.zmax) == (-1, 1)
    assert np.asarray(row.z)[0].tolist() == TANH[0].tolist()
    assert row.colorscale[0][1] != row.colorscale[-1][1]


def test_a_relus_scale_reaches_to_the_largest_gate_of_all_arms_but_the_twin(relu: Trace):
    assert gate_scale(relu).high == 4.0
    scale = gate_scale(of(relu, "relu", np.concatenate([RELU[:1], TWIN])))
    assert (scale.low, scale.high, scale.colours) == (0, 2.5, style.GATES)


def test_a_relus_scale_holds_1_also_where_all_gates_are_small(relu: Trace):
    assert gate_scale(of(relu, "relu", RELU / 10)).high == 1.0


def test_two_networks_with_relus_have_one_scale(relu: Trace):
    assert gate_scale(of(relu, "relu", RELU / 10), relu).high == 4.0


def test_gates_of_both_signs_and_over_1_are_on_one_symmetric_scale(tanh: Trace, relu: Trace):
    scale = gate_scale(tanh, relu)
    assert (scale.low, scale.high) == (-4, 4)


def test_edited_gates_beyond_the_scale_are_named(record: Trace):
    titles = []
    for value in (1.0, 3.0):
        applied = {name: np.full_like(s, value) for name, s in record.s.items()}
        figure = atlas(replace(record, s=applied), arm=0, show="applied")
        titles.append(figure.data[0].colorbar.title.text)
    assert titles == [
        "gate s as applied",
        "gate s as applied;<br>beyond: end colour",
    ]


def test_the_atlas_takes_a_scale_and_rows_from_elsewhere(tanh: Trace, relu: Trace):
    scale = gate_scale(tanh, relu)
    figure = atlas(tanh, arm=0, show="s", scale=scale, rows=["SE_1_1", "SE_2_1", "SE_5_1"])
    assert figure.layout.yaxis.ticktext == ("SE_1_1", "SE_2_1", "SE_5_1")
    (row,) = figure.data
    assert (row.y0, row.meta, row.zmin) == (1, "SE_2_1", -4)


def test_without_a_squeeze_the_atlas_of_z_says_that_there_is_none(record: Trace):
    figure = atlas(of(record, "sigmoid", TANH, False), arm=0, show="z")
    assert not figure.data
    assert "There is no z" in figure.layout.annotations[0].text
    assert "There is no z" in figure.layout.meta["label"]
    s = atlas(of(record, "sigmoid", abs(TANH), False), arm=0, show="s")
    assert s.data[0].colorbar.title.text == "mean excitation s"


def shares(trace: Trace) -> dict[str, float]:
    figure = depth_profile(trace, arm=0)
    return {bar.name: float(bar.y[0]) for bar in figure.data if bar.type == "bar"}


def test_a_tanhs_profile_counts_both_ends_and_what_is_near_0(tanh: Trace):
    assert shares(tanh) == {"s > 0.95": 0.25, "s < −0.95": 0.25, "|s| < 0.05": -0.25}
    assert depth_profile(tanh, arm=0).layout.yaxis.range == (-1, 1)


def test_a_relus_profile_counts_what_is_amplified(relu: Trace):
    assert shares(relu) == {"s > 1": 0.25, "s < 0.05": -0.5}
    assert depth_profile(relu, arm=0).layout.yaxis.range == (0, 4)


def test_on_a_foreign_axis_a_profile_still_counts_its_own_shares(tanh: Trace, relu: Trace):
    figure = depth_profile(
        relu, arm=0, scale=gate_scale(tanh, relu), places=["SE_1_1", "SE_2_1", "SE_5_1"]
    )
    assert figure.layout.yaxis.range == (-4, 4)
    assert [bar.name for bar in figure.data if bar.type == "bar"] == ["s > 1", "s < 0.05"]
    assert figure.layout.xaxis.categoryarray == ("SE_1_1", "SE_2_1", "SE_5_1")
    assert figure.layout.xaxis.range == (-0.5, 2.5)


def test_scales_need_no_gates():
    assert scale_of([], []).high == 1
