"""A folded network's file, opened: an architecture without some of its SE blocks, or any.

The static gates of these blocks are in the weights around them; where that could not be, a fixed
scale stands in the block's place (`seviz.nets.scale`).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import brief, join_list
from seviz.records.numbers import SIGMOID, SOFTMAX
from seviz.records.sites import Site
from seviz.zoo.architecture import (
    check_takes,
    classifier,
    exceeds,
    preprocessing,
    shapes,
    skeleton,
    whole_numbers,
)
from seviz.zoo.checkpoint import (
    Checkpoint,
    open_checkpoint,
    read_names,
    stored_words,
)
from seviz.zoo.counts import count_channels, count_classes
from seviz.zoo.description import Description, read_description
from seviz.zoo.settings import Settings
from seviz.zoo.shards import number_format, read_stored, weights_file
from seviz.zoo.sources import Figures
from seviz.zoo.weights import check_values, misfit

if TYPE_CHECKING:
    from torch import Tensor, nn

NAMED = 2  # blocks in a title


@dataclass(frozen=True, kw_only=True)
class Folded(Checkpoint):
    """A network that `seviz fold` wrote; without SE, it can be measured and compared, not opened.

    description: what the file says of itself; of: how many SE blocks the architecture has.
    """

    description: Description
    of: int

    @property
    def column(self) -> str:
        """Say which blocks are static, as the title of its column beside the original."""
        tuned = ", tuned" if self.description.tuned else ""
        return f"folded: {_which(self.description.blocks, self.of)} static{tuned}"

    @property
    def why_no_gates(self) -> str:
        """Say that it has no gates, and how it can be looked at."""
        return (
            f"{self.file.name} is folded and has no SE block left, so there are no gates to show; "
            f"--beside opens it beside the original, {brief(self.description.origin.network)}, "
            "which is named by its key or its file, and `seviz evaluate` measures it."
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the class names that people gave, or those of the file."""
        return self.names_of_classes or self.description.labels or super().labels

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return the names of its classes in a data set."""
        return self.names_of_classes or self.description.folders or self.description.labels

    @property
    def head(self) -> str:
        """Return what turns outputs into probabilities."""
        return self.settings.head or self.description.head

    @property
    def usual_config(self) -> dict[str, Any]:
        """Return the preprocessing of the network that it was folded from."""
        return self.description.preprocessing.config(self.channels)

    def check(self) -> None:
        """Check that the file can be opened, also at the size of images that it names."""
        super().check()
        if self.input_size[1:] != preprocessing(self.architecture)["input_size"][1:]:
            check_takes(self.architecture, self.input_size)

    def skeleton(self) -> nn.Module:
        """Make the network without its weights, for its names and shapes."""
        return without_blocks(deepcopy(super().skeleton()), self.description)

    def make(self) -> nn.Module:
        """Make the network with random weights."""
        return without_blocks(super().make(), self.description)

    def fitting(self, model: nn.Module) -> dict[str, Tensor]:
        """Read the file's tensors, which are exactly the network's; UserError where not."""
        weights = self.tensors()
        theirs = {name: tuple(value.shape) for name, value in weights.items()}
        if wrong := misfit(shapes(model), theirs):
            raise UserError(
                f"{self.file} does not hold the network that it describes, {self.architecture} "
                f"with {_which(self.description.blocks, self.of)} folded: {wrong}; get the file "
                "anew, or fold the network again."
            )
        check_values(self.file, weights, whole=whole_numbers(model))
        return weights


def open_weights(
    file: Path, architecture: str, settings: Settings | None = None, *, plain: bool = False
) -> Checkpoint:
    """Return the source of a file of weights, which says itself what it is where it is folded.

    file: also an index of shards, or a folder that holds one; plain: as of `open_checkpoint`.
    UserError where it can't be opened.
    """
    file = weights_file(file)
    description = read_description(file)
    if description is None:
        return open_checkpoint(file, architecture, settings, plain=plain)
    if architecture not in ("", description.architecture):
        raise UserError(
            f"{file} was folded from {brief(description.architecture)}, not from "
            f"{brief(architecture)}; leave out --arch."
        )
    return _open_folded(file, description, settings or Settings())


def original(folded: Folded, file: str) -> Checkpoint:
    """Open the weights that a network was folded from, with the settings that it says of them.

    UserError where they can't be opened.
    """
    said = folded.description
    of_images = said.preprocessing
    settings = Settings(head=said.head, size=of_images.size, mean=of_images.mean, std=of_images.std)
    weights = open_weights(Path(file), said.architecture, settings)
    return replace(weights, names_of_classes=weights.names_of_classes or said.labels)


def _open_folded(file: Path, description: Description, settings: Settings) -> Folded:
    from seviz.gates.sites import find_sites

    stored = read_stored(file)
    shapes_there = {name: tuple(t.shape) for name, t in stored.tensors.items()}
    _check_size(file, description, shapes_there)
    plain = skeleton(description.architecture)
    sites = find_sites(plain, description.architecture)
    _check_paths(file, description, sites)
    if f"{classifier(plain)[0]}.weight" not in shapes_there:
        raise UserError(f"{file} has no head, which a folded network has; fold it again.")
    classes = count_classes(plain, shapes_there)
    channels = count_channels(file, plain, shapes_there)
    _check_values(file, description, classes=classes, channels=channels)
    source = Folded(
        key="checkpoint",
        title=f"{file.name} · {description.architecture}",
        group="your own",
        architecture=description.architecture,
        figures=Figures(0),
        file=file,
        sha256=stored.digest,
        stored=number_format(stored.tensors.items()),
        classes=classes,
        channels=channels,
        settings=settings,
        has_gates=len(description.blocks) < len(sites),
        description=description,
        of=len(sites),
    )
    source.check()
    count = sum(p.numel() for p in source.skeleton().parameters())
    return replace(
        source,
        title=f"{source.title}, {source.column}",
        figures=Figures(count),
        notes=(_note(source), *([stored_words(source)] if source.stored != "float32" else [])),
        names_of_classes=read_names(source) if settings.labels else None,
    )


def without_blocks(model: nn.Module, description: Description) -> nn.Module:
    """Put nothing, or a fixed scale, in place of a network's folded blocks; returns the network."""
    from torch import nn

    from seviz.nets.scale import ChannelScale

    where = next(model.parameters()).device
    for path in description.removed:
        model.set_submodule(path, nn.Identity())
    for path, channels in description.scaled:
        model.set_submodule(path, ChannelScale(channels).to(where))
    return model


