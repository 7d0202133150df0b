"""What a result is of and how it was made: the one home of that record."""

import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from seviz import __version__
from seviz.errors import UserError
from seviz.gates.grammar import arm_text, whole_arm_text
from seviz.passes.dispatch import device_for
from seviz.photos.changes import PAINTED
from seviz.records.arms import STATIC, Arm
from seviz.records.drift import Changing
from seviz.records.provenance import NetworkFile, PhotoFile, Provenance
from seviz.records.trace import Trace
from seviz.zoo.catalogue import find
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.device import device_words
from seviz.zoo.sources import Source

LIBRARIES = ("torch", "torchvision", "timm", "captum", "numpy", "pillow", "safetensors")
PRECISION = "float32"  # TF32 is off (`seviz.zoo.device`)


def provenance(
    key: str,
    photographs: Iterable[PhotoFile | None] = (),
    *,
    edits: Mapping[str, str] | None = None,
    data: Path | str | None = None,
    command: str = "",
) -> Provenance:
    """Record what a result of a network is of.

    key: of the catalogue; of another network in memory only the name is told. photographs: None
    for one that was not read from a file. The other arguments are as of `Provenance`.
    """
    source = known_source(key)
    config = source.config if source else {}
    twin = source.twin if source and "twin" in (edits or {}).values() else None
    return Provenance(
        photographs=tuple(photo for photo in photographs if photo is not None),
        data=None if data is None else str(data),
        network=_network(source) if source else NetworkFile(key, key, "", "memory", None, None),
        twin=_network(twin) if twin else None,
        input_size=tuple(config.get("input_size", ())),
        mean=tuple(config.get("mean", ())),
        std=tuple(config.get("std", ())),
        edits=dict(edits or {}),
        device=device_for(source.key) if source else device_words(),
        precision=PRECISION,
        versions=_versions(),
        command=command,
    )


def provenance_of_trace(trace: Trace, command: str = "") -> Provenance:
    """Record what a trace is of; command: by default the one that makes the same trace."""
    return provenance(
        trace.model,
        [trace.photo],
        edits=arm_edits(trace.arms),
        command=command or trace_command(trace),
    )


def arm_edits(arms: Iterable[Arm]) -> dict[str, str]:
    """Return the text of each arm's edits by its name."""
    return {arm.name: arm_text(arm.edits) for arm in arms}


def known_source(key: str) -> Source | None:
    """Return a network of the catalogue; None of another one in memory."""
    try:
        return find(key)
    except UserError:
        return None


def _network(source: Source) -> NetworkFile:
    file = source.local_file
    return NetworkFile(
        key=None if source.kind == "checkpoint" else source.key,
        title=source.title,
        architecture=source.architecture,
        source=source.kind,
        file=None if file is None else source.origin if source.kind == "checkpoint" else file.name,
        sha256=source.digest,
        stored=source.stored if isinstance(source, Checkpoint) else None,
    )


@cache
def _versions() -> Mapping[str, str]:
    known = {"seviz": __version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            known[library] = version(library)
        except PackageNotFoundError:
            continue
    return known


def _checkpoint_words(source: Checkpoint) -> list[str]:
    """Return the options that open a user's own network, by the names of its files alone."""
    said = source.settings
    options: dict[str, Iterable[object]] = {
        "--labels": [said.labels.name] if said.labels else (),
        "--head": [said.head] if said.head else (),
        "--input-size": said.size or (),
        "--mean": said.mean or (),
        "--std": said.std or (),
    }
    words = ["--checkpoint", source.origin, "--arch", source.architecture]
    for option, values in options.items():
        words += [option, *map(str, values)] if values else []
    return words


def trace_command(trace: Trace) -> str:
    """Write the command that makes a trace from its photograph's file."""
    return shlex.join(["seviz", "trace", *question_words(trace), "--out", "DIR"])


def report_command(
    trace: Trace,
    *,
    target: str,
    methods: Sequence[str],
    layer: str = "",
    shares: bool = False,
    more: Sequence[str] = (),
) -> str:
    """Write the command that makes a report; target: what is followed, as text; more: options."""
    words = ["seviz", "report", *question_words(trace), "--target", target, "--method", *methods]
    words += ["--layer", layer] if layer else []
    words += ["--shares"] if shares else []
    return shlex.join([*words, *more, "--out", "report.html"])


def question_words(trace: Trace) -> list[str]:
    """Return what a command is told of a trace: photograph, network and arms."""
    rules = {edit.rule for arm in trace.arms for edit in arm.edits}
    arms = ["--arms", *map(whole_arm_text, trace.arms)]
    return [*photo_words(trace, static=STATIC.edits[0].rule in rules), *arms]


def photo_words(trace: Trace, *, static: bool) -> list[str]:
    """Return what a command is told of a photograph and its network; static: asked for mean gates.

    Those of one's own network come from a file, which is not known here.
    """
    source, network = known_source(trace.model), network_words(trace.model)
    alone = isinstance(source, Checkpoint) and not isinstance(source.twin, Checkpoint)
    return [photo_word(trace), *network, *(["--profile", "PROFILE"] if alone and static else [])]


def change_options(changing: Changing, strength: float) -> list[str]:
    """Return the options by which a command changes a photograph; none for what was painted."""
    if changing.mask is not None:
        return []
    words = ["--change", changing.change, "--strength", f"{strength:g}"]
    words += ["--seed", str(changing.seed)] if changing.seed else []
    return words + (["--region", changing.region] if changing.change == PAINTED else [])


def photo_word(trace: Trace, unknown: str = "PHOTO") -> str:
    """Return what a command calls a trace's photograph; unknown: one that was of no file."""
    return trace.photo.path if trace.photo else unknown


def network_words(key: str) -> list[str]:
    """Return the options by which a command opens a network."""
    source = known_source(key)
    if source and isinstance(source.twin, Checkpoint):
        original = source.origin if isinstance(source, Checkpoint) else key
        return [*_checkpoint_words(source.twin), "--beside", original]
    return _checkpoint_words(source) if isinstance(source, Checkpoint) else ["--model", key]
