"""What the inspector consists of, from top to bottom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seviz.records.arms import INTACT, Arm
from seviz.records.target import Gate
from seviz.reference.arm_choice import default_arms
from seviz.ui.explore.first_answer import FirstAnswer
from seviz.ui.parts import html
from seviz.ui.parts.fields import BlockField
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable
from seviz.words.arms import EDITED, arm_title

HELP = "Click a cell, a bar or a name anywhere. Arrow keys move on."
GATE_HELP = (
    "First which z of the block drive this gate: how much its s rises as one z rises (∂s/∂z, the "
    "exact derivative of the gate's two layers). Then where the gates of its block lie among those "
    "of the reference images: on the dotted line, if all percentiles are equally frequent."
)
SHEET_JS = (Path(__file__).parent / "sheet.js").read_text("utf-8")
SHEET = (
    '<div class="sheet-bar">'
    '<button type="button" data-step="-1" aria-label="Previous channel">‹</button>channel'
    '<button type="button" data-step="1" aria-label="Next channel">›</button>'
    '<button type="button" data-about>All about it →</button>'
    '<button type="button" aria-label="Close this channel">×</button></div>'
)


@dataclass(frozen=True)
class Parts:
    """The components of the inspector but for its fields, which all parts share.

    shown: the gate that is shown; deeper: the folded part, which is worked out while it is
    open; unfolded: whether it is.
    """

    arm: gr.Radio
    facts: gr.HTML
    before: PlotView
    after: PlotView
    gates: PlotView
    shown: gr.State
    movers: ChannelTable
    deeper: gr.Accordion
    unfolded: gr.State
    drivers: PlotView
    places: PlotView
    nearest: gr.HTML

    @property
    def of_deeper(self) -> list[Any]:
        """List what the folded part shows."""
        return [self.drivers, self.places, self.nearest]


def lay_out_fields(first: FirstAnswer | None) -> dict[str, Any]:
    """Lay out the selected gate as two fields: also the way to a gate by keyboard."""
    gr.HTML(SHEET, js_on_load=SHEET_JS, elem_id="sheet-close")
    with gr.Row(elem_id="gate-fields"):
        block = BlockField(
            first.blocks if first else [],
            value=first.block if first else None,
            label="Block",
            elem_id="block",
            interactive=True,
            min_width=110,
        )
        channel = gr.Number(
            first.channel if first else 0,
            label="Channel",
            precision=0,
            elem_id="channel",
            min_width=90,
        )
        pin = gr.Button("Pin", size="sm", elem_id="pin", min_width=50)
    pinned = gr.HTML(elem_id="pinned")
    about = gr.Button("All about this gate →", size="sm", elem_id="about-gate")
    return {
        "block": block,
        "channel": channel,
        "pin": pin,
        "about_gate": about,
        "pinned": pinned,
    }


def pass_choices(off: Arm, *, edited: bool) -> list[tuple[str, str]]:
    """List the passes that can be shown: with gates, without them (off), and as edited, if so."""
    choices = [(arm_title(INTACT), "intact"), (arm_title(off), "other")]
    return [*choices, (EDITED[0], "edited")] if edited else choices


def lay_out(start: str, first: FirstAnswer | None) -> Parts:
    """Lay out the selected gate's sentence and pictures, and the gates that moved most.

    start: the key of the network that is chosen at first.
    """
    facts = gr.HTML(first.facts if first else html.hint(HELP), elem_id="facts")
    drawn = first and first.figures
    arm = gr.Radio(
        pass_choices(default_arms(start)[1], edited=False),
        value="intact",
        label="In the pass",
        elem_id="inspector-arm",
        elem_classes="segmented",
    )
    with gr.Row(elem_id="maps"):
        views = {
            name: PlotView(drawn and getattr(drawn, name), elem_id=name)
            for name in ("before", "after")
        }
    gates = PlotView(drawn and drawn.gates, elem_id="gates")
    movers = ChannelTable(first.movers if first else "", elem_id="movers")
    with gr.Accordion("What drives this gate, and is it usual?", open=False) as deeper:
        gr.HTML(html.hint(GATE_HELP))
        drivers = PlotView(elem_id="drivers")
        places = PlotView(elem_id="places")
        nearest = gr.HTML(elem_id="nearest")
    return Parts(
        arm=arm,
        facts=facts,
        **views,
        gates=gates,
        shown=gr.State(first and Gate(first.block, first.channel)),
        movers=movers,
        deeper=deeper,
        unfolded=gr.State(False),
        drivers=drivers,
        places=places,
        nearest=nearest,
    )
