"""What the view “Class curves” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.records.classes import MOST_CLASSES, SAMPLED
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView
from seviz.words.classes import CURVES_HINT, ORDER_WORDS, WAITING

ORDERS = [(words, order) for order, words in ORDER_WORDS.items()]


@dataclass(frozen=True)
class Parts:
    """The components of the view, and what it shows at present.

    sought: the classes that the address names, by their folders, until they are drawn, else None.
    """

    headline: gr.HTML
    block: gr.Dropdown
    classes: gr.Dropdown
    order: gr.Dropdown
    few: gr.Checkbox
    band: gr.Checkbox
    photo: gr.Checkbox
    curves: PlotView
    grid: PlotView
    shown: gr.State
    sought: gr.State

    @property
    def choices(self) -> list[Any]:
        """List what people choose, in the order of `view.Choice`, but for the block."""
        return [self.classes, self.order, self.few, self.band, self.photo]

    @property
    def outputs(self) -> list[Any]:
        """List what is drawn anew."""
        drawn = [self.headline, self.block, self.classes, self.curves, self.grid]
        return [*drawn, self.shown, self.sought]


def lay_out() -> Parts:
    """Lay out the sentence, the choices, the block's curves, and those of all blocks."""
    headline = gr.HTML(html.headline(WAITING, waiting=True), elem_id="classes-headline")
    with gr.Row(elem_id="classes-choices"):
        classes = gr.Dropdown(
            [],
            value=[],
            multiselect=True,
            max_choices=MOST_CLASSES,
            filterable=True,
            label=f"Classes, up to {MOST_CLASSES}: type to find one",
            elem_id="classes-names",
            scale=3,
            min_width=280,
        )
        block = gr.Dropdown([], label="Block", elem_id="classes-block", min_width=120)
        order = gr.Dropdown(
            ORDERS, value="channel", label="Order of channels", elem_id="classes-order"
        )
    with gr.Row(elem_id="classes-switches"):
        few = gr.Checkbox(
            value=True, label=f"{SAMPLED} channels, as in the article", elem_id="classes-few"
        )
        band = gr.Checkbox(label="± one standard deviation", elem_id="classes-band")
        photo = gr.Checkbox(
            value=True, label="with the photograph of Explore", elem_id="classes-photo"
        )
    curves = PlotView(elem_id="classes-curves")
    gr.HTML(html.hint(CURVES_HINT))
    gr.HTML(html.section("All blocks", "From the first to the last; click one to see it above."))
    grid = PlotView(elem_id="classes-grid")
    return Parts(
        headline=headline,
        block=block,
        classes=classes,
        order=order,
        few=few,
        band=band,
        photo=photo,
        curves=curves,
        grid=grid,
        shown=gr.State(),
        sought=gr.State(),
    )
