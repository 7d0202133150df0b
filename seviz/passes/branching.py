"""Passes of images in many arms, whose rows branch only where that is proved for the network.

Arms share the layers before the first block that they edit (`Probe.branch`). A network may not
allow this: it may mix the rows of a batch, or keep a tensor from before a block for a layer behind
it. So rows branch at a set of blocks only after a pass has shown that they get the same values
there as rows that pass the network alone; else all rows pass the whole network from then on.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from torch import Tensor

from seviz import limits
from seviz.errors import UserError
from seviz.gates.question import Captured, branch_places
from seviz.passes.batch_size import BatchSizes, out_of_memory
from seviz.passes.logits import ForwardError, logits_of
from seviz.phrases import first_line
from seviz.records.arms import INTACT, Arm, Edit, Recorded, Rule
from seviz.zoo.models import LoadedModel

R = TypeVar("R")
Places = frozenset[str]  # names of the sites where rows branch

TOLERANCE = 1e-3  # of the largest value; in batches of other sizes, float noise is some 1e-6
HALF = Rule("scale", 0.5)  # of the proof's arms: moves the answer, and lets nothing overflow
WHOLE_NOTE = (
    "Each arm passed through the whole network, as arms can’t share the first layers of this one."
)


@dataclass
class Branching:
    """What is known about a network's branching passes.

    proved: sets of blocks at which rows may branch in one pass; so may they at fewer of them.
    fault: why rows pass the whole network, or "".
    """

    proved: set[Places] = field(default_factory=set)
    fault: str = ""

    @classmethod
    def of(cls, loaded: LoadedModel) -> "Branching":
        """Return a network's record, which its cache keeps."""
        fault = (
            "" if loaded.probe.holders_differ else "it uses one block, or one module, several times"
        )
        known: Branching = loaded.cache.setdefault(cls, cls(fault=fault))
        return known

    def allows(self, places: Places) -> bool:
        """Tell whether rows are known to be able to branch at some blocks."""
        return not self.fault and any(places <= some for some in (Places(), *self.proved))

    def refuse(self, loaded: LoadedModel, fault: str) -> None:
        """Let rows pass the whole network from now on."""
        self.fault = fault
        logging.getLogger(__name__).info("%s is asked by whole rows: %s", loaded.title, fault)


def whole_note(loaded: LoadedModel) -> str:
    """Return the remark for readers that rows passed the whole network, or ""."""
    return WHOLE_NOTE if Branching.of(loaded).fault else ""


def pass_arms(
    loaded: LoadedModel,
    x: Tensor,
    arms: Sequence[Arm],
    *,
    recorded: Recorded | None = None,
    norms: bool = False,
    gates: bool = True,
    most: int | None = 0,
) -> tuple[Tensor, Captured]:
    """Pass N images, N×3×H×W, in arms; return their logits, arms·N×K, and what was captured.

    Of each arm come the rows of all images, then those of the next arm. Many arms pass in parts, as
    memory may not suffice for all at once. norms and gates: as of `Probe.branch`, whose errors are
    raised, and ForwardError. most: rows of a part, by default `limits.ROWS`; None for no parts.
    """

    def run(some: Sequence[Arm], whole: bool) -> tuple[Tensor, Captured]:
        return _pass(loaded, x, some, recorded=recorded, norms=norms, gates=gates, whole=whole)

    def run_part(part: Sequence[Arm]) -> tuple[Tensor, Captured]:
        return _branch_or_not(
            loaded,
            x,
            Places(branch_places(loaded.probe.sites, part)),
            branched=lambda: run(part, False),
            whole=lambda: _join(_in_parts(loaded, part, lambda some: run(some, True))),
        )

    most = len(arms) if most is None else (most or limits.ROWS.value) // len(x)
    most = max(1, most)
    starts = range(0, max(1, len(arms)), most)
    passed = [run_part(arms[start : start + most]) for start in starts]
    return passed[0] if len(passed) == 1 else _join(passed)


def pass_gates(
    loaded: LoadedModel,
    x: Tensor,
    gates: Mapping[str, Tensor],
    *,
    tick: Callable[[], object] | None = None,
) -> Tensor:
    """Pass an image, 1×3×H×W, with gates put in place (`Probe.put`); return the logits, N×K."""

    def run(whole: bool) -> Tensor:
        with loaded.probe.put(gates, tick=tick, whole=whole):
            return logits_of(loaded.model, x, loaded.title)

    places = Places([loaded.probe.sites[0].name])
    return _branch_or_not(loaded, x, places, branched=lambda: run(False), whole=lambda: run(True))


