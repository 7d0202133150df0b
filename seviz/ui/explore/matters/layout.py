"""What the tab “What matters” consists of, from top to bottom."""

from typing import NamedTuple

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, column

BLOCKS_HELP = (
    "Each row is an SE block, from the first to the last. The bar is the change of the target's "
    "logit when the gates of this block alone are replaced; the line, when those of all blocks "
    "behind it are replaced with it. ✕ marks where the first answer becomes another."
)
CHANNELS_HELP = (
    "What each gate adds to the target's logit (red) or takes from it (blue), to first order: "
    "s·∂logit/∂s. In each block's row the channels stand from the most helpful to the most "
    "harmful. The strongest are measured exactly, by setting the gate to 0. Click a cell to see "
    "what drives its gate."
)
GATE_HELP = (
    "First the descriptors z that drive this gate: how much s would change with each (the exact "
    "derivative of the two layers of the gate). Then where the gates of its block lie among those "
    "of the reference images: on the dotted line, if all percentiles are equally frequent."
)
DIAGNOSTICS_HELP = (
    "Whether the gates of each block work at all: gates that are always open, always shut, or the "
    "same for every photograph do nothing that plain weights could not do."
)
NO_REFERENCE = (
    "There are no reference statistics of this network here, so percentiles, nearest classes and "
    "variances are missing; python -m seviz profile makes them from your own images, and "
    "python -m seviz app --profile FILE brings them here."
)


class Parts(NamedTuple):
    """The components of the tab, from top to bottom, and what it shows at present."""

    headline: gr.HTML
    rule: gr.Dropdown
    target: gr.Dropdown
    blocks: PlotView
    effects: PlotView
    top: gr.HTML
    block: gr.Dropdown
    channel: gr.Number
    facts: gr.HTML
    drivers: PlotView
    places: PlotView
    nearest: gr.HTML
    diagnoses: gr.HTML
    shown: gr.State


def lay_out() -> Parts:
    """Lay out the tab: blocks, then channels, then one gate, then the state of all blocks."""
    headline = gr.HTML(elem_id="matters-headline")
    return Parts(headline, *_blocks(), *_channels(), *_gate(), _diagnostics(), gr.State(None))


def _blocks() -> tuple[gr.Dropdown, gr.Dropdown, PlotView]:
    """Lay out what replaces the gates, whose logit is followed, and the chart of all blocks."""
    gr.HTML(html.section("Which blocks matter", BLOCKS_HELP))
    with gr.Row():
        rule = gr.Dropdown(
            [],
            label="The gates are replaced by",
            elem_id="matters-rule",
            interactive=True,
            min_width=280,
        )
        target = gr.Dropdown(
            [],
            label="The target, most probable first",
            elem_id="matters-target",
            interactive=True,
            filterable=True,
            min_width=280,
        )
    return rule, target, PlotView(elem_id="matters-blocks")


def _channels() -> tuple[PlotView, gr.HTML]:
    """Lay out the map of all gates' effects, and the table of the largest."""
    gr.HTML(html.section("Which channels matter", CHANNELS_HELP))
    return PlotView(elem_id="matters-effects"), gr.HTML(elem_id="matters-top")


def _gate() -> tuple[gr.Dropdown, gr.Number, gr.HTML, PlotView, PlotView, gr.HTML]:
    """Lay out the fields and figures of one gate, and the classes like its block's pattern."""
    gr.HTML(html.section("One gate", GATE_HELP))
    with gr.Row():
        block = gr.Dropdown([], label="Block", elem_id="matters-block", interactive=True)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="matters-channel")
    facts = gr.HTML(elem_id="matters-facts")
    with gr.Row():
        views = [column(name) for name in ("matters-drivers", "matters-places")]
    return block, channel, facts, views[0], views[1], gr.HTML(elem_id="matters-nearest")


def _diagnostics() -> gr.HTML:
    gr.HTML(html.section("Diagnostics", DIAGNOSTICS_HELP))
    return gr.HTML(elem_id="matters-diagnoses")
