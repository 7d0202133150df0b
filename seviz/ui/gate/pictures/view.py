"""The section “Pictures made for this gate”: they appear as they form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import Context

from seviz import limits
from seviz.answers.overview import find_block
from seviz.answers.pictures import Made, PicturesQuestion, draw_pictures, pictures_report
from seviz.errors import UserError
from seviz.files import make_folder
from seviz.passes.dispatch import ask, expected_seconds, known_seconds
from seviz.passes.estimate import PassRows
from seviz.passes.gpu_seconds import is_small
from seviz.pictures.overview import STEPS as SHEET_STEPS
from seviz.pictures.overview import draw_overview, folder_of
from seviz.records.aims import KINDS
from seviz.records.pictures import Overview
from seviz.records.trace import Trace
from seviz.reference.opened import count_beyond, sample_size
from seviz.ui.gate.chosen import Shown, known_gates
from seviz.ui.gate.dimming import drawn_gate
from seviz.ui.gate.leading import GatePage
from seviz.ui.gate.pictures import html as pictures_html
from seviz.ui.gate.pictures.layout import STEPS, Parts
from seviz.ui.parts import html, sheets
from seviz.ui.parts.background import Works
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.progress import Run, Runner, session_of
from seviz.ui.parts.upload import GONE
from seviz.watch import Watch, taking_long
from seviz.words.numbers import duration
from seviz.words.overview import overview_words
from seviz.words.pictures import NOT_KEPT, TOO_LONG, control_words, headline, nothing_words
from seviz.zoo.catalogue import find

PICTURES, SHEET = "pictures", "sheet"  # kinds of work
TOLD = 1.0  # seconds: the time of what takes less is not told
Updates = dict[Any, Any]  # {component: value}


@dataclass
class Forming:
    """Pictures that a thread makes: the latest ones."""

    made: Made | None = None


class Handlers:
    """What the section does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts, of_page: gr.HTML) -> None:
        """Take the section's parts, and what tells the browser of the network's sheets."""
        self.parts, self.of_page, self.works = parts, of_page, Works()
        self.runner = Runner(self.works, PICTURES, parts.run)
        self.sheet_runner = Runner(self.works, SHEET, parts.block_run)

    def follow(
        self, request: gr.Request, shown: Shown | None, record: Trace | None, drawn: Any
    ) -> Any:
        """Show what there is of another gate, and take away what was made for the last one.

        Nothing is downloaded for it. record: Explore's trace, of any network.
        """
        gate = None if shown is None else (shown.model, *shown.gate)
        if gate == drawn:
            return gr.skip()
        self.works.discard(session_of(request), PICTURES)
        same_block = drawn is not None and gate is not None and gate[:2] == drawn[:2]
        if not same_block:
            self.works.discard(session_of(request), SHEET)
        p = self.parts
        said: Updates = self.runner.idle(False)
        said |= dict.fromkeys([p.headline, p.made, p.facts, p.small], html.NOTHING)
        said |= {p.drawn: gate, p.of: drawn_gate(shown)}
        if shown is None:
            return said | self._sheet(None, None)
        try:
            said[p.small] = sheets.picture(shown.model, *shown.gate)
            said |= _offer(_gate_work(shown, PicturesQuestion()), p.run)
            return said if same_block else said | self._sheet(shown, record)
        except REFUSALS as error:
            return notify(error)

    def make(self, request: gr.Request, *fields: Any) -> Iterator[Any]:
        """Make pictures for the gate, and show them as they form.

        fields: what the page shows, the steps and the canvas, which a client may have forged.
        """
        shown, steps, canvas = fields
        if shown is None:
            yield notify(GONE)
            return
        asked = PicturesQuestion(
            steps=steps if steps in STEPS else STEPS[1],
            kind=canvas if canvas in KINDS else KINDS[0],
        )
        yield from self.runner.ending_well(self._made(request, shown, asked))

    def _made(
        self, request: gr.Request, shown: Shown, asked: PicturesQuestion
    ) -> Iterator[Updates]:
        forming, p = Forming(), self.parts

        def task(watch: Watch) -> Made:
            _check_time(_gate_work(shown, asked))
            with taking_long():
                for made in draw_pictures(shown.model, shown.name, asked, watch=watch):
                    forming.made = made
            assert forming.made is not None
            return forming.made

        def so_far() -> Updates:
            return {p.made: pictures_html.made_pictures(forming.made, shown.name)}

        made, _ = yield from self.runner.follow(request, task, so_far, news=lambda: forming.made)
        report = pictures_report(shown.model, asked, made)
        yield {
            p.headline: html.headline(headline(report)),
            p.made: pictures_html.made_pictures(made, shown.name),
            p.facts: html.facts(f"{nothing_words(report)} {control_words(report)}".strip()),
            **self.runner.idle(),
        }

    def draw_block(self, request: gr.Request, shown: Shown | None) -> Iterator[Any]:
        """Draw a picture for each gate of the block, and keep them for all visitors."""
        if shown is None:
            yield notify(GONE)
            return
        yield from self.sheet_runner.ending_well(self._drawn_block(request, shown))

    def _drawn_block(self, request: gr.Request, shown: Shown) -> Iterator[Updates]:
        source = find(shown.model)
        try:
            make_folder(folder_of(source))
        except UserError as error:  # which names a folder of the server
            raise UserError(NOT_KEPT) from error

        def task(watch: Watch) -> Overview:
            site = ask(find_block, shown.model, shown.block)
            _check_time(_block_work(shown, site.channels))
            with taking_long():
                return draw_overview(source, site, folder_of(source), watch=watch)

        yield from self.sheet_runner.follow(request, task, {})
        p = self.parts
        small = sheets.picture(shown.model, *shown.gate)
        said = {p.small: small, self.of_page: sheets.sheets(shown.model)}
        yield said | self.sheet_runner.idle() | self._sheet(shown, None)

    def leave(self, request: gr.Request) -> None:
        """Stop all work of a page that was closed."""
        self.works.discard(session_of(request))

    def _sheet(self, shown: Shown | None, record: Trace | None) -> Updates:
        """Show the sheet of the block, or offer to draw it; record: may tell its gates."""
        p, start = self.parts, self.parts.block_run.start
        if shown is None:
            return {p.sheet: html.NOTHING, start: gr.Button(visible=False)}
        found = sheets.overview(shown.model, shown.block)
        if found is None:
            gates = known_gates(shown.model, record).get(shown.block, 0)
            return {p.sheet: html.NOTHING} | _offer(_block_work(shown, gates), p.block_run)
        said = _sheet_words(shown.model, found)
        shown_sheet = pictures_html.sheet(found, sheets.url(shown.model, found), said)
        return {p.sheet: shown_sheet, start: gr.Button(visible=False)}


