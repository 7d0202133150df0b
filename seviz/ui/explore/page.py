"""The page “Explore”: a photograph and a network in; answers over a tab for each question."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from PIL import Image

from seviz.answers.export import zip_trace
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.passes.dispatch import ask, fetch
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, TWIN
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.explanations import tab as explanations
from seviz.ui.explore.gates import tab as gates
from seviz.ui.explore.layout import lay_out_question
from seviz.ui.explore.matters import tab as matters
from seviz.ui.explore.surgery import tab as surgery
from seviz.ui.explore.two_photos import tab as two_photos
from seviz.ui.parts import html
from seviz.ui.parts.navigation import EXPLAIN, GATES, MATTERS, SURGERY, remember
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.photo_field import name_examples
from seviz.ui.state import OFF, Asked, off_choices
from seviz.zoo import catalogue

TABS = (
    (GATES, "Gates", gates),
    (EXPLAIN, "Explanations", explanations),
    (SURGERY, "Surgery", surgery),
    (MATTERS, "What matters", matters),
    ("pair", "Two photos", two_photos),
)
Updates = dict[Any, Any]  # {component: value}


def build(start: str, notice: str) -> Asked:
    """Lay the page out inside the current gr.Blocks and connect it; returns what was asked.

    start: the key of the network that is chosen at first; notice: a sentence on top, or "".
    """
    asked = lay_out_question(start, notice)
    with gr.Column(visible=False, elem_id="results") as results, gr.Tabs(elem_id="tabs"):
        for name, title, page in TABS:
            with gr.Tab(title, id=name) as tab:
                page.build(asked, tab)
                remember(tab, asked.open)
    _connect(asked, results, Handlers(asked, results))
    return asked


class Handlers:
    """What the page does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked, results: gr.Column) -> None:
        self.asked, self.results = asked, results

    def answer(
        self,
        photo: Image.Image | UserError | None,
        model: str,
        off: str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # Gradio's protocol
    ) -> Iterator[Any]:
        """Trace a photograph; the answers come first, then the trace itself and the download.

        Each step repeats the updates of the steps before it: a busy browser draws only the last of
        the steps that have arrived.
        """
        q = self.asked
        if isinstance(photo, UserError):
            yield notify(photo)
            return
        yield self._introduced(model)  # a download may take its time
        progress(0, desc=f"Opening {catalogue.find(model).title}")
        key = self._fetched(model)
        said = self._introduced(key) | {q.networks: html.networks(catalogue.entries())}
        choices = off_choices(key)
        off = off if off in choices else choices[0]
        said[q.off] = gr.Dropdown(choices, value=off)
        if key != model:
            said[q.model] = key
        yield said
        if photo is None:  # none yet, or the field was cleared: the last result stays
            return
        try:
            arms = [INTACT, OFF[off], *([TWIN] if catalogue.find(key).twin else [])]
            record = ask(trace, key, photo, arms, recorded=recorded_for(key, arms))
        except REFUSALS as error:
            yield notify(error)
            return
        said = said | {q.answers: html.answers(record, catalogue.find(key).title, TOPK)}
        yield said
        said = said | {q.record: record, self.results: gr.Column(visible=True)}
        with tempfile.TemporaryDirectory() as folder:  # Gradio copies the file into its cache
            path = Path(folder) / f"seviz-{record.model}.zip"
            zip_trace(record, path)
            yield said | {q.download: gr.DownloadButton(value=str(path), visible=True)}

    def link(
        self,
        request: gr.Request,
        off: str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # as in answer
    ) -> Iterator[Any]:
        """Choose the network that the page's address names, as a link does."""
        model = request.query_params.get("model")
        if not model:
            yield gr.skip()
            return
        try:
            source = catalogue.find(model)
            if not source.has_gates:
                raise UserError(f"{source.title} has no gates to open.")
        except UserError as error:
            yield notify(error)
            return
        yield from self._opened(source.key, None, off, progress)

    def open(
        self,
        wanted: str | None,
        photo: Image.Image | UserError | None,
        off: str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # as in answer
    ) -> Iterator[Any]:
        """Open the network that another page asks for, once."""
        if wanted is None:
            yield gr.skip()
            return
        yield {self.asked.model: wanted, self.asked.wanted: None}
        yield from self._opened(wanted, photo, off, progress)

    def _opened(self, key: str, photo: Any, off: str, progress: gr.Progress) -> Iterator[Any]:
        """Answer with a network that its field does not show yet."""
        for said in self.answer(photo, key, off, progress):
            yield said if said == gr.skip() else {self.asked.model: key} | said

    def _introduced(self, key: str) -> Updates:
        """Show the facts of a network before it answers."""
        source = catalogue.find(key)
        return {
            self.asked.network: html.network(source.entry()),
            self.asked.classes: html.classes(source.labels),
        }

    def _fetched(self, model: str) -> str:
        """Download a network; the embedded one, with a notice, where its weights can't be had."""
        try:
            return fetch(model)
        except UserError as error:
            notify(error)
            return catalogue.EMBEDDED


def _connect(q: Asked, results: gr.Column, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    known = [q.network, q.classes, q.networks, q.off, q.model]  # without any photograph
    everything = [*known, q.answers, q.record, results, q.download]
    asks: dict[str, Any] = {
        "show_progress_on": [q.answers],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    name_examples(Context.root_block.load, "examples")
    Context.root_block.load(
        handlers.link, [q.off], known, api_visibility="private", show_progress="hidden"
    )
    gr.on(
        [q.photo.change, q.model.input, q.off.input],
        handlers.answer,
        [q.photo, q.model, q.off],
        everything,
        **asks,
    )
    q.wanted.change(handlers.open, [q.wanted, q.photo, q.off], [*everything, q.wanted], **asks)