def _branch_or_not(
    loaded: LoadedModel,
    x: Tensor,
    places: Places,
    *,
    branched: Callable[[], R],
    whole: Callable[[], R],
) -> R:
    """Run a pass that branches at some places where that is proved, else one of whole rows."""
    known = Branching.of(loaded)
    if not known.fault and not known.allows(places):
        _prove(loaded, x, places)
    if known.allows(places):
        try:
            return branched()
        except (ForwardError, IndexError) as error:
            if not places:
                raise
            known.refuse(loaded, _reason(error))
    return whole()


@torch.no_grad()
def _prove(loaded: LoadedModel, x: Tensor, places: Places) -> None:
    """Compare rows that branch at each of some blocks with rows alone, and keep the outcome.

    x: images, of which the first is passed. UserError where even whole rows get other values than
    alone.
    """
    x = x[:1]
    arms = [INTACT, *(Arm(name, (Edit(HALF, name),)) for name in sorted(places))]
    alone = _join([_pass_alone(loaded, x, arm) for arm in arms])
    known = Branching.of(loaded)
    try:
        if _equal(_pass(loaded, x, arms), alone):
            known.proved.add(places)
            return
        fault = "rows that branch get other values"
    except Exception as error:
        if not _is_fault(error):
            raise
        fault = _reason(error)
    if not _equal(_join(_in_parts(loaded, arms, lambda a: _pass(loaded, x, a, whole=True))), alone):
        raise UserError(
            f"In {loaded.title} the images of a batch influence one another, such as by norms of "
            "the batch, so arms can’t be compared; choose another network, or one arm, intact."
        )
    known.refuse(loaded, fault)


def _is_fault(error: Exception) -> bool:
    """Tell whether an error is one of the branching, not of the question or the memory."""
    asked = isinstance(error, UserError) and not isinstance(error, ForwardError)
    return not asked and not out_of_memory(error)


def _reason(error: Exception) -> str:
    if isinstance(error, ForwardError):
        return error.reason
    return f"{type(error).__name__}: {first_line(str(error))}"


def _equal(one: tuple[Tensor, Captured], other: tuple[Tensor, Captured]) -> bool:
    """Tell whether two passes gave the same logits and gates, but for float noise."""
    (logits, ours), (expected, theirs) = one, other
    return (
        _close(logits, expected)
        and all(_close(ours.z[name], z) for name, z in theirs.z.items())
        and all(_close(ours.s[name], s, least=1.0) for name, s in theirs.s.items())
    )


def _close(a: Tensor, b: Tensor, least: float = 0.0) -> bool:
    """Tell whether values differ by less than TOLERANCE of the largest one, or of `least`."""
    largest = max(float(b.nan_to_num(0.0, 0.0, 0.0).abs().max()), least)
    return torch.allclose(a, b, rtol=0, atol=TOLERANCE * largest, equal_nan=True)


def _pass(
    loaded: LoadedModel,
    x: Tensor,
    arms: Sequence[Arm],
    *,
    recorded: Recorded | None = None,
    norms: bool = False,
    gates: bool = True,
    whole: bool = False,
) -> tuple[Tensor, Captured]:
    """Pass images in arms in one pass of the network."""
    with loaded.probe.branch(
        arms, recorded, images=len(x), norms=norms, gates=gates, whole=whole
    ) as captured:
        logits = logits_of(loaded.model, x, loaded.title)
    return logits[captured.rows], captured


def _pass_alone(loaded: LoadedModel, x: Tensor, arm: Arm) -> tuple[Tensor, Captured]:
    """Pass an image in one arm, in a batch of one."""
    with loaded.probe.ask([arm]) as captured:
        return logits_of(loaded.model, x, loaded.title), captured


def _in_parts(
    loaded: LoadedModel, arms: Sequence[Arm], run: Callable[[Sequence[Arm]], R]
) -> list[R]:
    """Run a pass of whole rows for some arms after the other: all at once may need much memory."""
    sizes = BatchSizes.of(loaded).forward
    return [part for _, part in sizes.batches(len(arms), lambda start, stop: run(arms[start:stop]))]


def _join(parts: Sequence[tuple[Tensor, Captured]]) -> tuple[Tensor, Captured]:
    """Join passes of some arms each to one of all arms; its rows are the arms."""
    logits = torch.cat([of_part for of_part, _ in parts])
    captured = [of_part for _, of_part in parts]
    joined = Captured(rows=list(range(len(logits))))
    for group in ("z", "s", "s_computed"):
        by_site = getattr(captured[0], group)
        getattr(joined, group).update(
            {name: torch.cat([getattr(part, group)[name] for part in captured]) for name in by_site}
        )
    for name in captured[0].shifts:
        of_norms = zip(*(part.shifts[name] for part in captured), strict=True)
        joined.shifts[name] = [torch.cat(of_norm) for of_norm in of_norms]
    return logits, joined
