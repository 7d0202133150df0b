"""What the tab “Gates” consists of, from top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.figures.atlas import SHOWS, SORTS
from seviz.records.sites import Site
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.ui.state import PASSES
from seviz.words.gates import atlas_words, depth_words

CHANNEL_HELP = (
    "What it saw before its gate (U) and after (s·U), on one scale, over the crop of the "
    "photograph that the network received."
)


@dataclass(frozen=True)
class Parts:
    """The components of the tab “Gates”, from top to bottom."""

    atlas_help: gr.HTML
    show: gr.Radio
    sort: gr.Radio
    arm: gr.Radio
    atlas: PlotView
    depth_help: gr.HTML
    depth: PlotView
    block: gr.Dropdown
    channel: gr.Number
    facts: gr.HTML
    before: PlotView
    after: PlotView
    gates: PlotView

    @property
    def views(self) -> list[Any]:
        """List the switches of the atlas."""
        return [self.show, self.sort, self.arm]

    @property
    def overview(self) -> list[Any]:
        """List what shows all channels."""
        return [self.atlas, self.depth]

    @property
    def of_channel(self) -> list[Any]:
        """List what shows one channel."""
        return [self.block, self.channel, self.facts, self.before, self.after, self.gates]


def lay_out() -> Parts:
    """Lay out the tab “Gates”: the atlas, the depth profile, and one channel."""
    return Parts(**_overview(), **_inspector())


def atlas_section(sites: Sequence[Site] = ()) -> str:
    """Head the atlas, saying what it shows of a network with these blocks."""
    return html.section("The atlas", atlas_words(sites))


def depth_section(sites: Sequence[Site] = ()) -> str:
    """Head the depth profile, saying what it shows of a network with these blocks."""
    return html.section("The depth profile", depth_words(sites))


def _overview() -> dict[str, Any]:
    """Lay out the atlas with its switches, and the depth profile."""
    atlas_help = gr.HTML(atlas_section())
    with gr.Row():
        show = gr.Radio(
            [("excitation s", SHOWS[0]), ("squeeze z", SHOWS[1])],
            value=SHOWS[0],
            label="Show",
            elem_id="show",
        )
        sort = gr.Radio(list(SORTS), value=SORTS[0], label="Order channels by", elem_id="sort")
        arm = gr.Radio(list(PASSES), value=PASSES[0], label="In the pass", elem_id="arm")
    return {
        "atlas_help": atlas_help,
        "show": show,
        "sort": sort,
        "arm": arm,
        "atlas": PlotView(elem_id="atlas"),
        "depth_help": gr.HTML(depth_section()),
        "depth": PlotView(elem_id="depth"),
    }


def _inspector() -> dict[str, Any]:
    """Lay out the fields and figures of one channel."""
    gr.HTML(html.section("One channel", CHANNEL_HELP))
    with gr.Row():
        block = gr.Dropdown([], label="Block", elem_id="block", interactive=True)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="channel")
    facts = gr.HTML(elem_id="facts")
    with gr.Row():
        views = {name: plot_column(name) for name in ("before", "after", "gates")}
    return {"block": block, "channel": channel, "facts": facts, **views}