def _check_size(
    file: Path, description: Description, theirs: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuse an architecture of torchvision, which takes memory when made, for a small file."""
    held = sum(map(prod, theirs.values()))
    if wanted := exceeds(description.architecture, held):
        raise UserError(
            f"{file} holds {held:,} numbers, and {brief(description.architecture)}, which it says "
            f"it is, has {wanted:,} parameters; get the file anew."
        )


def _check_paths(file: Path, description: Description, sites: tuple[Site, ...]) -> None:
    """Raise UserError unless the folded blocks are SE blocks of the architecture, each once."""
    known = {site.path: site for site in sites}
    scaled = dict(description.scaled)
    paths = [*description.removed, *scaled]
    odd = [path for path in paths if path not in known]
    if odd or len(set(paths)) < len(paths):
        raise UserError(
            f"{file} says that it lacks the SE block {brief((odd or paths)[0])}, "
            + (f"which {description.architecture} does not have" if odd else "in two ways")
            + "; fold the network again."
        )
    if wrong := [path for path in scaled if scaled[path] != known[path].channels]:
        raise UserError(
            f"{file} says that {wrong[0]} has {scaled[wrong[0]]} channels, and it has "
            f"{known[wrong[0]].channels}; fold the network again."
        )
    names = {known[path].name for path in paths}
    if not paths or names != set(description.blocks):
        raise UserError(
            f"{file} does not name the blocks whose places it lists; fold the network again."
        )


def _check_values(file: Path, description: Description, *, classes: int, channels: int) -> None:
    """Raise UserError where labels, head or normalisation do not fit the weights."""
    for what, names in (("labels", description.labels), ("folders", description.folders)):
        if names is not None and len(names) != classes:
            raise UserError(
                f"{file} has {len(names)} {what} for {classes} classes; fold the network again."
            )
    if description.head == (SOFTMAX if classes == 1 else None):
        raise UserError(f"{file} has one output, whose softmax is always 100 %; its head is wrong.")
    said = description.preprocessing
    if any(len(values) not in (1, channels) for values in (said.mean, said.std)):
        raise UserError(
            f"{file} normalises other channels than the {channels} that it reads; fold the network "
            "again."
        )


def _note(source: Folded) -> str:
    """Say what a folded file is, in a sentence."""
    description, sigmoid = source.description, source.head == SIGMOID
    stays = f", at {len(description.scaled)} of them as a fixed scale" if description.scaled else ""
    tuned = f" It was tuned: {description.tuned}." if description.tuned else ""
    alone = "" if source.has_gates else " It has no SE block left."
    each = " Each class has a probability of its own." if sigmoid else ""
    return (
        f"{source.file.name} is {source.architecture} with the {description.origin.rule} gates of "
        f"{_which(description.blocks, source.of)} folded in{stays}, from "
        f"{description.origin.network}.{alone}{tuned}{each}"
    )


def _which(blocks: tuple[str, ...], of: int) -> str:
    """Name blocks: “all 16 blocks”, “SE_5_1 and SE_5_2”, “SE_5_1 and 3 more”."""
    if len(blocks) == of:
        return f"all {of} blocks" if of > 1 else "its block"
    if len(blocks) <= NAMED:
        return join_list(blocks)
    return f"{blocks[0]} and {len(blocks) - 1} more"
