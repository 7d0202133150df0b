"""Records of two networks that are asked about one photograph, and about many."""

from collections.abc import Mapping
from dataclasses import dataclass

from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.records.trust import Likeness

Box = tuple[float, float, float, float]
BY_ID, BY_NAME, BY_NUMBER = "WordNet id", "name", "number"  # what classes were matched by

RELATED = 0.2  # a correlation of weights


@dataclass(frozen=True, eq=False)
class NetworkView:
    """What one network makes of a photograph.

    crop_box: the part of the photograph that it sees, (left, top, right, bottom) in the
    photograph's pixels; None where that is not known. first: by block, the weights of its first
    projection, W₁, or of many an even part, in their order.
    """

    trace: Trace
    crop_box: Box | None
    first: Mapping[str, Floats]


@dataclass(frozen=True)
class ClassMatch:
    """Which classes two networks have in common.

    pairs: of each common class, its index in A and in B, in A's order; matched_by: BY_ID and
    BY_NAME, as far as each was of use, or BY_NUMBER where neither network's classes have names.
    only_a, only_b: the names of the classes that one of them has alone.
    """

    pairs: tuple[tuple[int, int], ...]
    matched_by: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@dataclass(frozen=True)
class BlockPair:
    """The gates of two blocks of one name and channel count, channel c beside channel c.

    gate_correlation: Pearson's, over the channels; None where the gates of one of them are all
    equal. difference: the mean of |s of A − s of B|. weight_correlation: that of both blocks' W₁,
    None where these have other shapes. It is about 0 where the networks were trained from other
    random weights, and so number their channels independently; where it is RELATED or more, one
    was trained on from the other, or both from the same weights, and channel c of one corresponds
    to channel c of the other.
    """

    site: str
    channels: int
    gate_correlation: float | None
    difference: float
    weight_correlation: float | None

    @property
    def corresponds(self) -> bool:
        """Tell whether channels of one number correspond."""
        return self.weight_correlation is not None and self.weight_correlation >= RELATED


@dataclass(frozen=True, eq=False)
class GateSimilarity:
    """How alike two networks' gates are over the same images, block by block.

    model_a, model_b: the networks' keys; blocks_a, blocks_b: their blocks, in depth order; cka:
    linear CKA of each block of A (rows) with each of B (columns), NaN where one of both is
    constant or the estimate is none; constant_a, constant_b: the blocks none of whose gates moves
    over the images; count: the images; data: what people call them.
    """

    model_a: str
    model_b: str
    blocks_a: tuple[str, ...]
    blocks_b: tuple[str, ...]
    cka: Floats
    constant_a: tuple[str, ...]
    constant_b: tuple[str, ...]
    count: int
    data: str

    @property
    def same_name(self) -> list[tuple[str, float]]:
        """Return the CKA of the blocks that both networks have by one name, in depth order."""
        columns = {name: j for j, name in enumerate(self.blocks_b)}
        return [
            (name, float(self.cka[i, columns[name]]))
            for i, name in enumerate(self.blocks_a)
            if name in columns
        ]


@dataclass(frozen=True, eq=False)
class MapPair:
    """One method's maps of two networks for one class.

    label: the class's name in A; a, b: each network's map; region: the part of the photograph that
    both networks see, in its pixels, None where that is not known or there is none; likeness: of
    the maps over that part, None without it.
    """

    label: str
    a: Attribution
    b: Attribution
    region: Box | None
    likeness: Likeness | None
