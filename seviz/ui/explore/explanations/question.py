"""What the tab “Explanations” can be asked, and what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from seviz.attribution.methods import GRADCAM, METHODS, cost
from seviz.errors import UserError
from seviz.figures.explanation import SIGNS, Look
from seviz.gates.grammar import no_block
from seviz.gates.history import History
from seviz.records.arms import INTACT, Arm
from seviz.records.attribution import Attribution
from seviz.records.sites import Site
from seviz.records.target import Gate, Target, is_class_target
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.ui.explore.explanations.layout import EDITED, GATE
from seviz.ui.parts.fields import named_block, named_channel, share_of
from seviz.ui.state import edited_arm, followed, row_of
from seviz.words.arms import arm_clause, arm_title

K = TypeVar("K")
OF_PIXELS = "saliency"  # a quick method that needs no layer
AT_ONCE = 2  # rows an arm: methods that pass no more need no button
KEPT = 12  # maps of a photograph that can be gone back to


@dataclass(frozen=True)
class Question:
    """What is asked about a photograph: by which method, at which layer, of which class and arm."""

    method: str
    layer: str
    target: Target
    other: Arm

    @property
    def arms(self) -> tuple[Arm, Arm]:
        """Return what is compared."""
        return (INTACT, self.other)

    @property
    def names(self) -> tuple[str, str]:
        """Return the arms' names within a sentence."""
        return (arm_clause(INTACT), arm_clause(self.other))

    @property
    def titles(self) -> tuple[str, str]:
        """Return the heads of the arms' pictures."""
        return (arm_title(INTACT), arm_title(self.other))

    @property
    def quick(self) -> bool:
        """Tell whether it is answered at once."""
        return cost(self.method) <= AT_ONCE

    def at_once(self, record: Trace) -> "Question":
        """Return what is asked by Grad-CAM, of a gate at the nearest block before its own."""
        if isinstance(self.target, Gate):
            return of_gate(record, replace(self, method=GRADCAM), self.target)
        return replace(self, method=GRADCAM, layer=self.layer or record.sites[-1].name)


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
        return replace(self, question=question, kept=_latest(self.kept, question, found))


@dataclass(frozen=True, eq=False)
class Trusted:
    """How far maps of a photograph can be trusted, by what they were asked by."""

    record: Trace
    kept: Mapping[Question, Trust]

    def then(self, question: Question, found: Trust) -> "Trusted":
        """Add what was measured of other maps of the same photograph; the oldest are forgotten."""
        return replace(self, kept=_latest(self.kept, question, found))


def _latest(known: Mapping[Question, K], question: Question, found: K) -> dict[Question, K]:
    """Return what is known of the last questions, with this one's as the latest."""
    kept = {**{q: of for q, of in known.items() if q != question}, question: found}
    return dict(list(kept.items())[-KEPT:])


class Fields(NamedTuple):
    """What the fields hold, which a client may have forged, and the maps that the tab shows.

    arm: the column that is compared; block, channel: the selected gate; other: `OFF` for the
    column, `EDITED` for the edits of “Surgery”; of: `CLASS` for the class that is followed, `GATE`
    for the selected gate.
    """

    edits: History | None
    target: Any
    arm: Any
    block: Any
    channel: Any
    method: Any
    layer: Any
    other: Any
    of: Any
    at: Any
    opacity: Any
    sign: Any
    shown: Shown | None


def understood(
    record: Trace, asked: Fields, *, refused: Mapping[str, str], fresh: bool
) -> Question:
    """Read the fields.

    fresh: another photograph is asked about, so that choices which don't suit it give way: methods
    to Grad-CAM, the target to the first answer. UserError for what can't be asked.
    """
    method, layer, target, sites = asked.method, asked.layer, asked.target, record.sites
    if fresh:
        method = method if method in METHODS and method not in refused else GRADCAM
        layer, target = _offered(layer, sites), followed(record, target)
    layer = layer or sites[-1].name  # the page had not yet got the layers
    if method not in METHODS or method in refused:
        raise UserError("There is no such method for this network; choose one from the list.")
    if layer not in (names := [site.name for site in sites]):
        raise no_block(str(layer), names)
    if not is_class_target(target, len(record.labels)):
        raise UserError("There is no such class in this network; choose one from the list.")
    layer, other = layer if METHODS[method].layered else "", other_arm(record, asked)
    gate = selected_gate(record, asked) if asked.of == GATE else None
    if gate is None:
        return Question(method, layer and _offered(layer, sites), target, other)
    return of_gate(record, Question(method, layer, gate, other), gate)


def of_gate(record: Trace, question: Question, gate: Gate) -> Question:
    """Return what can be asked of a gate: at a block before its own, or of the pixels.

    A layer at or behind the gate gives way to the nearest one before it, and a method that looks at
    layers to one that looks at pixels where the gate's block is the first.
    """
    if not METHODS[question.method].layered:
        return replace(question, layer="", target=gate)
    before = before_gate(record.sites, gate)
    if not before:
        return replace(question, method=OF_PIXELS, layer="", target=gate)
    return replace(question, layer=_offered(question.layer, before), target=gate)


def before_gate(sites: Sequence[Site], target: Target) -> Sequence[Site]:
    """Return the blocks that have a say in a target: of a gate those before its own, else all."""
    if not isinstance(target, Gate):
        return sites
    return sites[: [site.name for site in sites].index(target.site)]


def _offered(layer: str, sites: Sequence[Site]) -> str:
    """Return a layer, or the last one where it is none of those that are offered."""
    return layer if layer in [name for _, name in layers(sites)] else sites[-1].name


def selected_gate(record: Trace, asked: Fields) -> Gate | None:
    """Return the selected gate; None where the network, as another one is chosen, has no such."""
    try:
        site = named_block(record, asked.block)
        return Gate(site.name, named_channel(site, asked.channel))
    except UserError:
        return None


def layers(sites: Sequence[Site]) -> list[tuple[str, str]]:
    """List where layered methods can look: the last block of each stage, else all blocks."""
    last = {site.stage: site for site in sites}
    if None in last:
        return [(site.name, site.name) for site in sites]
    return [(f"stage {stage} ({site.name})", site.name) for stage, site in last.items()]


def other_arm(record: Trace, asked: Fields) -> Arm:
    """Return the arm that is compared: the chosen column, or the fitting edits where they are."""
    edited = edited_arm(record, asked.edits) if asked.other == EDITED else None
    return edited or record.arms[row_of(record, asked.arm)]


def look(sign: Any, opacity: Any) -> Look:
    """Read how maps are to be drawn; what a client has forged is left out."""
    usual = Look()
    return Look(sign if sign in SIGNS else usual.sign, share_of(opacity, usual.opacity))
