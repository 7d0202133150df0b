"""What the section “On this photograph” consists of."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.gate.dimming import lay_out_drawn
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.words.gate_page import DRIVERS_HINT, PICTURES_HINT


@dataclass(frozen=True)
class Parts:
    """The components of the section, from top to bottom.

    missing: why there is nothing to see; there: all else; told, pictured, driven: the `Shown` that
    each of its parts shows, and those that end in `_of` say of which gate they are
    (`gate.dimming`).
    """

    missing: gr.HTML
    there: gr.Column
    facts: gr.HTML
    before: PlotView
    after: PlotView
    places: PlotView
    where: gr.HTML
    drivers: PlotView
    percentiles: PlotView
    told: gr.State
    pictured: gr.State
    driven: gr.State
    facts_of: gr.HTML
    pictures_of: gr.HTML
    drivers_of: gr.HTML

    @property
    def of_facts(self) -> list[Any]:
        """List what the facts change."""
        return [self.missing, self.there, self.facts, self.told, self.facts_of]

    @property
    def of_pictures(self) -> list[Any]:
        """List what the pictures change."""
        maps = [self.before, self.after, self.places]
        return [*maps, self.where, self.pictured, self.pictures_of]

    @property
    def of_drivers(self) -> list[Any]:
        """List what the charts of drivers change."""
        return [self.drivers, self.percentiles, self.driven, self.drivers_of]


def lay_out() -> Parts:
    """Lay out the facts, the pictures, and what drives the gate."""
    gr.HTML(html.section("On this photograph", ""))
    missing = gr.HTML(elem_id="gate-photo-missing")
    with gr.Column(elem_id="gate-photo") as there:
        facts = gr.HTML(elem_id="gate-photo-facts")
        with gr.Row(elem_id="gate-maps"):
            before, after, places = (
                plot_column(f"gate-{name}") for name in ("before", "after", "where")
            )
        where = gr.HTML(elem_id="gate-where-told")
        gr.HTML(html.hint(PICTURES_HINT))
        with gr.Row(elem_id="gate-driven"):
            drivers, percentiles = (
                plot_column(f"gate-{name}") for name in ("drivers", "percentiles")
            )
        gr.HTML(html.hint(DRIVERS_HINT))
    return Parts(
        missing=missing,
        there=there,
        facts=facts,
        before=before,
        after=after,
        places=places,
        where=where,
        drivers=drivers,
        percentiles=percentiles,
        told=gr.State(),
        pictured=gr.State(),
        driven=gr.State(),
        facts_of=lay_out_drawn("gate-photo-missing", "gate-photo-facts"),
        pictures_of=lay_out_drawn("gate-maps", "gate-where-told"),
        drivers_of=lay_out_drawn("gate-driven"),
    )
