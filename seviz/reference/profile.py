"""Gate statistics of a network over a data set, the reference for the gates of single images.

reference = Profile.load(path)
reference.blocks["SE_4_6"].s_mean  # s̄, the gates of a static arm
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.reference.stored import Format

if TYPE_CHECKING:
    from seviz.zoo.sources import Source

FORMAT = Format("seviz_profile", (1, 2), "is no profile of a network, or it is damaged.")
# Most of a file, so in float16 where that is exact enough.
HALVED = {"class_mean", "class_std", "z_class_mean"}
LARGEST_HALF = 65504.0  # of float16


@dataclass(frozen=True)
class BlockProfile:
    """One SE block over all images; C channels, K classes, float32.

    Standard deviations are of the population: divided by the number of images. Quantiles are at the
    33 levels 0, 1/32 … 1. A class without images has NaN. The distances are those between the gates
    of two images, 1 − cosine and mean absolute difference (NaN where there is only one image).

    The last five, which files of version 1 lack (None), tell how much the gates tell of an image's
    class: s_within and s_between are the parts of the variance of s within classes and between
    their means; share_interval is the 95 % interval of the median of s_between / (s_within +
    s_between), by a bootstrap over the sampled images; neighbours: the share of sampled images
    whose class their nearest neighbours by these gates name (`seviz.reference.selectivity`).
    """

    s_mean: Floats  # C
    s_std: Floats  # C
    s_quantiles: Floats  # 33×C
    z_mean: Floats  # C
    z_std: Floats  # C
    z_quantiles: Floats  # 33×C
    class_mean: Floats  # K×C, of s
    class_std: Floats  # K×C, of s
    cosine_quantiles: Floats  # 33
    difference_quantiles: Floats  # 33
    z_class_mean: Floats | None = None  # K×C
    s_within: Floats | None = None  # C
    s_between: Floats | None = None  # C
    share_interval: Floats | None = None  # 2
    neighbours: Floats | None = None  # 1


@dataclass(frozen=True)
class Profile:
    """The gates of a network, as trained, over a data set.

    model: the network's key; data: the data set's name; classes: its classes' names, with
    class_counts images each; sampled: how many images the quantiles and distances are taken from
    (the least and greatest s and z are of all images); blocks: by site name, in depth order;
    weights: the sha256 of the network's file of weights, None where there is no file; pixels: what
    images the network got (`Source.pixels`), None in older files; unreadable: images that were left
    out; note: a sentence about the sample, "" where nothing need be said.
    """

    model: str
    data: str
    classes: tuple[str, ...]
    class_counts: tuple[int, ...]
    sampled: int
    blocks: dict[str, BlockProfile]
    weights: str | None = None
    pixels: str | None = None
    unreadable: int = 0
    note: str = ""

    @property
    def doubt(self) -> str:
        """Say that an older profile does not tell of which weights it is; else ""."""
        if self.weights:
            return ""
        return (
            f"This profile of “{self.model}” is older and does not say of which weights it is, so "
            "it can't be checked; `python -m seviz profile` measures it anew."
        )

    @property
    def images(self) -> int:
        """Return the number of images."""
        return sum(self.class_counts)

    @property
    def measured_classes(self) -> list[int]:
        """Return the indices of the classes that have images."""
        return [i for i, count in enumerate(self.class_counts) if count]

    @property
    def has_classes(self) -> bool:
        """Tell whether there are classes to compare: two or more that have images."""
        return len(self.measured_classes) > 1

    def is_of(self, source: "Source") -> bool:
        """Tell whether this profile is of a network, and of images as it gets them.

        The weights are compared where both are known: networks of one name may have others.
        """
        return self._has_weights_of(source) and self.pixels in (None, source.pixels)

    def _has_weights_of(self, source: "Source") -> bool:
        known = source.digest if self.weights else None
        return self.weights == known if known else self.model == source.identity

    def check_is_of(self, source: "Source") -> None:
        """Raise UserError, which names both, unless this profile is of that network and images."""
        if self.is_of(source):
            return
        if self._has_weights_of(source):
            raise UserError(
                f"This profile is of images of {self.pixels}, and the network gets them as "
                f"{source.pixels}; give the same --input-size, --mean and --std, or make a new one."
            )
        ours, theirs = (
            f"“{name}”" + (f" with weights {digest[:12]}…" if digest else "")
            for name, digest in (
                (self.model, self.weights),
                (source.identity, source.digest),
            )
        )
        raise UserError(
            f"This profile is of the network {ours}, not of {theirs}; use its own, which "
            "`python -m seviz profile` measures."
        )

    def check_fits(self, source: "Source", sites: Iterable[Site]) -> None:
        """Raise UserError, naming the first difference, unless this profile is of that network."""
        self.check_is_of(source)
        theirs = {site.name: site.channels for site in sites}
        ours = {name: len(block.s_mean) for name, block in self.blocks.items()}
        for name in [*theirs, *ours]:
            if theirs.get(name) != ours.get(name):
                raise UserError(
                    f"This profile does not fit the network “{source.identity}”: at {name} it has "
                    f"{_channels(ours.get(name))}, and the network {_channels(theirs.get(name))}."
                )

    def save(self, path: Path) -> None:
        """Write one safetensors file, replacing an old one in a single step; UserError if it can't.

        Arrays are SITE/FIELD, the rest is JSON in the metadata. Class means and deviations of gates
        within −1 … 1 are stored in float16, with an error of at most 2⁻¹², class means of z with a
        relative one of 2⁻¹¹; all else in float32.
        """
        about = {**vars(self), "blocks": list(self.blocks)}
        arrays = {
            f"{name}/{field}": np.ascontiguousarray(values, _stored_type(field, values))
            for name, block in self.blocks.items()
            for field, values in vars(block).items()
            if values is not None
        }
        FORMAT.write(path, arrays, about)

    @classmethod
    def load(cls, path: Path) -> "Profile":
        """Read a file of `save`, as float32; UserError where it is missing or is no such file."""
        with FORMAT.opened(path) as (file, about):
            blocks = {name: _read_block(file, name) for name in about.pop("blocks")}
            about |= {name: tuple(about[name]) for name in ("classes", "class_counts")}
            return cls(**about, blocks=blocks)


def _channels(count: int | None) -> str:
    return "no block" if count is None else f"{count} channels"


def _stored_type(field: str, values: Floats) -> npt.DTypeLike:
    """Choose float16 for gates of sigmoid and tanh; those of ReLU may exceed its range."""
    most = LARGEST_HALF if field == "z_class_mean" else 1
    return np.float16 if field in HALVED and not (np.abs(values) > most).any() else np.float32


def _read_block(file: Any, name: str) -> BlockProfile:
    there = set(file.keys())
    keys = [field.name for field in fields(BlockProfile) if f"{name}/{field.name}" in there]
    return BlockProfile(**{k: file.get_tensor(f"{name}/{k}").astype(np.float32) for k in keys})