def _sheet_words(key: str, found: Overview) -> str:
    live, beyond = count_beyond(key, found.site, found.s)
    said = overview_words(
        found.site, len(found.s), live=live, beyond=beyond, sample=sample_size(key)
    )
    return f"{said} Click one to see its gate."


@dataclass(frozen=True)
class Offer:
    """Work that a button starts: of which network, how much, and the command that does the same."""

    key: str
    rows: PassRows
    title: str
    command: str

    def refusal(self, seconds: float) -> str:
        """Say why it is left to the command, where it takes too long; else ""."""
        if seconds <= limits.LONG.value:
            return ""
        return TOO_LONG.format(time=duration(seconds), command=self.command, key=self.key)


def _gate_work(shown: Shown, asked: PicturesQuestion) -> Offer:
    return Offer(shown.model, asked.rows, "Make pictures", f"--gate '{shown.name}'")


def _block_work(shown: Shown, gates: int) -> Offer:
    rows, title = PassRows(gradients=gates * SHEET_STEPS), "Draw a picture for each gate of"
    return Offer(shown.model, rows, f"{title} {shown.block}", f"--block {shown.block}")


def _offer(work: Offer, run: Run) -> Updates:
    """Offer work, with its time where that is known; what takes too long is left to a command."""
    # A measurement may be of a busy moment, as the page just opens; of a small network, another one
    # costs next to nothing.
    most = TOLD if is_small(find(work.key)) else None
    seconds = known_seconds(work.key, work.rows, most=most) or 0.0
    if refusal := work.refusal(seconds):
        return {run.start: gr.Button(visible=False), run.progress: html.hint(refusal)}
    told = f"{work.title} ({duration(seconds)})" if seconds >= TOLD else work.title
    return {run.start: gr.Button(told, visible=True), run.progress: html.NOTHING}


def _check_time(work: Offer) -> None:
    """Raise UserError for work that takes too long, which may not have been known before."""
    seconds = expected_seconds(work.key, work.rows, most=limits.LONG.value)
    if refusal := work.refusal(seconds):
        raise UserError(refusal)


def connect(shown: gr.State, handlers: Handlers, page: GatePage) -> None:
    """Connect events to handlers; page: opens the page of a gate that is clicked."""
    p, record = handlers.parts, page.asked.record
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    seen = [shown, record, p.drawn]
    shown.change(handlers.follow, seen, p.of_gate, trigger_mode="always_last", **quiet)
    p.run.start.click(handlers.make, [shown, p.steps, p.canvas], p.results, **quiet)
    outputs = [*p.block_run.shown, p.small, p.sheet, handlers.of_page]
    p.block_run.start.click(handlers.draw_block, shown, outputs, **quiet)
    handlers.runner.connect()
    handlers.sheet_runner.connect()
    page.follow(p.sheet.select, trigger_mode="multiple", **quiet)
    Context.root_block.unload(handlers.leave)
