"""Records of pictures that are made for gates."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seviz.records.aims import FOURIER, OPEN, TRAINED
from seviz.records.numbers import Floats


@dataclass(frozen=True)
class PictureTask:
    """What pictures are made for: one gate of a block for each of N rows.

    channels: of the rows' gates; aim: one of AIMS, to open the gate, to shut it, or to excite the
    channel's features U in the mean or in their centre; seeds: of the rows' first spectra; weights:
    TRAINED, or SHUFFLED for the control; kind: one of KINDS.
    """

    site: str
    channels: tuple[int, ...]
    aim: str = OPEN
    seeds: tuple[int, ...] = (0,)
    weights: str = TRAINED
    kind: str = FOURIER

    def __post_init__(self) -> None:
        """Raise ValueError for rows without a seed."""
        if len(self.channels) != len(self.seeds):
            raise ValueError(f"{len(self.channels)} channels, {len(self.seeds)} seeds")


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of a task after some steps: N×H×W×3 bytes, at the size that the network takes.

    s: what the gates of the trained network are at these very bytes, N; own: what they are in the
    network that the pictures were made with; u: the mean of the channel's features U there.
    """

    task: PictureTask
    step: int
    pixels: npt.NDArray[np.uint8]
    s: Floats
    own: Floats
    u: Floats


@dataclass(frozen=True, eq=False)
class Drawing:
    """Pictures under way: what they are made of, so that later steps refine them.

    parameters: of the canvas, N×…; moments: Adam's two running means, like the parameters. None
    before the first step.
    """

    task: PictureTask
    step: int = 0
    parameters: Floats | None = None
    moments: tuple[Floats, Floats] | None = None
    pictures: Pictures | None = None


@dataclass(frozen=True)
class Baselines:
    """A gate at images that show nothing: s over noise, in the mean, and at the mean colour."""

    noise: float
    mean_colour: float


@dataclass(frozen=True, eq=False)
class Overview:
    """One picture for each gate of a block, made to open it, on a sheet.

    file: the sheet, a WebP; s: what each gate is at its picture, C; steps: of drawing. Pictures of
    height×width pixels lie row by row, `columns` in each.
    """

    site: str
    file: Path
    s: Floats
    steps: int
    height: int
    width: int
    columns: int

    def place(self, channel: int) -> tuple[int, int]:
        """Return the left and the top edge of a channel's picture on the sheet, in pixels."""
        row, column = divmod(channel, self.columns)
        return column * self.width, row * self.height


@dataclass(frozen=True)
class MadePicture:
    """A picture: what it was made for, and from which seed.

    s: the gate at the picture; percentile: the share of reference images with a smaller gate, 0 to
    100, None without them; u: the mean of the channel's features U.
    """

    aim: str
    seed: int
    s: float
    percentile: float | None
    u: float


@dataclass(frozen=True)
class ControlPicture:
    """A picture that was made in the same way with the network's weights shuffled.

    s: the trained network's gate at it; own: that of the shuffled network.
    """

    seed: int
    s: float
    percentile: float | None
    own: float


@dataclass(frozen=True)
class PicturesReport:
    """Pictures made for one gate.

    kind: of the canvas; noise, mean_colour: the gate at images of noise, in the mean, and at the
    mean colour alone; most: the gate that 99 of 100 reference images do not exceed, None without
    them; images: how many images that is taken from, a sample of all_images reference images.
    """

    model: str
    site: str
    channel: int
    steps: int
    kind: str
    pictures: list[MadePicture]
    control: list[ControlPicture]
    noise: float
    mean_colour: float
    most: float | None
    images: int
    all_images: int
