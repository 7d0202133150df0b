"""The order in which photographs of a collection are shown, and what is said under each."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.collection import Collection
from seviz.records.numbers import Floats
from seviz.words.numbers import decimals

ORDER, PROBABILITY, GATE, DISTANCE = "order", "probability", "gate", "distance"
SORTS = (
    ("the order they came in", ORDER),
    ("probability of the answer", PROBABILITY),
    ("a gate", GATE),
    ("distance to a photograph", DISTANCE),
)
ALL = "all"  # blocks


class Sorting(NamedTuple):
    """By what photographs are sorted; a client may have forged some of it.

    block, channel: of the gate; blocks: the block, or ALL, whose gates tell the distance; near: the
    photograph that it is to; turned: whether the last come first.
    """

    by: object = ORDER
    block: object = None
    channel: object = 0
    blocks: object = ALL
    near: object = 0
    turned: object = False


class Shown(NamedTuple):
    """A photograph by its place in the collection, and what is said of it."""

    place: int
    note: str


def sort(collection: Collection, sorting: Sorting) -> list[Shown]:
    """Sort the photographs: the largest gate or probability first, or the nearest.

    UserError where there is no such block, channel or photograph. Ties keep the order.
    """
    by, notes = sorting.by, [""] * len(collection)
    values: npt.NDArray[np.floating] = np.zeros(len(collection))
    if by == PROBABILITY and collection.labels:
        values = -collection.probabilities.max(1)
    elif by == GATE:
        gates = _gates(collection, sorting)
        values, notes = -gates, [f"s = {decimals(float(gate), 3)}" for gate in gates]
    elif by == DISTANCE:
        values = _distances(collection, sorting)
        notes = [f"distance {decimals(float(far), 3)}" for far in values]
    order = np.argsort(values, kind="stable")
    if sorting.turned is True:
        order = order[::-1]
    return [Shown(int(i), notes[i]) for i in order]


def fitting(collection: Collection, sorting: Sorting) -> Sorting:
    """Return the order with what a collection has, where it names what is only in another."""
    names = list(collection.s)
    block = sorting.block if sorting.block in names else names[-1]
    channel, channels = sorting.channel, collection.s[str(block)].shape[1]
    known = isinstance(channel, int | float) and channel in range(channels)
    return sorting._replace(
        by=sorting.by if sorting.by in [by for _, by in SORTS] else ORDER,
        block=block,
        channel=channel if known else 0,
        blocks=sorting.blocks if sorting.blocks in names else ALL,
        near=sorting.near if _is_place(collection, sorting.near) else 0,
    )


def sorting_words(collection: Collection, sorting: Sorting) -> str:
    """Say what the numbers under the photographs are."""
    if sorting.by == GATE:
        return f"Under each photograph: the gate s of {sorting.block}, channel {sorting.channel}."
    if sorting.by == DISTANCE:
        name = collection.photographs.photos[near_of(collection, sorting.near)].name
        where = "over all blocks, the mean" if sorting.blocks == ALL else f"in {sorting.blocks}"
        return f"Under each photograph: 1 − cosine of its gates and those of {name}, {where}."
    return ""


def near_of(collection: Collection, near: object) -> int:
    """Return the photograph of a place; UserError where there is none."""
    if not _is_place(collection, near):
        raise UserError("There is no such photograph here; choose one of the gallery.")
    return int(near)  # type: ignore[call-overload, no-any-return]


def _is_place(collection: Collection, near: object) -> bool:
    return type(near) is int and near in range(len(collection))


def _gates(collection: Collection, sorting: Sorting) -> Floats:
    if sorting.block not in list(collection.s):
        raise UserError("There is no such block in this network; choose one from the list.")
    gates, channel = collection.s[str(sorting.block)], sorting.channel
    if not isinstance(channel, int | float) or channel not in range(gates.shape[1]):
        last = gates.shape[1] - 1
        raise UserError(f"{sorting.block} has the channels 0 to {last}; choose one.")
    column: Floats = gates[:, int(channel)]
    return column


def _distances(collection: Collection, sorting: Sorting) -> Floats:
    near, blocks = near_of(collection, sorting.near), sorting.blocks
    if blocks != ALL and blocks not in list(collection.s):
        raise UserError("There is no such block in this network; choose one from the list.")
    return collection.distances(near, None if blocks == ALL else str(blocks)).astype(np.float32)
