"""Which blocks matter for an answer: a typed report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.errors import UserError
from seviz.gates.grammar import parse_arm
from seviz.passes.dispatch import ask, fetch
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
    """How an answer changes, edited − intact, and whether the first answer is another."""

    logit: float
    probability: float
    flipped: bool


@dataclass(frozen=True)
class BlockNecessity:
    """The changes by replacing the gates of a block alone, and of it and all later blocks."""

    name: str
    alone: Change
    onward: Change


@dataclass(frozen=True)
class NecessityReport:
    """Which blocks an answer depends on.

    replaced_by: the rule that replaced the gates; target: the class whose logit and probability are
    followed; blocks: in depth order; note: a remark about the computation, or "".
    """

    model: str
    replaced_by: str
    target: Answer
    blocks: list[BlockNecessity]
    note: str


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
    (profile, or the network's own `reference`), else identity. target: a class by name or
    number; the intact answer by default.
    """
    from seviz.passes.forward import trace

    key = find(key).key
    known = profile or reference(key)
    arm = parse_arm(replace or ("static" if known else "identity"))
    everywhere = [Edit(edit.rule) for edit in arm.edits] == list(arm.edits)
    if len(arm.edits) != 1 or not everywhere or arm.is_twin:
        raise UserError(
            f"“{replace}” is not one rule for all blocks; write static, identity or all=0."
        )
    source = find(key)
    followed = find_class(source.labels, target, source.folders) if target else None
    fetch(key)
    image = ask(trace, key, photo, [INTACT]).image
    result = replace_blocks(key, image, arm.edits[0].rule, target=followed, profile=profile)
    blocks = [
        BlockNecessity(name, _change(result, 0, column), _change(result, 1, column))
        for column, name in enumerate(result.sites)
    ]
    return NecessityReport(result.model, result.rule, result.target, blocks, result.note)


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
    and there are none.
    """
    from seviz.analysis.necessity import necessity

    recorded = recorded_for(key, [Arm("", (Edit(rule),))], profile)
    return ask(necessity, key, image, rule, recorded=recorded, target=target)


def _change(result: Necessity, row: int, column: int) -> Change:
    at = row, column
    return Change(float(result.logit[at]), float(result.probability[at]), bool(result.flipped[at]))
