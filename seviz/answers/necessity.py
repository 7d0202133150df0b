"""Which blocks matter for an answer: a typed report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.analysis.necessity import necessity
from seviz.errors import UserError
from seviz.gates.grammar import parse_arm
from seviz.passes.dispatch import ask, fetch
from seviz.passes.forward import trace
from seviz.records.analysis import Necessity
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.numbers import Floats
from seviz.records.trace import Answer
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class


@dataclass(frozen=True)
class Change:
    """How an answer changes, edited − intact, and whether the first answer became another."""

    logit: float
    probability: float
    flipped: bool


@dataclass(frozen=True)
class BlockNecessity:
    """What replacing a block's gates changes: its own alone, and with all blocks behind it."""

    name: str
    alone: Change
    onward: Change


@dataclass(frozen=True)
class NecessityReport:
    """Which blocks an answer needs.

    replaced_by: the rule that replaced the gates; target: the class whose logit and probability are
    followed; blocks: in depth order.
    """

    model: str
    replaced_by: str
    target: Answer
    blocks: list[BlockNecessity]


def necessity_report(
    key: str,
    photo: Image.Image,
    *,
    replace: str = "",
    target: str = "",
    profile: Profile | None = None,
) -> NecessityReport:
    """Replace an RGB photograph's gates block by block; UserError for bad input.

    replace: a rule of `seviz.gates.grammar`, by default static where there are reference statistics
    (profile, or those that travel with the network) and identity else. target: a class by name or
    number; the intact answer by default.
    """
    key = fetch(key)
    known = profile or reference(key)
    arm = parse_arm(replace or ("static" if known else "identity"))
    if [Edit(edit.rule) for edit in arm.edits] != list(arm.edits) or len(arm.edits) != 1:
        raise UserError(
            f"“{replace}” is not one rule for all blocks; write static, identity or all=0."
        )
    followed = find_class(find(key).labels, target) if target else None
    image = ask(trace, key, photo, [INTACT]).image
    found = replace_blocks(key, image, arm.edits[0].rule, target=followed, profile=profile)
    blocks = [
        BlockNecessity(name, _change(found, 0, column), _change(found, 1, column))
        for column, name in enumerate(found.sites)
    ]
    return NecessityReport(found.model, found.rule, found.target, blocks)


def replace_blocks(
    key: str,
    image: Floats,
    rule: Rule,
    *,
    target: int | None = None,
    profile: Profile | None = None,
) -> Necessity:
    """Replace the gates of an image (3×H×W, as the network received it) block by block.

    target: a class's index, the intact answer by default. UserError where the rule needs statistics
    that are not here.
    """
    recorded = recorded_for(key, [Arm("", (Edit(rule),))], profile)
    return ask(necessity, key, image, rule, recorded=recorded, target=target)


def _change(found: Necessity, row: int, column: int) -> Change:
    at = row, column
    return Change(float(found.logit[at]), float(found.probability[at]), bool(found.flipped[at]))
