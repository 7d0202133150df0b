"""Arms: edits of gates by rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from seviz.errors import UserError
from seviz.records.numbers import Floats

RECORDED = ("static", "resample")  # rules whose gates come from elsewhere


@dataclass(frozen=True)
class Rule:
    """A rule that replaces gates.

    name: identity (1), set (value), scale (value·s), uniform (the mean over the channels), shuffle
    (the channels permuted, value is the seed), static (the mean over reference images), resample
    (the recorded gates of the photograph `source`, a file), or mix ((1 − value)·s + value·`of`).
    twin edits no gates: its arm is the network's twin without SE, or the folded network of which
    `source` says which blocks are static.
    """

    name: str
    value: float = 0.0
    source: str = ""
    of: "Rule | None" = None

    @property
    def all(self) -> tuple["Rule", ...]:
        """Return this rule and those that it mixes in."""
        return (self, *(self.of.all if self.of else ()))


@dataclass(frozen=True)
class Edit:
    """One edit: a rule at a place, on some of its channels.

    place: all, a stage (SE_4*), a block's name or its module path; channels: half-open ranges from
    0, empty for all of them. `seviz.gates.grammar` converts edits to text and back.
    """

    rule: Rule
    place: str = "all"
    channels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Arm:
    """The network with edited gates; without edits, the network as trained."""

    name: str
    edits: tuple[Edit, ...] = ()

    @property
    def is_twin(self) -> bool:
        """Tell whether it is the network's twin without SE, and no edit of gates."""
        return [edit.rule.name for edit in self.edits] == ["twin"]


def check_arms(arms: object) -> None:
    """Raise UserError unless these are arms, one or more: scripts may give anything."""
    if not isinstance(arms, Sequence) or not arms or any(not isinstance(a, Arm) for a in arms):
        raise UserError(
            "Give a list of arms, such as seviz.parse_arms(['intact', 'static']) or "
            "[seviz.INTACT, seviz.STATIC]."
        )


INTACT = Arm("intact")

IDENTITY = Arm("identity", (Edit(Rule("identity")),))

STATIC = Arm("static", (Edit(Rule("static")),))

UNIFORM = Arm("uniform", (Edit(Rule("uniform")),))

SHUFFLED = Arm("shuffled", (Edit(Rule("shuffle", 0)),))  # by seed 0: `shuffle@0`, or `shuffle`

TWIN = Arm("twin", (Edit(Rule("twin")),))  # the network without SE, trained by the same recipe

ARMS = {arm.name: arm for arm in (INTACT, STATIC, IDENTITY, UNIFORM, SHUFFLED, TWIN)}  # to choose


def name_twin(arms: Sequence[Arm], column: str) -> tuple[Arm, ...]:
    """Let the twin among arms say that it is a folded network, in the words of its column."""
    folded = replace(TWIN.edits[0], rule=replace(TWIN.edits[0].rule, source=column))
    return tuple(replace(arm, edits=(folded,)) if arm.is_twin else arm for arm in arms)


Recorded = Mapping[Rule, Mapping[str, Floats]]  # by rule and site, the C new gates, or
# N×C, those of each of N images
