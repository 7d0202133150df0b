"""The tab “Explanations”: what the network looks at, with its gates and without."""

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr
from gradio.context import Context

from seviz.attribution.methods import METHODS, cost, reasons_against
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui import address
from seviz.ui.address import Address
from seviz.ui.explore.explanations import gates as explanations_gates
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations import trust as explanations_trust
from seviz.ui.explore.explanations.drawn import drawn_maps, redrawn, swept
from seviz.ui.explore.explanations.layout import CLASS, EDITED, GATE, OFF, Parts, lay_out
from seviz.ui.explore.explanations.question import (
    Fields,
    Question,
    Shown,
    before_gate,
    layers,
    look,
    understood,
)
from seviz.ui.explore.restoring import check_block
from seviz.ui.parts import html
from seviz.ui.parts.background import Estimates, Works
from seviz.ui.parts.navigation import EXPLAIN, EXPLORE, SELECTED, opening
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.progress import Runner, Unwanted, session_of
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, fitting_edits
from seviz.words.numbers import duration

# Counts what is computed at the moment; pictures are dimmed under a spinner as long as any is.
WAITS_JS = """() => {
  const { dataset } = document.querySelector("#explain-pictures") ?? {};
  if (dataset) dataset.waits = Math.max(0, Number(dataset.waits ?? 0) + %d);
}"""
ASKING = "Looking for what speaks for the answer …"
Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab) -> list[Any]:
    """Lay the tab out inside the current gr.Tab and connect it; returns what selects gates."""
    works = Works()
    parts, trust_parts, gate_parts = lay_out(asked.explained, asked.trusted)
    trust = explanations_trust.Handlers(trust_parts, works)
    gates = explanations_gates.Handlers(asked, gate_parts, works)
    _connect(asked, tab, Handlers(asked, parts, trust, works))
    trust.connect(parts.shown)
    gates.connect()
    return [gate_parts.atlas, gate_parts.blocks, gate_parts.table]


class Handlers:
    """What the maps do, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(
        self,
        asked: Asked,
        parts: Parts,
        trust: explanations_trust.Handlers,
        works: Works,
    ) -> None:
        self.asked, self.parts, self.works, self.trust = asked, parts, works, trust
        self.runner, self.estimates = Runner(works, EXPLAIN, parts.run), Estimates()

    def seek(
        self,
        event: gr.EventData,
        request: gr.Request,
        opened: str,
        record: Trace | None,
        *fields: Any,
    ) -> Iterator[Any]:
        """Explain what the fields ask, if the tab is open: at once by quick methods."""
        q = self.asked
        if event.target in (q.record, q.choice) and opened != EXPLAIN:
            yield gr.skip()
        else:
            yield from self._explained(request, record, Fields(*fields), pressed=False)

    def press(self, request: gr.Request, record: Trace | None, *fields: Any) -> Iterator[Any]:
        """Explain what the fields ask, by a slow method too."""
        yield from self._explained(request, record, Fields(*fields), pressed=True)

    def pick(self, request: gr.Request, record: Trace | None, *fields: Any) -> Iterator[Any]:
        """Explain another gate that was selected, where it is what is explained."""
        if (asked := Fields(*fields)).of == GATE:
            yield from self._explained(request, record, asked, pressed=False)
        else:
            yield gr.skip()

    def _explained(
        self, request: gr.Request, record: Trace | None, asked: Fields, *, pressed: bool
    ) -> Iterator[Any]:
        """Say what can be asked, then show the maps; the last ones stay until others are here.

        Maps that were computed before come back at once.
        """
        if record is None:
            yield notify(GONE) if pressed else gr.skip()
            return
        shown = asked.shown
        before = shown if shown and shown.record.is_of_same_photo(record) else None
        try:
            refused = {n: why for n, why in ask(reasons_against, record.model).items() if why}
            question = understood(record, asked, refused=refused, fresh=before is None)
        except REFUSALS as error:
            yield notify(error)
            return
        said = self._offer(record, asked, question, refused=refused, before=before)
        yield said
        if before and (question == before.question):
            return
        found, now = before.kept.get(question) if before else None, question
        if found is None and not (question.quick or pressed):
            if before:
                return
            now = question.at_once(record)
        try:
            found = found or (yield from self._asked(request, record, now, said))
        except Unwanted:
            yield gr.skip()
            return
        except REFUSALS as error:
            notify(error)
            yield said | self.runner.idle(not question.quick)
            return
        self.works.discard(session_of(request), explanations_trust.KIND)
        showing = (before or Shown(record, now)).then(now, found)
        drawn = drawn_maps(self.parts, showing, at=asked.at, how=look(asked.sign, asked.opacity))
        yield said | drawn | self.trust.put_away() | self._startable(record, question, showing)

    def restore(self, request: gr.Request) -> Updates:
        """Choose what the page's address names: a method, and what it explains."""
        return self._chosen(Address.read(request.query_params))

    def return_to(self, event: gr.EventData) -> Updates:
        """Choose those of the address that people went back or forward to, or the first."""
        return {self.parts.method: self.parts.method.value} | self._chosen(
            Address.read(event._data)
        )

    def _chosen(self, said: Address) -> Updates:
        p = self.parts
        chosen: Updates = {
            p.of: said.explained if said.explained in {CLASS, GATE} else CLASS,
            p.other: said.other if said.other == EDITED else OFF,
        }
        try:
            if said.layer:
                check_block(said.layer, said.model, usual=self.asked.model.value)
                chosen[p.layer] = gr.Dropdown([said.layer], value=said.layer)
        except UserError as error:
            notify(error)
        return chosen | ({p.method: said.method} if said.method in METHODS else {})

    def again(
        self, request: gr.Request, opened: str, record: Trace | None, *fields: Any
    ) -> Iterator[Any]:
        """Explain by the method that came back, if the tab is open."""
        if opened == EXPLAIN:
            yield from self._explained(request, record, Fields(*fields), pressed=False)
        else:
            yield gr.skip()

    def look(self, at: Any, opacity: Any, sign: Any, shown: Shown | None) -> Any:
        """Draw the maps with another opacity, or other signs."""
        if shown is None:
            return gr.skip()
        return redrawn(self.parts, shown, at=at, how=look(sign, opacity))

    def move(self, at: Any, opacity: Any, sign: Any, shown: Shown | None) -> Any:
        """Draw the map between the two arms’."""
        if shown is None:
            return gr.skip()
        return swept(self.parts, shown, at=at, how=look(sign, opacity))

    def leave(self, request: gr.Request) -> None:
        """Stop all work of a page that was closed, or is given another photograph."""
        self.works.discard(session_of(request))

    def _offer(
        self,
        record: Trace,
        asked: Fields,
        question: Question,
        *,
        refused: Mapping[str, str],
        before: Shown | None,
    ) -> Updates:
        """Show what can be asked, and take away what another photograph led to."""
        p = self.parts
        fitting = bool(fitting_edits(record, asked.edits))
        edited = fitting and asked.other == EDITED
        said: Updates = {
            p.other: gr.Radio(value=EDITED if edited else OFF, visible=fitting),
            p.says: explanations_html.method_hint(question.method, refused),
            p.layer: gr.Dropdown(
                layers(before_gate(record.sites, question.target)),
                value=question.layer or asked.layer,
                visible=bool(question.layer),
            ),
            **({} if question.method == asked.method else {p.method: question.method}),
            **self._startable(record, question, before),
        }
        if before:
            return said
        fit = [(m.title, m.name) for m in METHODS.values() if m.name not in refused]
        return said | {
            p.method: gr.Dropdown(fit, value=question.method),
            p.headline: html.headline(ASKING, waiting=True),
            **dict.fromkeys([p.scale, p.facts], ""),
            **dict.fromkeys([p.first, p.second, p.difference, p.sweep, p.shown]),
            **self.trust.put_away(),
        }

    def _startable(self, record: Trace, question: Question, before: Shown | None) -> Updates:
        """Offer to start a slow method, with the time it will take where that is known."""
        known = before is not None and question in before.kept
        if question.quick or known:
            return self.runner.idle(False)
        rows = 2 * cost(question.method)
        seconds = self.estimates.seconds(record.model, question.method, rows)
        told = "" if seconds is None else f" ({duration(seconds)})"
        hint = "" if before is None else explanations_html.stale_hint(before.found)
        run = self.parts.run
        return {run.start: gr.Button(f"Explain{told}", visible=True), run.progress: hint}

    def _asked(self, request: gr.Request, record: Trace, question: Question, said: Updates) -> Any:
        """Ask for maps; what is returned ends a generator of what people see meanwhile."""
        from seviz.attribution.maps import attribute

        recorded = recorded_for(record.model, question.arms)
        found, seconds = yield from self.runner.follow(
            request,
            lambda watch: ask(
                attribute,
                record.model,
                record.image,
                question.arms,
                method=question.method,
                target=question.target,
                layer=question.layer,
                recorded=recorded,
                watch=watch,
            ),
            said,
        )
        rows = 2 * cost(question.method)
        self.estimates.record(record.model, question.method, rows, seconds=seconds)
        return found


