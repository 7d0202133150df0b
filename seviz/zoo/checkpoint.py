"""A user's own network: a safetensors file with its timm or torchvision architecture.

`seviz.zoo.folded.open_weights` opens such a file, or one that says its architecture itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import join_list
from seviz.records.entry import Entry
from seviz.records.numbers import SIGMOID, SOFTMAX
from seviz.zoo.architecture import (
    check_takes,
    exceeds,
    make,
    missing_head,
    preprocessing,
    shapes,
    skeleton,
    whole_numbers,
)
from seviz.zoo.counts import count_channels, count_classes
from seviz.zoo.labels import numbered_labels, read_labels
from seviz.zoo.settings import Settings, check_settings, numbers
from seviz.zoo.shards import INDEX, number_format, read_stored, stored_bytes
from seviz.zoo.sources import Figures, Source
from seviz.zoo.weights import (
    check_values,
    match,
    misfit,
    said_of,
)

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Source):
    """Weights in a safetensors file for an architecture that has SE blocks.

    file: of the weights, or the index of their shards; sha256: as of `shards.Stored`; stored: the
    formats of the numbers in the file, such as bfloat16; classes: their number, read from the
    weights of the last linear layer, 0 where the file has none; names_of_classes: from a text
    file, if any; channels: of the input, 1 or 3; settings: what people said; notes: what they
    should know about how the file was read, in sentences.
    """

    file: Path
    sha256: str
    classes: int
    stored: str = "float32"
    names_of_classes: tuple[str, ...] | None = None
    channels: int = 3
    settings: Settings = field(default_factory=Settings)
    notes: tuple[str, ...] = ()
    kind = "checkpoint"

    @property
    def origin(self) -> str:
        """Return the name of the file."""
        return self.file.name

    @property
    def local_file(self) -> Path | None:
        """Return the file; None where it no longer exists."""
        return self.file if self.file.exists() else None

    @property
    def digest(self) -> str:
        """Return the sha256 of the file, or of the list of its shards, as it was opened."""
        return self.sha256

    @property
    def identity(self) -> str:
        """Return the title, as the keys of checkpoints only hold in a process."""
        return self.title

    @property
    def class_count(self) -> int:
        """Count its classes."""
        return self.classes

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the class names; numbers where no file names them."""
        return self.folders or numbered_labels(self.classes)

    @property
    def head(self) -> str:
        """Return what turns outputs into probabilities: one output has no softmax."""
        return self.settings.head or (SIGMOID if self.classes == 1 else SOFTMAX)

    @property
    def usual_config(self) -> dict[str, Any]:
        """Return the preprocessing that holds where people gave none."""
        return preprocessing(self.architecture)

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing that people gave; the rest is that of the architecture."""
        config = self.usual_config
        size, mean, std = self.settings[2:]
        height, width = (size * 2)[:2] if size else config["input_size"][1:]
        mean, std = mean or config["mean"], std or config["std"]
        return config | {
            "input_size": (self.channels, height, width),
            "mean": _for_channels(mean, self.channels),
            "std": _for_channels(std, self.channels),
        }

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return the names of the classes, by which data sets call their folders, too."""
        return self.names_of_classes

    @property
    def bytes(self) -> int | None:
        """Count the bytes of the file, or of its shards; None where it no longer exists."""
        try:
            return stored_bytes(self.file)
        except (OSError, UserError):  # the page lists networks whose files have gone, too
            return None

    def entry(self) -> Entry:
        """Return the network's record in the catalogue; an index counts as its shards."""
        return replace(super().entry(), size=self.bytes)

    def check(self) -> None:
        """Check that the file can be opened; UserError, which names it, where it can't."""
        # Of weights for another architecture, neither the classes nor the channels are known.
        self.fitting(self.skeleton())
        check_settings(self.settings, self.file.name, classes=self.classes, channels=self.channels)
        if self.settings.size:
            check_takes(self.architecture, self.input_size)

    def build(self) -> nn.Module:
        """Make the network and load its weights; UserError where the file was changed since."""
        model = self.make()
        # The step counters may be missing.
        model.load_state_dict(self.fitting(model), strict=False)
        return model

    def make(self) -> nn.Module:
        """Make the network with random weights.

        Without a head the architecture's own stays, and no answer is shown.
        """
        return make(self.architecture, classes=self.classes or None, channels=self.channels)

    def skeleton(self) -> nn.Module:
        """Make the network without its weights, for its names and shapes."""
        return skeleton(self.architecture, self.classes or None, self.channels)

    def tensors(self) -> dict[str, Tensor]:
        """Read the file's tensors; UserError where it was changed since it was opened."""
        stored = read_stored(self.file)
        if stored.digest != self.sha256:
            raise UserError(f"{self.file} was changed after it was opened; open it again.")
        return stored.tensors

    def fitting(self, model: nn.Module) -> dict[str, Tensor]:
        """Read the file's tensors by a network's names; UserError where they don't fit it."""
        weights, ours = self.tensors(), shapes(model)
        fitting = {name: weights[theirs] for name, theirs in match(weights, ours).names.items()}
        theirs = {name: tuple(value.shape) for name, value in fitting.items()}
        lost = missing_head(model, theirs)
        if wrong := misfit({k: shape for k, shape in ours.items() if k not in lost}, theirs):
            raise UserError(
                f"{self.file} does not fit {self.architecture}: {wrong}; give another --arch."
            )
        check_values(self.file, fitting, whole=whole_numbers(model))
        return fitting


