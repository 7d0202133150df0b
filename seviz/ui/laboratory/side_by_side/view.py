"""The view “Side by side”: two variants asked about one photograph."""

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import gradio as gr
from PIL import Image

from seviz.analysis.side_by_side import block_names, find_variant, trace_variant
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.atlas import LARGEST_FIRST, atlas
from seviz.figures.depth import depth_profile
from seviz.figures.gates import GateScale, gate_scale, widest
from seviz.nets.shipped import shipped_results
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.ui import address
from seviz.ui.gate.leading import TO_TOP, lead
from seviz.ui.laboratory.photo import photograph
from seviz.ui.laboratory.side_by_side import html as lab_sides_html
from seviz.ui.laboratory.side_by_side.layout import Parts, Side, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.fields import NO_GATE, clicked_gate
from seviz.ui.parts.navigation import EXPLORE, LABORATORY, PHOTO, SIDES, opening
from seviz.ui.parts.notify import REFUSALS, notify, sentence
from seviz.ui.parts.upload import EXAMPLE, GONE
from seviz.ui.state import Asked, Sought
from seviz.words import side_by_side
from seviz.words.gates import kind_of

NONE = "The study's networks are not here, so there is nothing to compare."
Photo = Image.Image | UserError | None
Updates = dict[Any, Any]  # {component: value}


@dataclass(frozen=True)
class Shown:
    """What the view shows: a photograph, by its digest and name, and the two traces.

    shows: what an example shows; None for any other photograph.
    """

    digest: str
    name: str
    first: Trace
    second: Trace
    shows: str | None

    def traces(self) -> dict[str, Trace]:
        """Return both traces by their variants' keys."""
        return {trace.model: trace for trace in (self.first, self.second)}


def build(
    asked: Asked,
    tab: gr.Tab,  # noqa: ARG001 - as of all views
    pages: gr.Tabs,
) -> list[gr.Dropdown]:
    """Lay the view out inside the current gr.Tab and connect it; returns the fields A and B."""
    if len(shipped_results()) < 2:
        gr.HTML(html.notice(NONE))
        return []
    parts = lay_out()
    _connect(asked, parts, Handlers(asked, parts, pages))
    return [parts.first, parts.second]


@dataclass(frozen=True)
class Look:
    """What both networks' figures have in common: their blocks, and the axis of their gates."""

    blocks: tuple[str, ...]
    axis: GateScale


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs) -> None:
        self.asked, self.parts, self.pages = asked, parts, pages

    def show(self, photo: Photo, a: Any, b: Any, shown: Shown | None) -> Any:
        """Ask the two variants about the photograph, if the view shows others yet."""
        try:
            picture, name = photograph(photo)
            return self._asked(picture, name, shown, a=a, b=b)
        except REFUSALS as error:
            return self._put_away(error)

    def swap(self, a: Any, b: Any, shown: Shown | None) -> Any:
        """Exchange A and B; nothing is asked again."""
        swapped = {self.parts.first: b, self.parts.second: a}
        if shown is None or (shown.first.model, shown.second.model) != (a, b):
            return swapped
        return swapped | self._drawn(replace(shown, first=shown.second, second=shown.first))

    def open(self, key: Any) -> Any:
        """Open a variant in “Explore”."""
        try:
            if find_variant(key).plain:
                raise UserError("This host has no gates to open; choose a variant with SE.")
        except UserError as error:
            return notify(error)
        return {self.pages: gr.Tabs(selected=EXPLORE), self.asked.wanted: Sought(key)}

    def click(
        self,
        event: gr.EventData,
        key: Any,
        shown: Shown | None,
    ) -> Any:
        """Open the page of the gate under a click on a variant's atlas."""
        if shown is None:
            return notify(GONE)
        try:
            site, channel = clicked_gate(event, shown.traces()[key])
        except (KeyError, TypeError):  # a client's key
            return notify(NO_GATE)
        except UserError as error:
            return notify(error)
        return lead(self.asked, self.pages, Sought(key, site.name, channel or 0))

    def _asked(self, photo: Image.Image, name: str, shown: Shown | None, *, a: Any, b: Any) -> Any:
        """Ask what is not known yet of this photograph."""
        keys = (find_variant(a).key, find_variant(b).key)
        digest = blake2b(photo.tobytes() + repr(photo.size).encode()).hexdigest()
        known = {}
        if shown and shown.digest == digest:
            known = shown.traces()
            if keys == (shown.first.model, shown.second.model):
                return gr.skip()
        for key in keys:
            if key not in known:
                known[key] = trace_variant(key, photo)
        first, second = (known[key] for key in keys)
        return self._drawn(Shown(digest, name, first, second, photo.info.get(EXAMPLE)))

    def _drawn(self, shown: Shown) -> Updates:
        """Draw everything of two traces."""
        p, a, b = self.parts, shown.first, shown.second
        found = shipped_results()
        return {
            p.seen: lab_sides_html.crop(a, shown.name),
            p.answers: lab_sides_html.answers(a, b, TOPK, shows=shown.shows),
            p.results: gr.Column(visible=True),
            p.variants: lab_sides_html.variants(found[a.model], found[b.model]),
            **(self._gates(a, b) if a.sites or b.sites else {p.gates: gr.Column(visible=False)}),
            p.shown: shown,
        }

    def _gates(self, a: Trace, b: Trace) -> Updates:
        """Draw both networks' gates, on one scale where they are of one kind."""
        p = self.parts
        scales = (gate_scale(a), gate_scale(b))
        if kind_of(a.sites) == kind_of(b.sites):
            scales = (gate_scale(a, b), gate_scale(a, b))
        spans = ((scale.low, scale.high) for scale in scales)
        axis = widest(*(gate_scale(trace) for trace in (a, b) if trace.sites))
        look = Look(tuple(block_names(a.sites, b.sites)), axis)
        return {
            p.gates: gr.Column(visible=True),
            p.scales: html.facts(side_by_side.scale_words(a, b, *spans)),
            **_side("A", p.a, a, scale=scales[0], look=look),
            **_side("B", p.b, b, scale=scales[1], look=look),
        }

    def _put_away(self, error: UserError | gr.Error) -> Updates:
        """Say in a sentence why there is nothing to see; no result of something else stays."""
        p, said = self.parts, sentence(error)
        return {
            p.answers: html.headline(said, waiting=True),
            p.seen: "",
            p.results: gr.Column(visible=False),
            p.shown: None,
        }


