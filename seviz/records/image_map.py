"""Records of a data set's images as points, and of two sets of them compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """An image by its name, the name of its class, and its place on the map."""

    image: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Neighbours:
    """How often the nearest other images, by a block's gates, name an image's class: 0 to 1.

    None where it is not defined: with fewer than two classes, or too few images.
    """

    site: str
    accuracy: float | None


@dataclass(frozen=True)
class ImageMap:
    """The sampled images of a data set as points, by the gates of one block.

    method: pca or umap; points: in the order of the sample; explained: the shares of the gates'
    variance along both axes, 0 to 1, None for umap; neighbours: of every block, in depth order,
    over sampled images; chance: how often it would be right to name classes as often as they
    occur, whatever the gates; note: a remark about how the neighbours were found, or "".
    """

    model: str
    data: str
    site: str
    channels: int
    method: str
    points: tuple[Point, ...]
    explained: tuple[float, float] | None
    neighbours: tuple[Neighbours, ...]
    chance: float
    note: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of the classes that have a point, in alphabetical order."""
        return tuple(sorted({point.label for point in self.points}, key=str.casefold))

    def of_class(self, label: str) -> list[int]:
        """Return the places of the points of a class."""
        return [i for i, point in enumerate(self.points) if point.label == label]

    def accuracy(self) -> float | None:
        """Return how often the nearest images by the gates of this block name the class."""
        return next(of.accuracy for of in self.neighbours if of.site == self.site)


@dataclass(frozen=True)
class GateDifference:
    """A gate of one block over two sets of images: its means, a and b.

    deviations: a − b in pooled standard deviations; None where the gate never changes within both.
    """

    channel: int
    a: float
    b: float
    deviations: float | None


@dataclass(frozen=True)
class Selections:
    """Two sets of images compared, of so many images each; gates: that which differs most first."""

    site: str
    images_a: int
    images_b: int
    gates: tuple[GateDifference, ...]


@dataclass(frozen=True)
class MapReport:
    """A map, and two sets of its images compared, None where none were asked."""

    map: ImageMap
    compared: Selections | None
