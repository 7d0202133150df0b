from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from made import made_trace

from seviz.records.network_pair import NetworkView
from seviz.records.sites import Site
from seviz.ui.networks.drawn import drawn_gates, drawn_scatter
from seviz.ui.networks.layout import lay_out

SITE = Site("a", "SE_2_1", 2, 1, 3, 2)


def view(s: list[float], weights: list[float], site: Site = SITE) -> NetworkView:
    gates = {site.name: np.array([s], np.float32)}
    trace = replace(made_trace([[1.0, 0.0]]), sites=(site,), s=gates, s_computed=gates)
    trace = replace(trace, model="embedded")
    return NetworkView(trace, None, {site.name: np.array(weights, np.float32)})


@pytest.fixture(scope="module")
def parts():
    with gr.Blocks():
        return lay_out("embedded")


def test_channels_of_a_block_that_both_have_are_drawn_and_no_others(parts):
    both = view([0.1, 0.2, 0.3], [1, 2, 3]), view([0.3, 0.2, 0.1], [1, 2, 3])
    (drawn,) = drawn_scatter(parts, both, "SE_2_1").values()
    assert " · seviz compare --networks " in drawn.layout.meta["source"]
    assert drawn.data[1].x.tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert drawn_scatter(parts, both, "SE_9_9") == {} == drawn_scatter(parts, both, ["SE_2_1"])


def test_what_does_not_fit_is_not_paired_and_what_has_no_gates_not_drawn(parts):
    other = replace(SITE, name="SE_2_2")
    said = drawn_gates(parts, (view([0.1] * 3, [1]), view([0.2] * 3, [1], other)))
    assert not said[parts.channels.group].visible
    assert said[parts.a.atlas] is not None
    bare = view([0.1] * 3, [1])
    bare = replace(bare, trace=replace(bare.trace, sites=(), s={}, s_computed={}))
    assert list(drawn_gates(parts, (bare, bare))) == [parts.gates]


def test_b_is_the_twin_of_a_or_what_is_asked_for():
    with gr.Blocks():
        assert lay_out("embedded").second.value == "twin"
        assert lay_out("lab_resnet_se", "lab_vgg_se").second.value == "lab_vgg_se"
