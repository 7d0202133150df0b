"""What the section “Over many images” consists of."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.gate.dimming import lay_out_drawn
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.words.gate_page import IMAGES_TEXT


@dataclass(frozen=True)
class Parts:
    """The components of the section, from top to bottom; drawn: the `Shown` that they show.

    of: says of which gate they are (`gate.dimming`).
    """

    missing: gr.HTML
    facts: gr.HTML
    hint: gr.HTML
    classes: PlotView
    spread: PlotView
    scatter: PlotView
    claim: gr.HTML
    images: gr.HTML
    drawn: gr.State
    of: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """List what another gate changes."""
        charts, told = [self.classes, self.spread, self.scatter], [self.drawn, self.of]
        return [self.missing, self.facts, self.hint, *charts, self.claim, self.images, *told]


def lay_out() -> Parts:
    """Lay out what is said and drawn of the gate over many images."""
    gr.HTML(html.section("Over many images", IMAGES_TEXT))
    missing = gr.HTML(elem_id="gate-missing")
    facts = gr.HTML(elem_id="gate-facts")
    hint = gr.HTML(elem_id="gate-images-hint")
    with gr.Row(elem_id="gate-charts"):
        classes = plot_column("gate-classes")
        with gr.Column(min_width=280):
            spread = PlotView(elem_id="gate-spread")
            scatter = PlotView(elem_id="gate-scatter")
            claim = gr.HTML(elem_id="gate-claim")
    return Parts(
        missing=missing,
        facts=facts,
        hint=hint,
        classes=classes,
        spread=spread,
        scatter=scatter,
        claim=claim,
        images=gr.HTML(elem_id="gate-images"),
        drawn=gr.State(),
        of=lay_out_drawn("gate-missing", "gate-facts", "gate-charts", "gate-images"),
    )