def _connect(q: Asked, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API.

    Another question may be asked while one is computed, and takes its place.
    """
    p, private = handlers.parts, {"api_visibility": "private"}
    quiet: dict[str, Any] = {**private, "show_progress": "hidden"}
    fields = [q.edits, q.target, q.arm, q.block, q.channel, *p.fields, *p.looks, p.shown]
    everything = [*p.outputs, *handlers.trust.parts.shown]
    together = {**quiet, "trigger_mode": "multiple", "concurrency_limit": 8}
    asks = [tab.select, q.record.change, q.choice.change]
    asks += [field.input for field in p.fields]
    picked = opening(EXPLORE, EXPLAIN, SELECTED)
    for events, handler, seen in (
        (asks, handlers.seek, [q.open, q.record, *fields]),
        ([picked.select], handlers.pick, [q.record, *fields]),
        ([p.run.start.click], handlers.press, [q.record, *fields]),
    ):
        gr.on(events, None, None, None, js=WAITS_JS % 1, **private)
        gr.on(events, handler, seen, everything, **together).then(
            None, None, None, js=WAITS_JS % -1, **private
        )
    latest = {**quiet, "trigger_mode": "always_last"}
    gr.on([p.opacity.change, p.sign.input], handlers.look, [*p.looks, p.shown], p.views, **latest)
    p.at.change(handlers.move, [*p.looks, p.shown], [p.sweep], **latest)
    handlers.runner.connect()
    gr.on([q.photo_changed.select, q.model.input], handlers.leave, None, None, queue=False, **quiet)
    address.keep(p.method.input, "method", p.method)
    address.keep(p.of.input, "explained", p.of, usual=CLASS)
    address.keep(p.layer.input, "layer", p.layer)
    address.keep(p.other.input, "other", p.other, usual=OFF)
    root, kept = Context.root_block, [p.method, p.of, p.layer, p.other]
    root.load(handlers.restore, None, kept, **quiet)
    q.returned.select(handlers.return_to, None, kept, **quiet).then(
        handlers.again, [q.open, q.record, *fields], everything, **together
    )
    root.unload(handlers.leave)
