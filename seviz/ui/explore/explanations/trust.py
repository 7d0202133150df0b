"""The part “How far can these maps be trusted?” of the tab “Explanations”."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.figures.trust import curves_chart
from seviz.passes.dispatch import ask
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations.layout import TrustParts
from seviz.ui.explore.explanations.question import Shown, Trusted
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.progress import Runner
from seviz.ui.parts.upload import GONE
from seviz.words.trust import CONTROLS, arms_words, controls_words

KIND = "trust"  # of its work
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What this part does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: TrustParts, works: Works) -> None:
        self.parts, self.runner = parts, Runner(works, KIND, parts.run)

    def measure(
        self, request: gr.Request, shown: Shown | None, known: Trusted | None
    ) -> Iterator[Any]:
        """Measure the maps that are shown, beside their controls; known: what was measured."""
        if shown is None:
            yield notify(GONE)
            return
        yield from self.runner.ending_well(self._measured(request, shown, known))

    def _measured(
        self, request: gr.Request, shown: Shown, known: Trusted | None
    ) -> Iterator[Updates]:
        from seviz.faithfulness.trust import trust

        record, question = shown.record, shown.question
        recorded = recorded_for(record.model, question.arms)
        found, _ = yield from self.runner.follow(
            request,
            lambda watch: ask(
                trust, record.model, record.image, shown.found, recorded=recorded, watch=watch
            ),
            {},
        )
        p = self.parts
        same = known if known and known.record.is_of_same_photo(record) else Trusted(record, {})
        arms = [arm.name for arm in question.arms]
        names, titles = (
            CONTROLS | dict(zip(arms, of, strict=True)) for of in (question.names, question.titles)
        )
        updates = {
            p.verdict: html.headline(controls_words(found))
            + html.facts(arms_words(found, names))
            + html.notice(found.note)
            + explanations_html.keys(found, titles),
            p.deletion: curves_chart(found, "deletion", titles),
            p.insertion: curves_chart(found, "insertion", titles),
            p.table: explanations_html.measures(found, titles),
            p.trusted: same.then(question, found),
        }
        yield self.runner.idle() | with_source(
            updates, chart_sources.of_maps(record, shown.found, trust=True)
        )

    def put_away(self) -> Updates:
        """Take away what was measured of other maps."""
        p = self.parts
        empty: Updates = {p.verdict: "", p.deletion: None, p.insertion: None, p.table: ""}
        return empty | self.runner.idle()

    def connect(self, shown: gr.State) -> None:
        """Connect the buttons; shown: the maps to be measured."""
        self.parts.run.start.click(
            self.measure,
            [shown, self.parts.trusted],
            [*self.parts.shown, self.parts.trusted],
            api_visibility="private",
            show_progress="hidden",
            trigger_mode="multiple",
        )
        self.runner.connect()
