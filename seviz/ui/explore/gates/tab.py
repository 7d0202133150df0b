"""The tab “Gates”: the atlas of all gates, and their spread along the depth."""

from typing import Any

import gradio as gr

from seviz.figures.atlas import Keys, atlas
from seviz.figures.depth import depth_profile
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.percentiles import percentiles
from seviz.ui.explore.gates import pins
from seviz.ui.explore.gates.html import atlas_help
from seviz.ui.explore.gates.layout import Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.notify import notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, row_of
from seviz.words.gates import depth_words

Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab) -> list[Any]:  # noqa: ARG001  # all tabs are built alike
    """Lay the tab out inside the current gr.Tab and connect it; returns where gates are chosen."""
    parts = lay_out(asked.first)
    _connect(asked, parts, Handlers(parts))
    pins.connect(asked, parts.pins)
    return [parts.atlas, parts.pins]


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def arrive(self, record: Trace | None, arm: str, show: str, side: str, sort: str) -> Any:
        """Draw everything of a new trace."""
        if record is None:  # it was put away after an hour
            return gr.skip()
        return self._atlas(record, row_of(record, arm), show=show, side=side, sort=sort) | {
            self.parts.depth_help: html.hint(depth_words(record.sites)),
            self.parts.depth: depth_profile(record, arm=0),
        }

    def draw(self, record: Trace | None, arm: str, show: str, side: str, sort: str) -> Any:
        """Draw the atlas of the current trace anew."""
        if record is None:
            return notify(GONE)
        return self._atlas(record, row_of(record, arm), show=show, side=side, sort=sort)

    def _atlas(self, record: Trace, row: int, *, show: str, side: str, sort: str) -> Updates:
        return {
            self.parts.atlas: atlas(
                record,
                arm=0 if side == "with" else row,
                show=show,
                difference=side == "difference",
                keys=sort_keys(record, row, sort),
            ),
            self.parts.atlas_help: atlas_help(record, row, show=show, side=side),
        }


def sort_keys(record: Trace, row: int, sort: str) -> Keys | None:
    """Return what channels are ordered by, C a block; None for their numbers.

    row: the arm of the difference. A network without reference statistics is ordered by s instead
    of by percentiles, and by numbers instead of by what never moves.
    """
    profile = reference(record.model)
    own = {name: of_arms[0] for name, of_arms in record.s.items()}
    match sort:
        case "s":
            return own
        case "z":
            return {name: of_arms[0] for name, of_arms in record.z.items()}
        case "difference":
            return {name: abs(of[row] - of[0]) for name, of in record.s.items()}
        case "percentile":
            known = profile.blocks if profile else None
            return {n: percentiles(known[n], s) for n, s in own.items()} if known else own
        case "constant":
            return {n: -block.s_std for n, block in profile.blocks.items()} if profile else None
    return None


def _connect(q: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    latest: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "always_last",
    }
    seen = [q.record, q.arm, *p.switches]
    overview = [p.atlas, p.atlas_help]
    q.record.change(handlers.arrive, seen, [*overview, p.depth_help, p.depth], **latest)
    gr.on(
        [q.choice.change, *(switch.input for switch in p.switches)],
        handlers.draw,
        seen,
        overview,
        **latest,
    )
