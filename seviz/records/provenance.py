"""What a result is of: photographs, network, preprocessing, edits, versions, device."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PhotoFile:
    """A photograph's file; path: as it was given; width and height: in pixels, as decoded."""

    path: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class NetworkFile:
    """A network's weights.

    key: in the catalogue, None where the network is a user's file; source: where the weights come
    from, as of `Entry`; file and sha256: of the weights, None where they are in no file on this
    machine; of a module in memory, sha256 is of its weights (`seviz.zoo.memory_digest`); of shards,
    their index, and the sha256 of what `sha256sum` prints of them in the order of their names.
    stored: the formats of the numbers in a user's file, such as bfloat16; None of other networks.
    """

    key: str | None
    title: str
    architecture: str
    source: str
    file: str | None
    sha256: str | None
    stored: str | None = None


@dataclass(frozen=True)
class Provenance:
    """What a result is of, and how it was made.

    data: the data set that was measured on, as it was given; twin: the network without SE, where
    an arm is it. input_size: (channels, height, width) in pixels; mean and std: of the
    normalisation, by channel. edits: the edits of gates by arm. versions: of seviz, Python and the
    libraries that compute. command: the line that makes the result.
    """

    photographs: tuple[PhotoFile, ...]
    data: str | None
    network: NetworkFile
    twin: NetworkFile | None
    input_size: tuple[int, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    edits: Mapping[str, str]
    device: str
    precision: str
    versions: Mapping[str, str]
    command: str
