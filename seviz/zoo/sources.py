"""A network before it is loaded: its facts, and how its module is made.

`Source` is the base class; the kinds are `registered.Embedded`, `registered.Laboratory`,
`published.Published`, `checkpoint.Checkpoint`, and `Wrapped` here.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from seviz.errors import UserError
from seviz.files import current_digest
from seviz.nets.variants import Variant
from seviz.records.arms import Arm, name_twin
from seviz.records.entry import Entry
from seviz.records.numbers import SOFTMAX
from seviz.zoo.labels import numbered_labels

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor, nn


MEMORY = "memory"  # the kind of a module that no file holds
NO_BLOCK = (
    "{} has no Squeeze-and-Excitation block; choose a network with SE blocks, such as an "
    "SE-ResNet, or compare this one with another network."
)


class Figures(NamedTuple):
    """A network's parameters, its accuracies in %, and the bytes of its weights.

    None where not known.
    """

    parameters: int
    top1: float | None = None
    top5: float | None = None
    bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A network that can be measured.

    key: its key in the catalogue. title: its name on the page. group: the family that it is listed
    under. tag: timm's name of the weights. measured_on: the data set on whose validation images the
    accuracies were measured. temperature: divides the logits to calibrate the probabilities, None
    where not measured. has_gates: whether it can be opened. twin: the same network without SE,
    trained by the same recipe. variant: the laboratory's variant, if it is one. statistics: the
    file of reference statistics that is shipped with it.
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
        """Return where its weights come from: embedded, checkpoint, hub, release or memory."""

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
    def transform(self) -> "Callable[[Image.Image], Tensor] | None":
        """Return the preprocessing of RGB photographs where it is more than `config` says."""
        return None

    @property
    def pixels(self) -> str:
        """Return, as text, the size of its images and the mean and deviation of their pixels."""
        size, *norm = (self.config[name] for name in ("input_size", "mean", "std"))
        mean, std = (" ".join(f"{value:.4g}" for value in values) for values in norm)
        return f"{'×'.join(map(str, size))}, mean {mean}, deviation {std}"

    @property
    @abstractmethod
    def labels(self) -> tuple[str, ...]:
        """Return the names of its classes, each unique; unnamed ones are called by their index."""

    @property
    def head(self) -> str:
        """Return what turns its outputs into probabilities."""
        return SOFTMAX

    @property
    def column(self) -> str:
        """Title its column where it stands beside the network that it is the twin of.

        "" for a twin that was trained without SE, as most are.
        """
        return ""

    def named(self, arms: Sequence[Arm]) -> tuple[Arm, ...]:
        """Return arms of this network, whose twin says what it is where it is a folded network."""
        column = self.twin.column if self.twin else ""
        return name_twin(arms, column) if column else tuple(arms)

    @property
    def why_no_gates(self) -> str:
        """Say, where it can't be opened as it has no gates, what can be done; "" for most."""
        return ""

    def check_gates(self) -> None:
        """Raise UserError where the network has no SE block, so it can't be opened alone."""
        if not self.has_gates:
            raise UserError(self.why_no_gates or NO_BLOCK.format(self.title))

    @property
    def digest(self) -> str | None:
        """Return the sha256 of the file of its weights; None where it has none on this machine.

        Of a module in memory, it is of its weights.
        """
        return current_digest(self.local_file) if self.local_file else None

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return the folder names of its classes in a data set; None where unknown."""
        return None

    @abstractmethod
    def build(self) -> "nn.Module":
        """Make the network with its weights, which are downloaded where needed.

        UserError where they can't be had.
        """

    def skeleton(self) -> "nn.Module":
        """Make the network with random weights, without a download."""
        return self.build()

    def fetch(self) -> Path | None:
        """Bring the weights onto this machine and return their file; None if they have none.

        UserError where they can't be had.
        """
        return self.local_file

    @property
    def class_count(self) -> int:
        """Count its classes."""
        return len(self.labels)

    @property
    def class_names(self) -> dict[str, str]:
        """Return the names of its classes by their folders' names; empty where unknown."""
        return dict(zip(self.folders or (), self.labels, strict=False))

    @property
    def identity(self) -> str:
        """Return what identifies the network in a file that other processes read."""
        return self.key

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that users can type instead of its key."""
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
        """Return the network's record in the catalogue."""
        file = self.local_file
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
            cached=file is not None or self.kind == "memory",
            size=file.stat().st_size if file else self.figures.bytes,
            classes=self.class_count,
            twin=self.twin.key if self.twin else None,
        )


@dataclass(frozen=True, kw_only=True)
class Wrapped(Source):
    """A module in memory; a catalogue lists it where its owner opens it (`seviz.wrap`).

    classes: how many it has, by default what it says as `num_classes`; names: theirs, where known;
    said: preprocessing in timm's terms, in place of what the module states; transform: in place of
    all that `said` says but the size and the normalisation. why_no_gates: what
    questions about its gates are told.
    """

    module: "nn.Module"
    classes: int | None = None
    names_of_classes: tuple[str, ...] | None = None
    said: Mapping[str, Any] = field(default_factory=dict, compare=False)
    transform: "Callable[[Image.Image], Tensor] | None" = field(default=None, compare=False)
    head: str = SOFTMAX
    why_no_gates: str = ""
    kind = MEMORY
    local_file = None

    @property
    def origin(self) -> str:
        """Return an empty text, as a module in memory has no file."""
        return ""

    @property
    def digest(self) -> str:
        """Return the sha256 of its weights as they are now."""
        from seviz.zoo.memory_digest import digest_of

        return digest_of(self.module)

    @property
    def identity(self) -> str:
        """Return the title, as the keys of modules only hold in a process."""
        return self.title

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing that was said, or the module states, or else timm's default."""
        from timm.data import resolve_model_data_config

        config: dict[str, Any] = resolve_model_data_config(self.module)
        return {**config, **self.said}

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of its classes, or else their numbers."""
        if self.names_of_classes is not None:
            return self.names_of_classes
        count = self.module.num_classes if self.classes is None else self.classes
        return numbered_labels(count)  # type: ignore[arg-type]

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return the names of the classes, by which data sets call their folders, too."""
        return self.names_of_classes

    def build(self) -> "nn.Module":
        """Copy the module, so that the caller's is neither frozen nor hooked."""
        return deepcopy(self.module)


def wrap(key: str, module: "nn.Module", **facts: Any) -> Wrapped:
    """Make a source of a module in memory; key: its name; facts: as of `Wrapped`."""
    return Wrapped(
        key=key,
        title=key,
        group="your own",
        architecture=type(module).__name__,
        figures=Figures(sum(p.numel() for p in module.parameters())),
        module=module,
        **facts,
    )
