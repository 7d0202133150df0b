"""A network before it is loaded: what is known of it, and how its module is made.

`Source` is what all kinds have in common. They are `registered.Embedded` and
`registered.Laboratory`, `published.Published`, `checkpoint.Checkpoint`, and `Wrapped` here.
"""

from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from timm.data import resolve_model_data_config
from torch import nn

from seviz.nets.variants import Variant
from seviz.records.entry import Entry
from seviz.zoo.labels import unnamed


class Figures(NamedTuple):
    """A network's parameters, and its accuracies in %, None where none is known."""

    parameters: int
    top1: float | None = None
    top5: float | None = None


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A network that can be measured.

    key: the catalogue's. title: its name for people. group: the family that it is listed under.
    tag: which of its architecture's weights it has, in timm's terms. measured_on: the data set
    whose validation images its accuracies are of. temperature: what its logits are divided by for
    honest probabilities, where measured. has_gates: whether it can be opened. twin: the network
    without SE that was trained as this one was. variant: which of the laboratory's it is.
    statistics: the file of reference statistics that travels with it.
    """

    key: str
    title: str
    group: str
    architecture: str
    figures: Figures
    tag: str = ""
    measured_on: str = "ImageNet-1k"
    temperature: float | None = None
    has_gates: bool = True
    twin: "Source | None" = None
    variant: Variant | None = None
    statistics: Path | None = None

    @property
    @abstractmethod
    def kind(self) -> str:
        """Say where its weights come from: embedded, checkpoint, hub, release or memory."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """Return the name of the file of its weights, the Hub's repository, or the address."""

    @property
    @abstractmethod
    def local_file(self) -> Path | None:
        """Return the file of its weights on this machine; None where there is none."""

    @property
    @abstractmethod
    def config(self) -> dict[str, Any]:
        """Return its preprocessing in timm's terms."""

    @property
    @abstractmethod
    def labels(self) -> tuple[str, ...]:
        """Name its classes, each name once; those that nobody named are called by their index."""

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return what folders of its classes are called, in its order; None where unknown."""
        return None

    @abstractmethod
    def build(self) -> nn.Module:
        """Make the network with its weights, downloading them where they are not here.

        UserError where they can't be had.
        """

    def skeleton(self) -> nn.Module:
        """Make the network for its layers alone; nothing is downloaded."""
        return self.build()

    def fetch(self) -> Path | None:
        """Bring the weights onto this machine and return their file; None if they have none.

        UserError where they can't be had.
        """
        return self.local_file

    @property
    def class_names(self) -> dict[str, str]:
        """Return what its classes are called, by their folders' names, where those are known."""
        return dict(zip(self.folders or (), self.labels, strict=False))

    @property
    def identity(self) -> str:
        """Return what tells it from all others in a file that outlives this process."""
        return self.key

    @property
    def names(self) -> tuple[str, ...]:
        """Return what people may type for it beside its key."""
        return ()

    @property
    def licence(self) -> str:
        """Return the licence of its weights."""
        return "unknown"

    @property
    def input_size(self) -> tuple[int, int, int]:
        """Return (channels, height, width) in pixels."""
        channels, height, width = self.config["input_size"]
        return channels, height, width

    def entry(self) -> Entry:
        """Return what the catalogue lists of it."""
        return Entry(
            key=self.key,
            title=self.title,
            group=self.group,
            source=self.kind,
            origin=self.origin,
            architecture=self.architecture,
            tag=self.tag,
            parameters=self.figures.parameters,
            input_size=self.input_size,
            licence=self.licence,
            top1=self.figures.top1,
            top5=self.figures.top5,
            measured_on=self.measured_on,
            cached=self.local_file is not None,
        )


@dataclass(frozen=True, kw_only=True)
class Wrapped(Source):
    """A module in memory, which no catalogue lists."""

    module: nn.Module
    kind = "memory"
    local_file = None

    @property
    def origin(self) -> str:
        """Return that no file is its origin."""
        return ""

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing that the module states, or else timm's default."""
        config: dict[str, Any] = resolve_model_data_config(self.module)
        return config

    @property
    def labels(self) -> tuple[str, ...]:
        """Call its classes by their index."""
        return unnamed(self.module.num_classes)  # type: ignore[arg-type]

    def build(self) -> nn.Module:
        """Copy the module: it stays its owner's, neither frozen nor with hooks on it."""
        return deepcopy(self.module)


def wrap(key: str, module: nn.Module) -> Wrapped:
    """Wrap a module of somebody's own; key: what it is called."""
    return Wrapped(
        key=key,
        title=key,
        group="your own",
        architecture=type(module).__name__,
        figures=Figures(sum(p.numel() for p in module.parameters())),
        module=module,
    )
