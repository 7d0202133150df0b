"""What the tab “Gates” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.explore.first_answer import FirstAnswer
from seviz.ui.explore.gates.pins import PinCards
from seviz.ui.parts.plot import PlotView

SHOWS = [("excitation s", "s"), ("squeeze z", "z")]
SIDES = [("with gates", "with"), ("without", "without"), ("difference", "difference")]
SORTS = [
    ("by number", "channel"),
    ("by s", "s"),
    ("by z", "z"),
    ("by difference", "difference"),
    ("by percentile", "percentile"),
    ("by steadiness", "constant"),
]


@dataclass(frozen=True)
class Parts:
    """The components of the tab “Gates”, from top to bottom."""

    show: gr.Radio
    side: gr.Radio
    sort: gr.Dropdown
    atlas: PlotView
    atlas_help: gr.HTML
    pins: PinCards
    more: gr.Accordion
    depth_help: gr.HTML
    depth: PlotView

    @property
    def switches(self) -> list[Any]:
        """List the switches of the atlas."""
        return [self.show, self.side, self.sort]


def lay_out(first: FirstAnswer | None) -> Parts:
    """Lay out the tab: the switches, the atlas, how to read it, and the folded depth profile.

    first: what it shows before anything is asked.
    """
    with gr.Row(elem_id="atlas-switches"):
        show = gr.Radio(SHOWS, value="s", label="Show", elem_id="show", elem_classes="segmented")
        side = gr.Radio(
            SIDES, value="with", label="In the pass", elem_id="side", elem_classes="segmented"
        )
        sort = gr.Dropdown(SORTS, value="channel", label="Order channels by", elem_id="sort")
    atlas = PlotView(first and first.atlas, elem_id="atlas")
    atlas_help = gr.HTML(first and first.atlas_help, elem_id="atlas-help")
    pins = PinCards(elem_id="pins")
    with gr.Accordion("How are the gates spread along the depth?", open=False) as more:
        depth_help = gr.HTML()
        depth = PlotView(elem_id="depth")
    return Parts(
        show=show,
        side=side,
        sort=sort,
        atlas=atlas,
        atlas_help=atlas_help,
        pins=pins,
        more=more,
        depth_help=depth_help,
        depth=depth,
    )
