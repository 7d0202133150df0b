"""What the view “One gate” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.dataset.gate.html import KEYS_JS
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.words.one_gate import HINT


@dataclass(frozen=True)
class Parts:
    """The components of the view, from top to bottom.

    shown: which gate they show; moved: the one that was chosen here, until “Explore” shows it.
    """

    back: gr.Button
    previous: gr.Button
    block: gr.Dropdown
    channel: gr.Number
    next: gr.Button
    headline: gr.HTML
    facts: gr.HTML
    missing: gr.HTML
    classes: PlotView
    spread: PlotView
    scatter: PlotView
    claim: gr.HTML
    images: gr.HTML
    shown: gr.State
    moved: gr.State

    @property
    def outputs(self) -> list[Any]:
        """List what another gate changes."""
        told = [self.headline, self.facts, self.missing, self.classes, self.spread, self.scatter]
        return [self.block, self.channel, *told, self.claim, self.images, self.shown]


def lay_out() -> Parts:
    """Lay out the fields of the gate, and all that is said and drawn of it."""
    with gr.Row(elem_id="gate-row"):
        block = gr.Dropdown([], label="Block", elem_id="gate-block", min_width=120)
        previous = gr.Button("‹ Previous", size="sm", elem_id="gate-previous", min_width=60)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="gate-channel", min_width=90)
        following = gr.Button("Next ›", size="sm", elem_id="gate-next", min_width=60)
        back = gr.Button("← Back to the photograph", size="sm", elem_id="gate-back")
    gr.HTML(js_on_load=KEYS_JS, visible="hidden")
    headline = gr.HTML(elem_id="gate-headline")
    facts = gr.HTML(elem_id="gate-facts")
    missing = gr.HTML(elem_id="gate-missing")
    gr.HTML(html.hint(HINT))
    with gr.Row(elem_id="gate-charts"):
        classes = plot_column("gate-classes")
        with gr.Column(min_width=280):
            spread = PlotView(elem_id="gate-spread")
            scatter = PlotView(elem_id="gate-scatter")
            claim = gr.HTML(elem_id="gate-claim")
    images = gr.HTML(elem_id="gate-images")
    return Parts(
        back=back,
        previous=previous,
        block=block,
        channel=channel,
        next=following,
        headline=headline,
        facts=facts,
        missing=missing,
        classes=classes,
        spread=spread,
        scatter=scatter,
        claim=claim,
        images=images,
        shown=gr.State(),
        moved=gr.State(),
    )