def open_checkpoint(
    file: Path, architecture: str, settings: Settings | None = None, *, plain: bool = False
) -> Checkpoint:
    """Return the source of a user's weights, checked; UserError where they can't be opened.

    plain: an architecture without SE blocks will do, too, which else can't be opened.
    """
    weights, digest = read_stored(file)
    if not architecture:
        raise UserError(f"Give the architecture of {file.name} too: --arch ARCH.")
    held = sum(value.numel() for value in weights.values())
    if wanted := exceeds(architecture, held):
        raise UserError(
            f"{file} holds {held:,} numbers, and {architecture} has {wanted:,} parameters; give "
            "another --arch."
        )
    bare = skeleton(architecture)
    has_gates = _has_gates(bare, architecture, plain=plain)
    found = match(weights, shapes(bare))
    theirs = {name: tuple(weights[original].shape) for name, original in found.names.items()}
    head = missing_head(bare, theirs)
    classes = 0 if head else count_classes(bare, theirs)
    channels = count_channels(file, bare, theirs)
    network = skeleton(architecture, classes or None, channels)
    checkpoint = Checkpoint(
        key="checkpoint",
        title=f"{file.name} · {architecture}",
        group="your own",
        architecture=architecture,
        figures=Figures(sum(p.numel() for n, p in network.named_parameters() if n not in head)),
        file=file,
        sha256=digest,
        stored=number_format((name, weights[original]) for name, original in found.names.items()),
        classes=classes,
        channels=channels,
        settings=settings or Settings(),
        has_gates=has_gates,
    )
    checkpoint.check()
    notes = (*said_of(file, found), *_notes(checkpoint))
    return replace(checkpoint, names_of_classes=read_names(checkpoint), notes=notes)


def _has_gates(bare: nn.Module, architecture: str, *, plain: bool) -> bool:
    """Tell whether a network has SE blocks; UserError where it has none, unless that will do."""
    from seviz.gates.sites import NoBlock, find_sites

    try:
        find_sites(bare, architecture)
    except NoBlock:
        if not plain:
            raise
        return False
    return True


def read_names(checkpoint: Checkpoint) -> tuple[str, ...] | None:
    """Read the names of the classes from the file that was given, or one beside the weights."""
    weights = checkpoint.file
    stem = weights.name.removesuffix(INDEX) if weights.name.endswith(INDEX) else weights.stem
    file = checkpoint.settings.labels or weights.with_name(f"{stem}.txt")
    if not checkpoint.classes or not (checkpoint.settings.labels or file.exists()):
        return None
    return read_labels(file, checkpoint.classes, checkpoint.file.name)


def _notes(checkpoint: Checkpoint) -> tuple[str, ...]:
    """Say what the weights' file leaves open, and what is taken instead."""
    name, said, sentences = checkpoint.file.name, checkpoint.settings, []
    if not checkpoint.classes:
        sentences.append(f"{name} has no head: there are its gates, and no answers.")
    elif checkpoint.head == SIGMOID and not said.head:
        sentences.append(f"{name} has one output: its sigmoid is the probability of its class.")
    if checkpoint.stored not in ("", "float32"):
        sentences.append(stored_words(checkpoint))
    if checkpoint.channels == 1:
        sentences.append(f"{name} reads one channel: photographs are made grey.")
    config = checkpoint.config
    taken = [
        f"{option} {numbers(values)}"
        for option, values, own in (
            ("--input-size", config["input_size"][1:], said.size),
            ("--mean", config["mean"], said.mean),
            ("--std", config["std"], said.std),
        )
        if own is None
    ]
    if taken:
        sentences.append(
            f"{join_list(taken)} {'is' if len(taken) == 1 else 'are'} taken from "
            f"{checkpoint.architecture}; give your own where {name} was trained with others."
        )
    return tuple(sentences)


def stored_words(checkpoint: Checkpoint) -> str:
    """Say in which format the numbers of a file are, and in which they are computed with."""
    return f"{checkpoint.file.name} is stored as {checkpoint.stored}, and computed in float32."


def _for_channels(values: tuple[float, ...], channels: int) -> tuple[float, ...]:
    """Repeat one number for all channels, or average those of colours for one."""
    if len(values) == channels:
        return values
    return values * channels if len(values) == 1 else (sum(values) / len(values),)
