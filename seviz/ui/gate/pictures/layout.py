"""What the section “Pictures made for this gate” consists of, from top to bottom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seviz.records.aims import FOURIER, MACO
from seviz.ui.gate.dimming import lay_out_drawn
from seviz.ui.parts import html
from seviz.ui.parts.progress import Run, lay_out_run
from seviz.words.pictures import HINT

STEPS = (32, 64, 128, 256)  # that can be chosen
SHEET_JS = (Path(__file__).parent / "sheet.js").read_text("utf-8")
CANVASES = [("all of the spectrum", FOURIER), ("its phases alone (MaCo)", MACO)]


@dataclass(frozen=True)
class Parts:
    """The components of the section, from top to bottom.

    small: the gate's picture on its block's sheet; made: the pictures that were made here; sheet:
    of the whole block; drawn: which gate they are of, and of: the same for the browser
    (`gate.dimming`).
    """

    small: gr.HTML
    run: Run
    steps: gr.Radio
    canvas: gr.Radio
    headline: gr.HTML
    made: gr.HTML
    facts: gr.HTML
    block_run: Run
    sheet: gr.HTML
    drawn: gr.State
    of: gr.HTML

    @property
    def results(self) -> list[Any]:
        """List what pictures that are made change."""
        return [*self.run.shown, self.headline, self.made, self.facts]

    @property
    def of_gate(self) -> list[Any]:
        """List what another gate changes."""
        told = [self.drawn, self.of]
        return [*self.results, self.small, *self.block_run.shown, self.sheet, *told]


def lay_out() -> Parts:
    """Lay out the section inside the current column."""
    gr.HTML(html.section("Pictures made for this gate", ""))
    small = gr.HTML(elem_id="pictures-small")
    run = lay_out_run("pictures", "Make pictures")
    headline = gr.HTML(elem_id="pictures-headline")
    made = gr.HTML(elem_id="pictures-made")
    facts = gr.HTML(elem_id="pictures-facts")
    gr.HTML(html.hint(HINT))
    with gr.Accordion("How they are made", open=False, elem_id="pictures-how"), gr.Row():
        steps = gr.Radio(
            [(str(step), step) for step in STEPS],
            value=STEPS[1],
            label="Steps",
            elem_id="pictures-steps",
            elem_classes="segmented",
        )
        canvas = gr.Radio(
            CANVASES,
            value=FOURIER,
            label="What changes",
            elem_id="pictures-canvas",
            elem_classes="segmented",
        )
    with gr.Accordion("All gates of this block", open=False, elem_id="pictures-block"):
        block_run = lay_out_run("sheet", "Draw a picture for each gate", visible=False)
        sheet = gr.HTML(js_on_load=SHEET_JS, elem_id="pictures-sheet")
    return Parts(
        small=small,
        run=run,
        steps=steps,
        canvas=canvas,
        headline=headline,
        made=made,
        facts=facts,
        block_run=block_run,
        sheet=sheet,
        drawn=gr.State(),
        of=lay_out_drawn(*(f"pictures-{name}" for name in ("small", "headline", "made", "facts"))),
    )
