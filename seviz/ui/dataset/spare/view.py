"""The view “Can it go?”: which blocks the network can do without, and the network without them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.errors import UserError
from seviz.figures.set_necessity import block_chart, path_chart
from seviz.measuring.known_necessity import known_necessity
from seviz.records.losses import LARGEST_BUDGET, USUAL_BUDGET, SetNecessity
from seviz.ui.address import Address, keep
from seviz.ui.dataset.images import DataSet
from seviz.ui.dataset.spare.html import arms_table, blocks_table, folded_facts
from seviz.ui.dataset.spare.layout import Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.navigation import DATA, IMAGES, SPARE, opening
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.progress import Runner
from seviz.words.set_necessity import (
    TOO_FEW,
    dynamic_words,
    fold_title,
    steps_words,
    unmeasured_words,
)
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from seviz.folding.report import FoldReport

Updates = dict[Any, Any]  # {component: value}
KIND = "fold"  # of work
NO_SET = UserError("There is no block within this budget; raise it, or choose another network.")
NO_BUDGET = UserError(f"The budget is 0 to {LARGEST_BUDGET:g} points.")


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001 - as of all views
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(data, Handlers(data, parts, Runner(Works(), KIND, parts.run)))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet, parts: Parts, runner: Runner) -> None:
        self.data, self.parts, self.runner = data, parts, runner

    def show(self, model: Any, budget: Any, shown: str) -> Any:
        """Show what is known of the network, if the view does not show it yet."""
        p = self.parts
        try:
            source = find(str(model))
            found = known_necessity(source.key)
            if found is None:
                words = unmeasured_words(source.title, source.key)
                return {
                    p.headline: html.headline(words, waiting=True),
                    p.body: gr.Column(visible=False),
                    p.shown: "",
                }
            if shown == source.key:
                return gr.skip()
            return {
                p.headline: html.headline(dynamic_words(found)),
                p.body: gr.Column(visible=True),
                p.arms: arms_table(found),
                p.table: blocks_table(found),
                p.shown: source.key,
                **self._set(source.key, found, _points(budget)),
            }
        except UserError as error:
            return notify(error)

    def restore(self, said: Address) -> Updates:
        """Set the budget that an address names."""
        try:
            budget = float(said.budget or USUAL_BUDGET)
        except ValueError:
            raise NO_BUDGET from None
        return {self.parts.budget: _points(budget)}

    def choose(self, model: Any, budget: Any) -> Any:
        """Mark the set of another budget."""
        try:
            return self._set(find(str(model)).key, _known(model), _points(budget))
        except UserError as error:
            return notify(error)

    def _set(self, key: str, found: SetNecessity, budget: float) -> Updates:
        p, path = self.parts, found.path
        steps = path.within(budget) if path else ()
        updates = {
            p.chosen: html.facts(steps_words(path, budget) if path else TOO_FEW),
            p.blocks: block_chart(found.blocks, {step.site for step in steps}),
            p.path: path_chart(path, budget) if path else None,
            p.run.start: gr.Button(fold_title(len(steps)), interactive=bool(steps)),
            p.file: gr.DownloadButton(visible=False),
            p.folded: "",
        }
        return with_source(updates, chart_sources.of_set_necessity(key, found))

    def fold(self, request: gr.Request, model: Any, budget: Any) -> Iterator[Any]:
        """Fold the set of the budget, and offer the file."""
        yield from self.runner.ending_well(self._folded(request, model, budget))

    def _folded(self, request: gr.Request, model: Any, budget: Any) -> Iterator[Any]:
        p, found = self.parts, _known(model)
        steps = found.path.within(_points(budget)) if found.path else ()
        if not steps:
            raise NO_SET
        key = find(str(model)).key
        with TemporaryDirectory() as folder:  # the file lives on in Gradio's cache
            file = Path(folder) / f"{key}-folded-{len(steps)}.safetensors"
            places = [step.site for step in steps]
            report, _ = yield from self.runner.follow(
                request, lambda _: _fold(key, places, file), {}
            )
            title = f"Download {file.name} ({report.bytes / 1e6:.1f} MB)"
            yield {
                p.file: gr.DownloadButton(title, value=str(file), visible=True),
                p.folded: folded_facts(report),
                **self.runner.idle(),
            }


def _fold(key: str, places: list[str], file: Path) -> "FoldReport":
    """Write the file of a network without some blocks."""
    from seviz.folding.report import Wanted, fold_network

    return fold_network(key, Wanted(places, file, batches=(1,)))  # visitors wait


def _known(model: Any) -> SetNecessity:
    found = known_necessity(str(model))
    if found is None:
        raise UserError(unmeasured_words(find(str(model)).title, str(model)))
    return found


def _points(budget: Any) -> float:
    """Return a budget that a client sent; UserError where it is none."""
    known = isinstance(budget, int | float) and not isinstance(budget, bool)
    if not known or not 0 <= budget <= LARGEST_BUDGET:
        raise NO_BUDGET
    return float(budget)


def _connect(data: DataSet, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    latest: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
    p, model = handlers.parts, data.asked.model
    opened = opening(DATA, SPARE, IMAGES)
    opened.select(handlers.show, [model, p.budget, p.shown], p.outputs, **latest)
    of_set = [p.chosen, p.blocks, p.path, p.run.start, p.file, p.folded]
    keep(p.budget.change, "budget", p.budget, usual=USUAL_BUDGET)
    data.asked.kept.add("budget", [p.budget], handlers.restore)
    p.budget.change(handlers.choose, [model, p.budget], of_set, **latest)
    works = [p.file, p.folded, *p.run.shown]
    p.run.start.click(handlers.fold, [model, p.budget], works, **quiet)
    handlers.runner.connect()
