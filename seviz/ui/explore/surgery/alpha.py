"""The α slider: all gates on the path from a photograph's own gates to a reference."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.alpha_path import find_path, offered_references
from seviz.answers.trace import TOPK
from seviz.figures.alpha_path import alpha_curve, step_at
from seviz.records.analysis import AlphaPath
from seviz.records.trace import Trace
from seviz.ui.parts import html
from seviz.ui.parts.fields import OpenSlider, share_of
from seviz.ui.parts.navigation import SURGERY
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.plot import PlotView, with_source
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, followed
from seviz.words.alpha_path import HELP, path_words
from seviz.words.gates import held_words

NAMES = {  # of the references
    "static": "mean gates (static)",
    "identity": "all gates at 1 (identity)",
    "uniform": "each block's mean gate (uniform)",
}
Updates = dict[Any, Any]


@dataclass(frozen=True, eq=False)
class Shown:
    """The path that the slider goes along, and the photograph that it is of."""

    record: Trace
    path: AlphaPath


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
                [(name, to) for to, name in NAMES.items()],
                value="static",
                label="Reference",
                elem_id="reference",
            )
            alpha = OpenSlider(0, 1, value=0, step=0.05, label="α", elem_id="alpha")
        curve = PlotView(elem_id="alpha-curve")
        answers = gr.HTML(elem_id="alpha-answers")
    path = asked.alpha_path
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
        path: Shown | None,
        unfolded: bool,
        to: str,
        alpha: float,
        target: Any,
    ) -> Any:
        """Compute the current trace's curve where it is unfolded, unless it is shown."""
        if record is None or path is not None or not unfolded:
            return gr.skip()
        names = offered_references(record.model)
        to = to if to in names else names[0]
        try:
            said = self._computed(record, to, alpha, target)
        except REFUSALS as error:
            return notify(error)
        return {**said, self.to: gr.Radio(offered(record.model), value=to)}

    def choose(self, record: Trace | None, to: str, alpha: float, target: Any) -> Any:
        """Compute the curve to another reference."""
        if record is None:
            return notify(GONE)
        try:
            return self._computed(record, to, alpha, target)
        except REFUSALS as error:
            return notify(error)

    def move(self, record: Trace | None, path: Shown | None, alpha: float, target: Any) -> Any:
        """Show another α of the path, or another class; no pass is needed."""
        if record is None or path is None:
            return gr.skip()
        return self._drawn(record, path.path, alpha, target)

    def _computed(self, record: Trace, to: str, alpha: float, target: Any) -> Updates:
        """Ask for all steps of the path at once, and draw it."""
        path = find_path(record, to)
        return {self.path: Shown(record, path), **self._drawn(record, path, alpha, target)}

    def _drawn(self, record: Trace, path: AlphaPath, alpha: Any, target: Any) -> Updates:
        of, alpha = followed(record, target), share_of(alpha, 0.0)
        updates = {
            self.curve: alpha_curve(path, labels=record.labels, target=of, alpha=alpha),
            self.answers: html.facts(" ".join(path_words(path, record.labels, of)))
            + html.path_answers(path, step_at(path, alpha), record.labels, k=TOPK)
            + html.notice(held_words(record.sites)),
        }
        return with_source(updates, chart_sources.of_path(record, path, of))


def offered(key: str) -> list[tuple[str, str]]:
    """List the references that a network has gates for, each with its name on the page before."""
    return [(NAMES[name], name) for name in offered_references(key)]
