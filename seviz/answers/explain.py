"""All the work of an explanation with a network: one task, which asks for a GPU once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from seviz.attribution.maps import attribute, count_map_rows
from seviz.attribution.shares import STEPS, gate_shares
from seviz.errors import UserError
from seviz.faithfulness.trust import count_trust_rows, trust
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.passes.gpu_seconds import GRADIENT, counts
from seviz.photos.crop import Box, crop_box
from seviz.records.arms import Arm, Recorded
from seviz.records.attribution import Attribution, GateShares
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.watch import Watch
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class Explained:
    """What was computed: target is the followed class; a method each in maps and trusts.

    crop_box, gates: as of `seviz.answers.attribution.AttributionReport`.
    """

    trace: Trace
    target: int
    crop_box: Box | None
    maps: list[Attribution]
    trusts: list[Trust | None]
    gates: GateShares | None


def _count_rows(
    loaded: LoadedModel,
    photo: object,
    arms: Sequence[Arm],
    *,
    methods: Sequence[str],
    options: Mapping[str, Any],
    measures: bool,
    **_: object,
) -> int:
    """Count about how many rows without gradients take as long as `explain`; its arguments."""
    steps = options["steps"]
    rows = 2 * len(arms) + GRADIENT * 2 * STEPS
    for name in methods:
        rows += count_map_rows(loaded, photo, arms, method=name, steps=steps)
        rows += GRADIENT * count_trust_rows(len(arms), name, steps or 0) if measures else 0
    return rows


@counts(_count_rows)
def explain(
    loaded: LoadedModel,
    photo: Image.Image,
    arms: list[Arm],
    *,
    methods: Sequence[str],
    target: str,
    options: Mapping[str, Any],
    measures: bool,
    recorded: Recorded,
) -> Explained:
    """Explain a photograph's answer as `attribution_report` does; options: of `attribute`."""
    record = trace(loaded, photo, arms, recorded=recorded)
    followed = _find_target(loaded.key, record, target)
    watch = options["watch"]
    given = {"target": followed, "recorded": recorded, **options}
    maps = [attribute(loaded, record.image, arms, method=name, **given) for name in methods]
    trusts = [
        trust(loaded, record.image, each, recorded=recorded, watch=watch) if measures else None
        for each in maps
    ]
    gates = shares_between(record, followed, watch) if len(gated_rows(record)) > 1 else None
    return Explained(record, followed, crop_box(loaded.transform, photo.size), maps, trusts, gates)


def shares_between(record: Trace, target: int, watch: Watch | None = None) -> GateShares:
    """Attribute the difference of a trace's first two arms with gates to all gates, as applied.

    UserError where there are no two arms with gates: the twin has none.
    """
    pair = gated_rows(record)
    if len(pair) < 2:
        raise UserError(
            "The twin without SE has no gates to share a difference out over; compare two arms "
            "of the network itself."
        )
    own, other = ({name: s[arm] for name, s in record.s.items()} for arm in pair)
    name = record.arms[pair[1]].name
    return ask(
        gate_shares,
        record.model,
        record.image,
        s=own,
        reference=other,
        name=name,
        target=target,
        watch=watch,
    )


def gated_rows(record: Trace) -> list[int]:
    """List the rows of the first two arms with gates; fewer where there are fewer."""
    return [row for row, arm in enumerate(record.arms) if not arm.is_twin][:2]


def _find_target(key: str, record: Trace, target: str) -> int:
    if target == "other":
        return record.top(min(1, len(record.arms) - 1), 1)[0].index
    if not target:
        return record.top(0, 1)[0].index
    source = find(key)
    return find_class(source.labels, target, source.folders)
