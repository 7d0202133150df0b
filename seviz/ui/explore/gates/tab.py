"""The tab “Gates”: the atlas of all gates, and their spread along the depth."""

from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.figures.atlas import BY_NUMBER, LARGEST_FIRST, Keys, atlas
from seviz.figures.depth import depth_profile
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.percentiles import percentiles
from seviz.ui.explore.gates import pins
from seviz.ui.explore.gates.html import atlas_help
from seviz.ui.explore.gates.layout import Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.navigation import RESTORED, told
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
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
        updates = {
            self.parts.depth_help: html.hint(depth_words(record.sites)),
            self.parts.depth: depth_profile(record, arm=0),
        }
        drawn = self._atlas(record, row_of(record, arm), show=show, side=side, sort=sort)
        return drawn | with_source(updates, chart_sources.of_trace(record))

    def draw(self, record: Trace | None, arm: str, show: str, side: str, sort: str) -> Any:
        """Draw the atlas of the current trace anew."""
        if record is None:
            return notify(GONE)
        return self._atlas(record, row_of(record, arm), show=show, side=side, sort=sort)

    def draw_restored(self, record: Trace | None, *chosen: str) -> Any:
        """Draw the atlas as the address says; a trace that is yet to come is drawn so anyway."""
        return gr.skip() if record is None else self.draw(record, *chosen)

    def _atlas(self, record: Trace, row: int, *, show: str, side: str, sort: str) -> Updates:
        keys, ordered = ordering(record, row, sort)
        updates = {
            self.parts.atlas: atlas(
                record,
                arm=0 if side == "with" else row,
                show=show,
                difference=side == "difference",
                keys=keys,
                ordered=ordered,
            ),
            self.parts.atlas_help: atlas_help(record, row, show=show, side=side),
        }
        return with_source(updates, chart_sources.of_trace(record))


def ordering(record: Trace, row: int, sort: str) -> tuple[Keys | None, str]:
    """Return what channels are ordered by, C a block, and what this means from left to right.

    None where it is their numbers. row: the arm of the difference. A network without reference
    statistics is ordered by s instead of by percentiles, and by numbers instead of by what varies.
    """
    profile = reference(record.model)
    own = {name: of_arms[0] for name, of_arms in record.s.items()}
    match sort:
        case "percentile" if profile:
            places = {n: percentiles(profile.blocks[n], s) for n, s in own.items()}
            return places, "highest percentile of s → lowest"
        case "constant" if profile:
            steady = {n: -block.s_std for n, block in profile.blocks.items()}
            return steady, "s varies least between photographs → most"
        case "s" | "percentile":
            return own, LARGEST_FIRST
        case "z":
            z = {name: of_arms[0] for name, of_arms in record.z.items()}
            return z, "largest z → smallest z"
        case "difference":
            moved = {name: abs(of[row] - of[0]) for name, of in record.s.items()}
            return moved, "largest difference of s → smallest"
    return None, BY_NUMBER


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
    q.kept.choice("show", p.show)
    q.kept.choice("side", p.side)
    q.kept.choice("order", p.sort)
    told(RESTORED).select(handlers.draw_restored, seen, overview, **latest)
    gr.on(
        [q.choice.change, *(switch.input for switch in p.switches)],
        handlers.draw,
        seen,
        overview,
        **latest,
    )
