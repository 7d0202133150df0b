"""The α slider: all gates on the path from a photograph's own gates to a reference."""

from typing import Any

import gradio as gr
import numpy as np

from seviz.answers import chart_sources
from seviz.answers.trace import TOPK
from seviz.figures.alpha_path import alpha_curve, step_at
from seviz.passes.dispatch import ask
from seviz.records.analysis import AlphaPath
from seviz.records.arms import STATIC
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.parts import html
from seviz.ui.parts.navigation import SURGERY
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.plot import PlotView, with_source
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, followed
from seviz.words.gates import held_words

REFERENCES = {
    "mean gates (static)": "static",
    "all gates at 1 (identity)": "identity",
    "each block's mean gate (uniform)": "uniform",
}
HELP = (
    "All gates go together from this photograph's own (α = 0) to a reference "
    "(α = 1): (1 − α)·s + α·reference. They are held there as recorded, whatever a block would "
    "compute, and the edits above play no part."
)
Updates = dict[Any, Any]


def build(asked: Asked, arrived: Any, opened: Any) -> None:
    """Lay the slider out inside the current column and connect it.

    arrived and opened: the events after which the curve of a new trace is computed, where it is
    unfolded.
    """
    unfolded = gr.State(value=False)
    with gr.Accordion("How much is enough? (α)", open=False) as fold:
        gr.HTML(html.hint(HELP))
        with gr.Row():
            to = gr.Radio(
                list(REFERENCES.items()), value="static", label="Reference", elem_id="reference"
            )
            alpha = gr.Slider(0, 1, value=0, step=0.05, label="α", elem_id="alpha")
        curve = PlotView(elem_id="alpha-curve")
        answers = gr.HTML(elem_id="alpha-answers")
    path = gr.State(time_to_live=3600)
    handlers = Handlers(to, path, curve, answers)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    results, at = [to, path, curve, answers], [to, alpha, asked.target]
    fold.expand(lambda: True, None, unfolded, **quiet).then(
        handlers.open, [asked.record, path, unfolded, *at], results, **quiet
    )
    fold.collapse(lambda: False, None, unfolded, **quiet)
    arrived.then(handlers.arrive, [asked.record, asked.open, unfolded, *at], results, **quiet)
    opened.then(handlers.open, [asked.record, path, unfolded, *at], results, **quiet)
    latest = {**quiet, "trigger_mode": "always_last"}
    to.input(handlers.choose, [asked.record, *at], results, **latest)
    # change: also what is typed beside the slider, and its way back to 0
    gr.on(
        [alpha.change, asked.choice.change],
        handlers.move,
        [asked.record, path, alpha, asked.target],
        [curve, answers],
        **latest,
    )


class Handlers:
    """What the slider does, as plain functions that return {component: value} or gr.skip()."""

    def __init__(self, to: gr.Radio, path: gr.State, curve: PlotView, answers: gr.HTML) -> None:
        self.to, self.path, self.curve, self.answers = to, path, curve, answers

    def arrive(
        self,
        record: Trace | None,
        opened: str,
        unfolded: bool,
        to: str,
        alpha: float,
        target: Any,
    ) -> Any:
        """Compute a new trace's curve where it is in sight; else only remove the last curve."""
        away: Updates = {self.path: None, self.curve: None, self.answers: ""}
        if opened != SURGERY:
            return away
        said = self.open(record, None, unfolded, to, alpha, target)
        return away if said == gr.skip() else said

    def open(
        self,
        record: Trace | None,
        path: AlphaPath | None,
        unfolded: bool,
        to: str,
        alpha: float,
        target: Any,
    ) -> Any:
        """Compute the current trace's curve where it is unfolded, unless it is shown."""
        if record is None or path is not None or not unfolded:
            return gr.skip()
        offered = offered_references(record.model)
        to = to if to in offered.values() else next(iter(offered.values()))
        try:
            said = self._computed(record, to, alpha, target)
        except REFUSALS as error:
            return notify(error)
        return {**said, self.to: gr.Radio(list(offered.items()), value=to)}

    def choose(self, record: Trace | None, to: str, alpha: float, target: Any) -> Any:
        """Compute the curve to another reference."""
        if record is None:
            return notify(GONE)
        try:
            return self._computed(record, to, alpha, target)
        except REFUSALS as error:
            return notify(error)

    def move(self, record: Trace | None, path: AlphaPath | None, alpha: float, target: Any) -> Any:
        """Show another α of the path, or another class; no pass is needed."""
        if record is None or path is None:
            return gr.skip()
        return self._drawn(record, path, alpha, target)

    def _computed(self, record: Trace, to: str, alpha: float, target: Any) -> Updates:
        """Ask for all steps of the path at once, and draw it."""
        from seviz.analysis.alpha_path import alpha_path

        own = {name: gates[0] for name, gates in record.s.items()}
        gates = reference_gates(record.model, own, to)
        path = ask(alpha_path, record.model, record.image, s=own, reference=gates, name=to)
        return {self.path: path, **self._drawn(record, path, alpha, target)}

    def _drawn(self, record: Trace, path: AlphaPath, alpha: float, target: Any) -> Updates:
        of = followed(record, target)
        updates = {
            self.curve: alpha_curve(path, labels=record.labels, target=of, alpha=alpha),
            self.answers: html.path_answers(path, step_at(path, alpha), record.labels, k=TOPK)
            + html.notice(held_words(record.sites)),
        }
        return with_source(updates, chart_sources.of_trace(record))


def offered_references(key: str) -> dict[str, str]:
    """Return the references that a network has gates for, by their names on the page."""
    known = reference(key) is not None
    return {said: name for said, name in REFERENCES.items() if name != "static" or known}


def reference_gates(key: str, own: dict[str, Floats], to: str) -> dict[str, Floats]:
    """Return the gates at the end of the path, C by site; UserError where there are none."""
    if to == "static":
        return dict(recorded_for(key, [STATIC])[STATIC.edits[0].rule])
    if to == "identity":
        return {name: np.ones_like(s) for name, s in own.items()}
    return {name: np.full_like(s, s.mean()) for name, s in own.items()}
