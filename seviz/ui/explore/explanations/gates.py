"""The part “Which gates moved the answer?” of the tab “Explanations”."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.alpha_path import offered_references, reference_gates
from seviz.errors import UserError
from seviz.figures.explanation import shares_chart, shares_map
from seviz.passes.dispatch import ask
from seviz.records.target import chance, is_class_target
from seviz.records.trace import Trace
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations.layout import GateParts
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.progress import Runner, session_of
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, row_of
from seviz.words.explanations import no_shares_words, shares_headline, shares_sum_words
from seviz.words.gates import held_words

KIND = "shares"  # of its work
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What this part does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: GateParts, works: Works) -> None:
        self.asked, self.parts = asked, parts
        self.runner = Runner(works, KIND, parts.run)

    def share(
        self, request: gr.Request, record: Trace | None, target: Any, arm: Any
    ) -> Iterator[Any]:
        """Share the answer out among all gates."""
        if record is None:
            yield notify(GONE)
            return
        yield from self.runner.ending_well(self._shared(request, record, target, arm))

    def _shared(
        self, request: gr.Request, record: Trace, target: Any, arm: Any
    ) -> Iterator[Updates]:
        from seviz.attribution.shares import gate_shares

        row = row_of(record, arm)
        to = record.arms[row].name
        if not is_class_target(target, len(record.labels)):
            raise UserError("There is no such class in this network; choose one from the list.")
        if not is_offered(record, arm):
            raise UserError(no_shares_words(record.arms[row]))
        own = {name: gates[0] for name, gates in record.s.items()}
        gates = reference_gates(record.model, own, to)
        found, _ = yield from self.runner.follow(
            request,
            lambda watch: ask(
                gate_shares,
                record.model,
                record.image,
                s=own,
                reference=gates,
                name=to,
                target=target,
                watch=watch,
            ),
            {},
        )
        p, without = self.parts, float(chance(record.logits[row], target, record.head))
        updates = {
            p.headline: html.headline(shares_headline(found))
            + html.notice(found.note)
            + html.notice(held_words(record.sites))
            + html.facts(shares_sum_words(found, without)),
            p.atlas: shares_map(found),
            p.blocks: shares_chart(found),
            p.table: explanations_html.channels(found, record, gates),
        }
        source = chart_sources.of_shares(record, (record.arms[0], record.arms[row]), target)
        yield self.runner.idle() | with_source(updates, source)

    def offer(self, request: gr.Request, record: Trace | None, arm: Any) -> Any:
        """Offer to share another answer out, and take away what was shown of the last."""
        if record is None:
            return gr.skip()
        self.runner.works.discard(session_of(request), KIND)
        p, offered = self.parts, is_offered(record, arm)
        why = "" if offered else html.facts(no_shares_words(record.arms[row_of(record, arm)]))
        empty = {p.headline: why, p.atlas: None, p.blocks: None, p.table: ""}
        return empty | self.runner.idle(offered)

    def connect(self) -> None:
        """Connect events to handlers."""
        p, q = self.parts, self.asked
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        quiet["trigger_mode"] = "multiple"
        p.run.start.click(self.share, [q.record, q.target, q.arm], p.shown, **quiet)
        changed = [q.record.change, q.choice.change]
        gr.on(changed, self.offer, [q.record, q.arm], p.shown, **quiet)
        self.runner.connect()


def is_offered(record: Trace, arm: Any) -> bool:
    """Tell whether the column that is compared has gates at which the path can start."""
    compared = record.arms[row_of(record, arm)].name
    return compared in offered_references(record.model)
