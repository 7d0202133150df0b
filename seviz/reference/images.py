"""The images behind a network's statistics: a sample with its gates, and each gate's extremes.

images = ProfiledImages.load(images_path(profile_file))
images.largest("SE_4_6", 17)  # the images with the largest gate of this channel

They lie in a file of their own beside the statistics, which most questions do not need.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from seviz.records.numbers import Floats
from seviz.reference.profile import Profile
from seviz.reference.stored import Format
from seviz.reference.streams import Integers

FORMAT = Format("seviz_profiled_images", (1,), "holds no images of a profile, or it is damaged.")
SHIPPED = 512  # images of the sample in files that are part of seviz
MOST_NAMES = 64 * 2**20  # bytes of all names, unpacked


class Exemplar(NamedTuple):
    """An image by its name in the data set, its class by index, and its gate."""

    name: str
    label: int
    s: float


@dataclass(frozen=True)
class BlockImages:
    """The images of one block; n sampled images, C channels.

    sample: the gates s of the sampled images. largest_s falls, smallest_s rises; the images beside
    them are indices into the names, −1 where there are fewer images than 16.
    """

    sample: Floats  # n×C
    largest_s: Floats  # 16×C
    largest: Integers  # 16×C
    smallest_s: Floats  # 16×C
    smallest: Integers  # 16×C


@dataclass(frozen=True, eq=False)  # compared by identity, by which what is made of it is kept
class ProfiledImages:
    """The images of a `Profile`, as far as they are kept.

    model, data, classes, weights, pixels: as of the profile; names: of all images that are named
    here; labels: the class of each; sample: which of them are the sampled ones, n; blocks: by site
    name.
    """

    model: str
    data: str
    classes: tuple[str, ...]
    weights: str | None
    pixels: str | None
    names: tuple[str, ...]
    labels: Integers
    sample: Integers
    blocks: dict[str, BlockImages]

    @property
    def sample_labels(self) -> Integers:
        """Return the class of each sampled image, n."""
        return self.labels[self.sample]

    @property
    def sample_names(self) -> list[str]:
        """Return the name of each sampled image, n."""
        return [self.names[i] for i in self.sample]

    def is_of(self, profile: Profile) -> bool:
        """Tell whether these are images of a profile."""
        own = (self.model, self.data, self.classes, self.weights, self.pixels)
        return own == (
            *(profile.model, profile.data, profile.classes, profile.weights, profile.pixels),
        )

    def largest(self, block: str, channel: int) -> list[Exemplar]:
        """Return up to 16 images with the largest gate of a channel, the largest first."""
        of = self.blocks[block]
        return list(self._exemplars(of.largest[:, channel], of.largest_s[:, channel]))

    def smallest(self, block: str, channel: int) -> list[Exemplar]:
        """Return up to 16 images with the smallest gate of a channel, the smallest first."""
        of = self.blocks[block]
        return list(self._exemplars(of.smallest[:, channel], of.smallest_s[:, channel]))

    def middle(self, block: str, channel: int, count: int = 16) -> list[Exemplar]:
        """Return the sampled images whose gate is next to the median of the sample."""
        gates = self.blocks[block].sample[:, channel].astype(np.float64)
        near = np.argsort(np.abs(gates - np.median(gates)), kind="stable")[:count]
        near = near[np.argsort(-gates[near], kind="stable")]
        return list(self._exemplars(self.sample[near], gates[near].astype(np.float32)))

    def _exemplars(self, images: Integers, gates: Floats) -> Iterator[Exemplar]:
        for image, s in zip(images.tolist(), gates.tolist(), strict=True):
            if image >= 0:
                yield Exemplar(self.names[image], int(self.labels[image]), s)

    def save(self, path: Path) -> None:
        """Write one safetensors file, replacing an old one in a single step; UserError if it can't.

        Gates are in float16 where they are within −1 … 1; names are one packed text.
        """
        keep = ("model", "data", "classes", "weights", "pixels")
        about = {name: getattr(self, name) for name in keep} | {"blocks": list(self.blocks)}
        names = zlib.compress("\n".join(self.names).encode(), 9)
        arrays: dict[str, Any] = {
            "names": np.frombuffer(names, np.uint8),
            "labels": self.labels.astype(np.int32),
            "sample": self.sample.astype(np.int32),
        }
        for block, of in self.blocks.items():
            for field, values in vars(of).items():
                arrays[f"{block}/{field}"] = np.ascontiguousarray(values, _stored_type(values))
        FORMAT.write(path, arrays, about)

    @classmethod
    def load(cls, path: Path) -> "ProfiledImages":
        """Read a file of `save`; UserError where it is missing or is no such file."""
        with FORMAT.opened(path) as (file, about):
            blocks = {name: _read_block(file, name) for name in about.pop("blocks")}
            about["classes"] = tuple(about["classes"])
            labels, sample = (file.get_tensor(k).astype(np.int64) for k in ("labels", "sample"))
            names = _unpack(file.get_tensor("names").tobytes(), count=len(labels))
            return cls(**about, names=names, labels=labels, sample=sample, blocks=blocks)


def images_path(profile: Path) -> Path:
    """Return where the images of a profile's file lie: beside it."""
    return profile.with_name(f"{profile.stem}.images{profile.suffix}")


def _unpack(packed: bytes, count: int) -> tuple[str, ...]:
    """Return the names of so many images; ValueError where the text is none, too long, or other."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, MOST_NAMES).decode()
    except zlib.error as error:
        raise ValueError("the names are damaged") from error
    names = tuple(text.split("\n")) if count else ()
    if unpacker.unconsumed_tail or len(names) != count:
        raise ValueError("the names are not those of the images")
    return names


def _stored_type(values: Any) -> Any:
    if values.dtype.kind != "f":
        return np.int32
    return np.float32 if (np.abs(values) > 1).any() else np.float16


def _read_block(file: Any, name: str) -> BlockImages:
    keys = BlockImages.__dataclass_fields__
    arrays = {key: file.get_tensor(f"{name}/{key}") for key in keys}
    types = {"f": np.float32, "i": np.int64}
    return BlockImages(**{key: v.astype(types[v.dtype.kind]) for key, v in arrays.items()})
