"""What the tab “Explanations” can be asked, and what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from seviz.attribution.maps import cost
from seviz.attribution.methods import GRADCAM, METHODS
from seviz.errors import UserError
from seviz.gates.grammar import arm_text
from seviz.gates.history import History, misfits
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace
from seviz.records.arms import INTACT, Arm
from seviz.records.attribution import Attribution
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.explanations.layout import EDITED, OFF
from seviz.words.arms import arm_clause

AT_ONCE = 2  # rows an arm: methods that pass no more need no button
KEPT = 12  # maps of a photograph that can be gone back to


@dataclass(frozen=True)
class Question:
    """What is asked about a photograph: by which method, at which layer, of which class and arm."""

    method: str
    layer: str
    target: int
    other: Arm

    @property
    def arms(self) -> tuple[Arm, Arm]:
        """Return what is compared."""
        return (INTACT, self.other)

    @property
    def names(self) -> tuple[str, str]:
        """Return the arms' names for people."""
        return (arm_clause(INTACT), arm_clause(self.other))

    @property
    def quick(self) -> bool:
        """Tell whether it is answered at once."""
        return cost(self.method) <= AT_ONCE


@dataclass(frozen=True, eq=False)
class Shown:
    """The maps of a photograph: those that are shown, and those asked for before."""

    record: Trace
    question: Question
    kept: Mapping[Question, Attribution] = field(default_factory=dict)

    @property
    def found(self) -> Attribution:
        """Return the maps that are shown."""
        return self.kept[self.question]

    def then(self, question: Question, found: Attribution) -> "Shown":
        """Show other maps of the same photograph."""
        kept = {**{q: a for q, a in self.kept.items() if q != question}, question: found}
        latest = dict(list(kept.items())[-KEPT:])
        return replace(self, question=question, kept=latest)


def understood(
    record: Trace,
    edits: History | None,
    asked: tuple[Any, Any, Any, Any],
    *,
    refused: Mapping[str, str],
    fresh: bool,
) -> Question:
    """Read the fields (method, layer, target, other), which a client may have forged.

    fresh: another photograph is asked about, so that choices which don't suit it give way: slow
    methods to Grad-CAM, the target to the first answer. UserError for what can't be asked.
    """
    method, layer, target, other = asked
    sites, classes = record.sites, len(record.labels)
    if fresh:
        known = method in METHODS and method not in refused and cost(method) <= AT_ONCE
        method = method if known else GRADCAM
        layer = layer if layer in [name for _, name in layers(sites)] else sites[-1].name
        target = record.top(0, 1)[0].index
        other = other if other in others(record, edits).values() else OFF
    if method not in METHODS or method in refused:
        raise UserError("There is no such method for this network; choose one from the list.")
    if layer not in {site.name for site in sites}:
        raise UserError(f"There is no block {layer} in this network; choose one.")
    if not isinstance(target, int) or not 0 <= target < classes:
        raise UserError("There is no such class in this network; choose one from the list.")
    layered = METHODS[method].layered
    return Question(method, layer if layered else "", target, other_arm(record, edits, other))


def layers(sites: Sequence[Site]) -> list[tuple[str, str]]:
    """List where layered methods can look: the last block of each stage, else all blocks."""
    last = {site.stage: site for site in sites}
    if None in last:
        return [(site.name, site.name) for site in sites]
    return [(f"stage {stage} ({site.name})", site.name) for stage, site in last.items()]


def others(record: Trace, edits: History | None) -> dict[str, str]:
    """Return what can be compared with the network as trained, by what people read."""
    found = {arm_clause(record.arms[1]): OFF}
    return {**found, "as edited in Surgery": EDITED} if _fitting(record, edits) else found


def other_arm(record: Trace, edits: History | None, other: Any) -> Arm:
    """Return the arm of a choice; UserError for none that is offered."""
    if other == OFF:
        return record.arms[1]
    fitting = _fitting(record, edits)
    if other != EDITED or not fitting:
        raise UserError("No gate is edited; edit some in the tab “Surgery” first.")
    return Arm(arm_text(fitting), fitting)


def targets(record: Trace, other: Arm) -> list[tuple[str, int]]:
    """List all classes, the intact answer first and the other arm's next, then by probability."""
    ranked = record.top(0, len(record.labels))
    theirs = _answer_of(record, other)
    first = ranked[0]
    if theirs == first.index:
        marked = [(f"{first.label} (the answer of both)", first.index)]
    else:
        marked = [
            (f"{first.label} (the answer {arm_clause(INTACT)})", first.index),
            (f"{record.labels[theirs]} (the answer {arm_clause(other)})", theirs),
        ]
    said = {index for _, index in marked}
    return marked + [(a.label, a.index) for a in ranked if a.index not in said]


def _answer_of(record: Trace, arm: Arm) -> int:
    """Return an arm's first answer; edits are asked about anew."""
    if arm == record.arms[1]:
        return record.top(1, 1)[0].index
    arms = [INTACT, arm]
    asked = ask(
        retrace, record.model, record.image, arms, recorded=recorded_for(record.model, arms)
    )
    return asked.top(1, 1)[0].index


def _fitting(record: Trace, edits: History | None) -> tuple[Any, ...]:
    """Return the edits of the tab “Surgery” that this network has a place for."""
    every = edits.edits if edits else ()
    unfit = misfits(every, record.sites, reference(record.model) is not None)
    return tuple(edit for edit in every if edit not in unfit)
