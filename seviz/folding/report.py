"""Everything that folding a network tells, and the one function that does it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import nn

from seviz.files import write_whole
from seviz.folding.compare import PAIRS, Accuracy, Cost, Latency, accuracy, cost, latencies
from seviz.folding.exporting import write_onnx, write_program
from seviz.folding.fold import FoldedNetwork, chosen_sites, fold, to_bytes
from seviz.folding.loading import loading_lines, plain_counterpart
from seviz.folding.tune import Tuned, tune
from seviz.measuring.evaluate import ON_VAL
from seviz.photos.sources import USUAL, Access, Reading
from seviz.records.arms import STATIC
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo.folded import Folded
from seviz.zoo.models import LoadedModel, build_network, load, on_cpu
from seviz.zoo.sources import Source


@dataclass(frozen=True)
class Tuning:
    """How a folded network is tuned; as of `seviz.folding.tune.tune`."""

    data: Path | str
    minutes: float
    seed: int = 0
    access: Access = USUAL
    limit: int | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked: which blocks are folded, and what is written and measured.

    places: of blocks, as `seviz.folding.fold.chosen_sites`; data: for the accuracy, None for none;
    onnx and program: files to write, too; batches: of how many images the time is measured.
    """

    places: Sequence[str]
    out: Path
    profile: Profile | None = None
    data: Path | str | None = None
    reading: Reading = ON_VAL
    loaders: int | None = None
    tuning: Tuning | None = None
    onnx: Path | None = None
    program: Path | None = None
    batches: Sequence[int] = tuple(PAIRS)


@dataclass(frozen=True)
class FoldReport:
    """What folding did.

    blocks: where the gates of each folded block are now (`seviz.folding.absorb`); left: the blocks
    that the network still has; error: of the proof, as of `FoldedNetwork`, before any tuning;
    onnx_error and program_error: of what was exported, None where nothing was; plain: the
    architecture without SE that loads the file as it is, None where there is none; python: the
    lines that load it.
    """

    model: str
    title: str
    blocks: dict[str, str]
    left: tuple[str, ...]
    statistics: str
    error: float
    cost: Cost
    latency: tuple[Latency, ...]
    accuracy: Accuracy | None
    tuned: Tuned | None
    file: str
    bytes: int
    onnx_error: float | None
    program_error: float | None
    plain: str | None
    python: str


def static_gates_words(profile: Profile) -> str:
    """Say over which images statistics are."""
    return f"{profile.data}, {profile.images:,} images"


def fold_network(
    key: str, wanted: Wanted, *, show: Callable[[str], None] = lambda _: None
) -> FoldReport:
    """Fold a network of the catalogue, prove it, write its file and measure both.

    show: is called with a sentence while it tunes. UserError where it can't be done, as of
    `recorded_for`, `fold`, `tune` and `accuracy`; then no file is written.
    """
    loaded = load(key)
    loaded = loaded if loaded.device.type == "cpu" else on_cpu(loaded)
    source = loaded.source
    gone = source.description.blocks if isinstance(source, Folded) else ()
    sites = chosen_sites(loaded.probe.sites, wanted.places, before=gone)
    (gates,) = recorded_for(key, [STATIC], wanted.profile).values()
    profile = wanted.profile or reference(key)
    assert profile is not None, key  # as there are gates
    folded = fold(loaded, sites, gates, statistics=static_gates_words(profile))
    model = folded.model
    tuned = _tune(model, source, wanted, show=show)
    description = replace(
        folded.description, tuned=tuned.words if tuned else folded.description.tuned
    )
    content = to_bytes(model, description)
    before = build_network(source).to("cpu")
    report = FoldReport(
        model=source.key,
        title=source.title,
        blocks=dict(folded.ways),
        left=_left(loaded, folded),
        statistics=description.origin.statistics,
        error=folded.error,
        file=str(wanted.out),
        bytes=len(content),
        tuned=tuned,
        cost=cost(before, model, source),
        latency=latencies(before, model, source, batches=wanted.batches),
        accuracy=_accuracy(before, model, source, wanted=wanted),
        onnx_error=write_onnx(model, wanted.onnx, source) if wanted.onnx else None,
        program_error=write_program(model, wanted.program, source) if wanted.program else None,
        plain=plain_counterpart(model, description, source),
        python=loading_lines(
            description, wanted.out, classes=source.class_count, channels=source.input_size[0]
        ),
    )
    write_whole(wanted.out, content)
    return report


def _tune(
    model: nn.Module, source: Source, wanted: Wanted, *, show: Callable[[str], None]
) -> Tuned | None:
    asked = wanted.tuning
    if asked is None:
        return None
    return tune(
        model,
        source,
        asked.data,
        minutes=asked.minutes,
        seed=asked.seed,
        access=asked.access,
        limit=asked.limit,
        loaders=wanted.loaders,
        show=show,
    )


def _accuracy(
    before: nn.Module, after: nn.Module, source: Source, *, wanted: Wanted
) -> Accuracy | None:
    if wanted.data is None:
        return None
    return accuracy(
        before, after, source, data=wanted.data, reading=wanted.reading, loaders=wanted.loaders
    )


def _left(loaded: LoadedModel, folded: FoldedNetwork) -> tuple[str, ...]:
    return tuple(site.name for site in loaded.probe.sites if site.name not in folded.ways)
