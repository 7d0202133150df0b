"""Networks that timm makes by name, among them those whose weights are part of seviz."""

from abc import abstractmethod
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.nets import embedded
from seviz.nets import shipped as lab
from seviz.nets.embedded import (
    ARCHITECTURE,
    ASSETS,
    DATA,
    PREPROCESSING,
    TAG,
    TWIN_ARCHITECTURE,
    run_facts,
)
from seviz.nets.results import WEIGHTS, VariantFigures, results
from seviz.nets.variants import PLAIN, VARIANTS, Variant
from seviz.zoo.labels import Classes, embedded_classes, numbered_labels
from seviz.zoo.sources import Figures, Source

if TYPE_CHECKING:
    from torch import nn

EMBEDDED = "embedded"  # the key of the network that needs no download
TWIN = "twin"  # its twin without SE: can be measured, but has no gates to open
GROUP = "laboratory"


class Registered(Source):
    """A network that timm makes."""

    @property
    def timm_name(self) -> str:
        """Return its architecture's name with the tag."""
        return f"{self.architecture}.{self.tag}".rstrip(".")

    @property
    @abstractmethod
    def cfg(self) -> dict[str, Any]:
        """Return what timm says of its weights: input_size, num_classes, license and more."""

    @property
    @abstractmethod
    def classes(self) -> Classes | None:
        """Return WordNet id and name of each class; None where they are not known."""

    @property
    def class_count(self) -> int:
        """Count its classes without reading their names."""
        return int(self.cfg["num_classes"])

    @property
    def names(self) -> tuple[str, ...]:
        """Return timm's name, with its tag and without."""
        return self.timm_name, self.architecture

    @property
    def licence(self) -> str:
        """Return the licence that timm states."""
        return self.cfg["license"] or super().licence

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of its classes."""
        known = self.classes
        return tuple(name for _, name in known) if known else numbered_labels(self.class_count)

    @property
    def folders(self) -> tuple[str, ...] | None:
        """Return the WordNet ids of its classes."""
        known = self.classes
        return tuple(wnid for wnid, _ in known) if known else None

    @property
    def input_size(self) -> tuple[int, int, int]:
        """Return (channels, height, width) in pixels."""
        channels, height, width = self.cfg["input_size"]
        return channels, height, width

    def build(self) -> "nn.Module":
        """Let timm make the network and load its weights."""
        import timm

        import seviz.nets.registry  # noqa: F401 - timm then knows those that ship

        file = {"file": str(self.fetch())}
        model: nn.Module = timm.create_model(
            self.timm_name, pretrained=True, pretrained_cfg_overlay=file
        )
        return model

    def skeleton(self) -> "nn.Module":
        """Let timm make the network with random weights."""
        import timm

        import seviz.nets.registry  # noqa: F401 - timm then knows those that ship

        model: nn.Module = timm.create_model(self.timm_name, pretrained=False)
        return model


class Shipped(Registered):
    """A network whose weights are part of seviz."""

    kind = "embedded"

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing that belongs to its weights."""
        return {name: self.cfg[name] for name in PREPROCESSING}

    @property
    def origin(self) -> str:
        """Return the name of the file of its weights."""
        return self.fetch().name

    @property
    def local_file(self) -> Path | None:
        """Return the file of its weights; None where it is missing."""
        file = self.fetch()
        return file if file.exists() else None

    def fetch(self) -> Path:
        """Return the file of its weights, as nothing can be downloaded."""
        return Path(self.cfg["file"])


class Embedded(Shipped):
    """The embedded network or its twin."""

    @cached_property
    def cfg(self) -> dict[str, Any]:
        """Return the description of its weights."""
        return embedded.cfg(self.architecture)

    @property
    def classes(self) -> Classes:
        """Return the classes of the pair's data set."""
        return embedded_classes()


class Laboratory(Shipped):
    """A variant of the study whose weights are part of seviz."""

    @cached_property
    def cfg(self) -> dict[str, Any]:
        """Return the description of its weights."""
        return lab.cfg(self.key)

    @property
    def classes(self) -> Classes:
        """Return the study's classes, with the embedded pair's names."""
        names = dict(embedded_classes())
        return tuple((wnid, names.get(wnid, wnid)) for wnid in results().classes)


@cache
def embedded_pair() -> tuple[Embedded, Embedded]:
    """Return the embedded network and its twin."""
    twin = Embedded(
        key=TWIN,
        title="ResNet-50 slim · the twin without SE",
        has_gates=False,
        **_run_fields(TWIN_ARCHITECTURE),
    )
    gated = Embedded(
        key=EMBEDDED,
        title="SE-ResNet-50 slim · embedded",
        twin=twin,
        statistics=ASSETS / f"{ARCHITECTURE}.profile.safetensors",
        **_run_fields(ARCHITECTURE),
    )
    return gated, twin


def _run_fields(architecture: str) -> dict[str, Any]:
    """Return the fields of a network of the pair that its training run determines."""
    run = run_facts(architecture)
    last = run["history"][-1]
    return {
        "group": "embedded",
        "architecture": architecture,
        "tag": TAG,
        "figures": Figures(run["parameters"], 100 * last["top1"], 100 * last["top5"]),
        "measured_on": DATA,
        "temperature": last.get("temperature"),
    }


@cache
def laboratory_sources() -> dict[str, Laboratory]:
    """Return the shipped variants by key, those without SE first."""
    plain = {
        key: _laboratory_source(found)
        for key, found in lab.shipped_results().items()
        if VARIANTS[key].plain
    }
    gated = {
        key: _laboratory_source(found, plain.get(Variant(VARIANTS[key].host, PLAIN).key))
        for key, found in lab.shipped_results().items()
        if key not in plain
    }
    return plain | gated


def statistics_name(key: str) -> str:
    """Return the name of the file of a variant's statistics."""
    return f"{key}.profile.safetensors"


def _laboratory_source(found: VariantFigures, twin: Laboratory | None = None) -> Laboratory:
    """Make the source of a variant; found: its figures in the study; twin: its host without SE."""
    seed, variant = found.shipped_seed, VARIANTS[found.key]
    statistics = WEIGHTS / statistics_name(found.key)
    return Laboratory(
        key=found.key,
        title=f"{variant.title} · {GROUP}",
        group=GROUP,
        architecture=found.key,
        tag=lab.TAG,
        figures=Figures(found.parameters, 100 * found.top1[seed], 100 * found.top5[seed]),
        measured_on=f"{lab.accuracy_images()}, of the best seed",
        temperature=found.temperature,
        has_gates=not variant.plain,
        twin=twin,
        statistics=statistics if statistics.exists() else None,
        variant=variant,
    )
