"""Arms: what takes the place of which gates."""

from collections.abc import Mapping
from dataclasses import dataclass

from seviz.records.numbers import Floats


@dataclass(frozen=True)
class Rule:
    """What takes a gate's place.

    name: identity (1), set (value), scale (value·s), uniform (the mean over the channels), shuffle
    (the channels permuted, value is the seed), static (the mean over reference images), resample
    (gates recorded before, known by `source`: a photograph's file), or mix ((1 − value)·s +
    value·`of`). twin is no edit of gates but the network's twin without any, as an arm of its own.
    """

    name: str
    value: float = 0.0
    source: str = ""
    of: "Rule | None" = None


@dataclass(frozen=True)
class Edit:
    """One change of gates: a rule at a place, on some of its channels.

    place: all, a stage (SE_4*), a block's name or its module path; channels: half-open ranges from
    0, none for all of them. `seviz.gates.grammar` writes and reads them as text.
    """

    rule: Rule
    place: str = "all"
    channels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Arm:
    """The same network with its gates edited; no edits: the network as trained."""

    name: str
    edits: tuple[Edit, ...] = ()


INTACT = Arm("intact")

IDENTITY = Arm("identity", (Edit(Rule("identity")),))

STATIC = Arm("static", (Edit(Rule("static")),))

TWIN = Arm("twin", (Edit(Rule("twin")),))  # a plain network trained alike: another architecture

Recorded = Mapping[Rule, Mapping[str, Floats]]  # by rule and site, the C gates it puts in place
