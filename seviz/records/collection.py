"""Records of many photographs: as they are kept, and what a network made of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import SOFTMAX, Floats, probabilities
from seviz.records.sites import Site

NO_CLASS = -1  # the label of a photograph in no class folder


@dataclass(frozen=True)
class KeptPhoto:
    """A photograph of a collection.

    name: of its file; folder: its class folder, "" without one; data: the bytes of a picture file
    that stands for it; width, height: of that picture; reduced: whether it is a JPEG, mostly a
    smaller one, that was made of the file that was read; thumbnail: a JPEG, in bytes.
    """

    name: str
    folder: str
    data: bytes
    width: int
    height: int
    reduced: bool
    thumbnail: bytes

    @property
    def bytes(self) -> int:
        """Return the memory that it takes, about."""
        return len(self.data) + len(self.thumbnail)


@dataclass(frozen=True, eq=False)  # compared by identity: the page detects another one by it
class Photographs:
    """Photographs that were read, in order, and why others were not: (name, sentence).

    name: what people call them, such as “your 57 photographs”.
    """

    photos: tuple[KeptPhoto, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    name: str = ""

    def __len__(self) -> int:
        """Count the photographs."""
        return len(self.photos)

    @property
    def names(self) -> tuple[str, ...]:
        """Return a name for each photograph, with its class folder, that no other has."""
        places = [f"{p.folder}/{p.name}" if p.folder else p.name for p in self.photos]
        seen: Counter[str] = Counter()
        names = []
        for place in places:
            seen[place] += 1
            names.append(f"{place} ({seen[place]})" if seen[place] > 1 else place)
        return tuple(names)

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the names of the class folders, sorted."""
        return tuple(sorted({photo.folder for photo in self.photos if photo.folder}))

    @property
    def bytes(self) -> int:
        """Return the memory that they take, about."""
        return sum(photo.bytes for photo in self.photos)


@dataclass(frozen=True, eq=False)
class Collection:
    """The descriptors, gates and answers of a network, as trained, for N photographs.

    model: the network's key; sites: its blocks, in depth order; labels: its K classes; targets: by
    class folder, which of them it is, where it is one; z and s map a block's name to N×C; logits is
    N×K, head turns them into probabilities. z is NaN in a block that does not squeeze.
    """

    photographs: Photographs
    model: str
    sites: tuple[Site, ...]
    labels: tuple[str, ...]
    z: dict[str, Floats]
    s: dict[str, Floats]
    logits: Floats
    head: str = SOFTMAX
    targets: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the photographs."""
        return len(self.photographs)

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Return what the head makes of the logits, in float64, N×K."""
        return probabilities(self.logits, self.head)

    @cached_property
    def first(self) -> npt.NDArray[np.int64]:
        """Return the most probable class of each photograph, N."""
        best: npt.NDArray[np.int64] = self.logits.argmax(1).astype(np.int64)
        return best

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of the class folders, sorted."""
        return self.photographs.folders

    @cached_property
    def folder_labels(self) -> npt.NDArray[np.int64]:
        """Return the place of each photograph's class folder in `classes`, or NO_CLASS, N."""
        number = {name: i for i, name in enumerate(self.classes)}
        found = [number.get(photo.folder, NO_CLASS) for photo in self.photographs.photos]
        return np.array(found, np.int64)

    def right(self, i: int) -> bool | None:
        """Tell whether photograph i's first answer is its class folder's; None where unknown."""
        target = self.targets.get(self.photographs.photos[i].folder)
        return None if target is None or not self.labels else bool(self.first[i] == target)

    def distances(self, i: int, block: str | None = None) -> npt.NDArray[np.float64]:
        """Return how far the gates of each photograph are from those of photograph i, N.

        The distance is 1 − cosine in a block, or its mean over all blocks where none is named.
        """
        names: Sequence[str] = [block] if block else list(self.s)
        far = np.stack([_cosine_distances(self.s[name], i) for name in names])
        mean: npt.NDArray[np.float64] = far.mean(0)
        return mean

    @property
    def bytes(self) -> int:
        """Return the memory that its arrays take."""
        return sum(array.nbytes for array in (*self.z.values(), *self.s.values(), self.logits))


def _cosine_distances(gates: Floats, i: int) -> npt.NDArray[np.float64]:
    """Return 1 − cosine of row i and each row of gates (N×C); rows of zeros are at 1 from others.

    Photograph i is at 0 from itself, whatever was rounded.
    """
    rows = gates.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    products = lengths * lengths[i]
    cosine = np.divide(rows @ rows[i], products, out=np.zeros_like(products), where=products > 0)
    far: npt.NDArray[np.float64] = np.clip(1 - cosine, 0, 2)
    far[i] = 0
    return far
