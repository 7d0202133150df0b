"""The page “Networks”, drawn from two views of a photograph: each returns {component: value}."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.analysis.network_pair import block_names, most_different, pair_blocks, same_plan
from seviz.answers import chart_sources
from seviz.figures.depth import depth_profile
from seviz.figures.gates import GateScale, gate_scale, widest
from seviz.figures.network_pair import (
    channel_scatter,
    correlation_chart,
    gates_atlas,
    pair_scales,
)
from seviz.records.trace import Trace
from seviz.ui.networks import html as networks_html
from seviz.ui.networks.html import Views
from seviz.ui.networks.layout import Parts, Side
from seviz.ui.parts import html
from seviz.ui.parts.plot import with_source
from seviz.words import network_pair

Updates = dict[Any, Any]  # {component: value}


@dataclass(frozen=True)
class Look:
    """What both networks' figures have in common: their blocks, and the axis of their gates."""

    blocks: tuple[str, ...]
    axis: GateScale


def drawn_gates(p: Parts, views: Views) -> Updates:
    """Draw both networks' gates, on one scale where they are of one kind; nothing without any."""
    a, b = (view.trace for view in views)
    if not a.sites and not b.sites:
        return {p.gates: gr.Column(visible=False)}
    scales = pair_scales(a, b)
    spans = ((scale.low, scale.high) for scale in scales)
    axis = widest(*(gate_scale(trace) for trace in (a, b) if trace.sites))
    look = Look(tuple(block_names(a.sites, b.sites)), axis)
    updates = {
        p.gates: gr.Column(visible=True),
        p.scales: html.facts(network_pair.scale_words(a, b, *spans)),
        **_channels(p, views),
        **_side("A", p.a, a, scale=scales[0], look=look),
        **_side("B", p.b, b, scale=scales[1], look=look),
    }
    return with_source(updates, chart_sources.of_pair(a, b))


def drawn_scatter(p: Parts, views: Views, block: object) -> Updates:
    """Draw the channels of a block that both have; nothing where they have no such."""
    known = {pair.site for pair in pair_blocks(*views)}
    if not isinstance(block, str) or block not in known:
        return {}
    a, b = (view.trace for view in views)
    drawn = {p.channels.scatter: channel_scatter(a, b, block)}
    return with_source(drawn, chart_sources.of_pair(a, b))


def _channels(p: Parts, views: Views) -> Updates:
    """Set channels of one number beside each other, where blocks of both fit together."""
    a, b = (view.trace for view in views)
    of, pairs = p.channels, pair_blocks(*views)
    told = ""
    if a.sites and b.sites:
        told = html.facts(network_pair.blocks_words(pairs, a, b, same=same_plan(a, b)))
    if not pairs:
        emptied = dict.fromkeys([of.chart, of.scatter], None)
        return {of.told: told, of.group: gr.Column(visible=False), **emptied}
    block = most_different(pairs).site
    return {
        of.told: told,
        of.group: gr.Column(visible=True),
        of.chart: correlation_chart(pairs),
        of.block: gr.Dropdown([pair.site for pair in pairs], value=block),
        of.scatter: channel_scatter(a, b, block),
    }


def _side(name: str, side: Side, trace: Trace, *, scale: GateScale, look: Look) -> Updates:
    """Draw one network's atlas and depth profile, if it has gates, and offer to open it."""
    heading = networks_html.heading(name, trace)
    told: Updates = {
        side.heading: heading,
        side.atlas: None,
        side.colours: html.hint(network_pair.colour_words(trace.sites, len(look.blocks))),
        side.open: gr.Button(f"Open {name} in Explore", visible=bool(trace.sites)),
        side.again: heading,
        side.depth: None,
        side.counted: html.hint(network_pair.bar_words(trace.sites)),
    }
    if trace.sites:
        told[side.atlas] = gates_atlas(trace, scale, look.blocks)
        told[side.depth] = depth_profile(trace, arm=0, scale=look.axis, places=look.blocks)
    return told
