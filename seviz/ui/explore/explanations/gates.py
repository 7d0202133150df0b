"""The part “Which gates carried the answer” of the tab “Explanations”."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from seviz.attribution.shares import gate_shares
from seviz.errors import UserError
from seviz.figures.effects import channel_in
from seviz.figures.explanation import shares_chart, shares_map
from seviz.passes.dispatch import ask
from seviz.records.attribution import GateShares
from seviz.records.trace import Trace
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations.layout import GateParts
from seviz.ui.explore.surgery.alpha import offered_references, reference_gates
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.navigation import GATES
from seviz.ui.parts.notify import notify
from seviz.ui.parts.progress import Runner
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, Sought
from seviz.words.explanations import shares_headline, shares_sum_words
from seviz.words.gates import held_words

KIND = "shares"  # of its work
SORT = "value"  # a block's strongest gates stand at the ends of its row
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What this part does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: GateParts, works: Works, tabs: gr.Tabs) -> None:
        self.asked, self.parts, self.tabs = asked, parts, tabs
        self.runner = Runner(works, KIND, parts.run)

    def share(
        self, request: gr.Request, record: Trace | None, target: Any, to: Any
    ) -> Iterator[Any]:
        """Share the answer out among all gates."""
        if record is None:
            yield notify(GONE)
            return
        yield from self.runner.ending_well(self._shared(request, record, target, to))

    def _shared(
        self, request: gr.Request, record: Trace, target: Any, to: Any
    ) -> Iterator[Updates]:
        if not isinstance(target, int) or not 0 <= target < len(record.labels):
            raise UserError("There is no such class in this network; choose one from the list.")
        if to not in offered_references(record.model).values():
            raise UserError("There are no such gates to compare with; choose others.")
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
        p = self.parts
        known = record.arms[1].name == to
        without = record.answer(1, target).probability if known else None
        yield self.runner.idle() | {
            p.headline: html.headline(shares_headline(found))
            + html.notice(found.note)
            + html.notice(held_words(record.sites))
            + html.facts(shares_sum_words(found, without)),
            p.atlas: shares_map(found, sort=SORT),
            p.blocks: shares_chart(found),
            p.table: explanations_html.channels(found, record, gates),
            p.shares: found,
        }

    def click_cell(self, event: gr.EventData, shares: GateShares | None) -> Any:
        """Open the channel under a click on the atlas; a client's data is not to be trusted."""
        return self._opened(event, shares, SORT)

    def click_row(self, event: gr.EventData, shares: GateShares | None) -> Any:
        """Open the channel of a row of the list, where the place is the channel itself."""
        return self._opened(event, shares, "channel")

    def offer(self, key: str) -> Updates:
        """Offer the references that a network has, and take away what was shown of another."""
        p, choices = self.parts, offered_references(key)
        first = next(iter(choices.values()))
        return {
            p.reference: gr.Radio(list(choices.items()), value=first),
            p.headline: "",
            p.table: "",
            **dict.fromkeys([p.atlas, p.blocks, p.shares]),
            **self.runner.idle(),
        }

    def connect(self, target: gr.Dropdown) -> None:
        """Connect events to handlers; target: the class whose logit is shared out."""
        p, q = self.parts, self.asked
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        quiet["trigger_mode"] = "multiple"
        p.run.start.click(self.share, [q.record, target, p.reference], p.shown, **quiet)
        opened = [q.sought, q.open, self.tabs]
        p.atlas.select(self.click_cell, [p.shares], opened, **quiet)
        p.table.select(self.click_row, [p.shares], opened, **quiet)
        self.runner.connect()

    def _opened(self, event: gr.EventData, shares: GateShares | None, sort: str) -> Any:
        if shares is None:
            return notify(GONE)
        try:
            name, place = event._data["name"], event._data["position"]
            channel = channel_in(shares.shares, name, place, sort=sort)
        except (KeyError, IndexError, TypeError, ValueError):
            return notify(UserError("That click named no channel; click a cell, or a block."))
        return {
            self.asked.sought: Sought(shares.model, name, channel),
            self.asked.open: GATES,
            self.tabs: gr.Tabs(selected=GATES),
        }
