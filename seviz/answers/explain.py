"""All the work of an explanation with a network: one task, whose passes share one progress."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from seviz.answers.checks import attribution_rows, check_shares
from seviz.answers.gate_shares import gated, shares_between
from seviz.attribution import shares as gates
from seviz.attribution.maps import attribute
from seviz.attribution.methods import pass_rows
from seviz.faithfulness import trust as measures
from seviz.passes.estimate import PassRows
from seviz.passes.forward import trace
from seviz.passes.gpu_seconds import counts
from seviz.photos.crop import Box, crop_box
from seviz.records.arms import Arm, Recorded
from seviz.records.attribution import Attribution, GateShares
from seviz.records.target import Gate, Target
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.watch import Progress, Watch
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel
from seviz.zoo.targets import find_target


@dataclass(frozen=True)
class ExplainOptions:
    """What is asked of a photograph's answer, as of `seviz.answers.attribution`."""

    methods: Sequence[str]
    target: str = ""
    layer: str = ""
    steps: int | None = None
    trust: bool = False
    shares: bool = False

    def rows(self, arms: int) -> PassRows:
        """Count about how many rows pass."""
        return attribution_rows(
            self.methods, arms, steps=self.steps, trust=self.trust, shares=self.shares
        )


@dataclass(frozen=True)
class Explained:
    """What was computed: target is what was followed; a method each in maps and trusts.

    crop_box, gates: as of `seviz.answers.attribution.AttributionReport`.
    """

    trace: Trace
    target: Target
    crop_box: Box | None
    maps: list[Attribution]
    trusts: list[Trust | None]
    gates: GateShares | None


@counts(lambda _, __, arms, *, asked, **___: 2 * len(arms) + asked.rows(len(arms)).weight)
def explain(
    loaded: LoadedModel,
    photo: Image.Image,
    arms: list[Arm],
    *,
    asked: ExplainOptions,
    recorded: Recorded,
    watch: Watch | None = None,
) -> Explained:
    """Explain a photograph's answer as `attribution_report` does."""
    record = trace(loaded, photo, arms, recorded=recorded)
    followed = _find_target(loaded.key, record, asked.target)
    if asked.shares:
        check_shares(followed)
    progress = Progress(watch, asked.rows(len(arms)).count)
    maps, trusts = [], []
    for method in asked.methods:
        with _passing(progress, pass_rows(method, len(arms), asked.steps or 0)) as part:
            found = attribute(
                loaded,
                record.image,
                arms,
                method=method,
                target=followed,
                layer=asked.layer,
                steps=asked.steps,
                recorded=recorded,
                watch=part,
            )
        maps.append(found)
    for found in maps:
        trusts.append(_trust(loaded, record, found, recorded, progress) if asked.trust else None)
    shares = None
    if asked.shares and not isinstance(followed, Gate) and len(gated(record)) > 1:
        with _passing(progress, gates.PASS_ROWS) as part:
            shares = shares_between(record, followed, part)
    return Explained(record, followed, crop_box(loaded.transform, photo.size), maps, trusts, shares)


def _trust(  # noqa: PLR0917
    loaded: LoadedModel,
    record: Trace,
    found: Attribution,
    recorded: Recorded,
    progress: Progress,
) -> Trust:
    rows = measures.pass_rows(found.method, len(found.arms), found.steps)
    with _passing(progress, rows) as part:
        return measures.trust(loaded, record.image, found, recorded=recorded, watch=part)


@contextmanager
def _passing(progress: Progress, rows: PassRows) -> Iterator[Watch | None]:
    """Give a watch for so many rows, and count them."""
    yield progress.part(rows.count)
    progress.add(rows.count)


def _find_target(key: str, record: Trace, target: str) -> Target:
    if target == "other":
        return record.top(min(1, len(record.arms) - 1), 1)[0].index
    if not target:
        return record.top(0, 1)[0].index
    return find_target(find(key), record.sites, target)
