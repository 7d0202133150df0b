"""The part of a report that tells how far a map can be trusted."""

from seviz.attribution.methods import METHODS
from seviz.drawing.report import Section
from seviz.figures.trust import curves_chart
from seviz.records.attribution import Attribution
from seviz.records.trust import Trust
from seviz.words.arms import arm_clause, arm_title
from seviz.words.tables import trust_table
from seviz.words.trust import CONTROLS, HELP, arms_words, controls_words, measures_words

TASKS = ("deletion", "insertion")


def trust_section(found: Attribution, trust: Trust) -> Section:
    """Tell how far the maps of an attribution can be trusted, by measures of them and controls."""
    clauses, titles = (
        CONTROLS | {arm.name: text(arm) for arm in found.arms} for text in (arm_clause, arm_title)
    )
    beside = arms_words(trust, clauses)
    return Section(
        f"trust-{found.method}",
        f"How far to trust this: {METHODS[found.method].title}",
        controls_words(trust),
        notices=[trust.note] if trust.note else [],
        lines=[beside] if beside else [],
        charts=[(curves_chart(trust, task, titles, legend=True), "") for task in TASKS],
        tables=[trust_table(trust, titles)],
        hints=[HELP, measures_words(trust)],
    )
