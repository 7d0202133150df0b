"""What the tab “What matters” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column

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


@dataclass(frozen=True)
class Parts:
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

    @property
    def of_gate(self) -> list[Any]:
        """List what shows one gate and its block."""
        return [self.block, self.channel, self.facts, self.drivers, self.places, self.nearest]

    @property
    def outputs(self) -> list[Any]:
        """List all of them."""
        of_blocks = [self.headline, self.rule, self.target, self.blocks]
        of_channels = [self.effects, self.top]
        return [*of_blocks, *of_channels, *self.of_gate, self.diagnoses, self.shown]


def lay_out() -> Parts:
    """Lay out the tab: blocks, then channels, then one gate, then the state of all blocks."""
    return Parts(
        headline=gr.HTML(elem_id="matters-headline"),
        **_blocks(),
        **_channels(),
        **_gate(),
        diagnoses=_diagnostics(),
        shown=gr.State(None),
    )


def _blocks() -> dict[str, Any]:
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
    return {"rule": rule, "target": target, "blocks": PlotView(elem_id="matters-blocks")}


def _channels() -> dict[str, Any]:
    """Lay out the map of all gates' effects, and the table of the largest."""
    gr.HTML(html.section("Which channels matter", CHANNELS_HELP))
    return {
        "effects": PlotView(elem_id="matters-effects"),
        "top": gr.HTML(elem_id="matters-top"),
    }


def _gate() -> dict[str, Any]:
    """Lay out the fields and figures of one gate, and the classes like its block's pattern."""
    gr.HTML(html.section("One gate", GATE_HELP))
    with gr.Row():
        block = gr.Dropdown([], label="Block", elem_id="matters-block", interactive=True)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="matters-channel")
    facts = gr.HTML(elem_id="matters-facts")
    with gr.Row():
        views = {name: plot_column(f"matters-{name}") for name in ("drivers", "places")}
    nearest = gr.HTML(elem_id="matters-nearest")
    return {"block": block, "channel": channel, "facts": facts, **views, "nearest": nearest}


def _diagnostics() -> gr.HTML:
    gr.HTML(html.section("Diagnostics", DIAGNOSTICS_HELP))
    return gr.HTML(elem_id="matters-diagnoses")