def _side(name: str, side: Side, trace: Trace, *, scale: GateScale, look: Look) -> Updates:
    """Draw one network's atlas and depth profile, if it has gates, and offer to open it."""
    heading = lab_sides_html.heading(name, trace)
    told: Updates = {
        side.heading: heading,
        side.atlas: None,
        side.colours: html.hint(side_by_side.colour_words(trace.sites)),
        side.open: gr.Button(f"Open {name} in Explore", visible=bool(trace.sites)),
        side.again: heading,
        side.depth: None,
        side.counted: html.hint(side_by_side.bar_words(trace.sites)),
    }
    if trace.sites:
        told[side.atlas] = atlas(
            trace,
            arm=0,
            show="s",
            keys=_own_gates(trace),
            ordered=LARGEST_FIRST,
            scale=scale,
            rows=look.blocks,
        )
        told[side.depth] = depth_profile(trace, arm=0, scale=look.axis, places=look.blocks)
    return told


def _own_gates(trace: Trace) -> dict[str, Floats]:
    """Order channels by their gates: those of two networks do not correspond, their order does."""
    return {name: of_arms[0] for name, of_arms in trace.s.items()}


def _connect(q: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    opened = opening(LABORATORY, SIDES, PHOTO)
    gr.on(
        [opened.select, p.first.change, p.second.change],
        handlers.show,
        [q.photo, p.first, p.second, p.shown],
        p.outputs,
        show_progress_on=[p.answers],
        trigger_mode="always_last",
        api_visibility="private",
    )
    swapped = [p.first, p.second, *p.outputs]
    p.swap.click(handlers.swap, [p.first, p.second, p.shown], swapped, **quiet)
    p.choose.click(lambda: gr.Tabs(selected=EXPLORE), None, handlers.pages, queue=False, **quiet)
    for field in (p.first, p.second):
        address.keep(field.change, "model2", p.first, p.second)
    opened = [handlers.pages, q.wanted]
    for side, key in ((p.a, p.first), (p.b, p.second)):
        side.open.click(handlers.open, [key], opened, **quiet)
        side.atlas.select(handlers.click, [key, p.shown], opened, **quiet).then(
            None, js=TO_TOP, api_visibility="private"
        )
