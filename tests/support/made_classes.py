"""Gates of classes made by hand, and blocks with made measures."""

from dataclasses import replace

import numpy as np

from seviz.records.classes import BlockSelectivity, ClassCurve, ClassCurves
from seviz.reference.profile import Profile

MEANS = np.float32([[0.9, 0.5, 0.2, 0.6], [0.1, 0.5, 0.4, 0.5], [0.3, 0.5, 0.1, 0.4]])
LABELS = ("ant", "bee", "cat")


def made_curves(*numbers: int, block: str = "SE_2_1", photo: bool = False) -> ClassCurves:
    """Return the curves of some of three classes over four channels; by default of all three."""
    classes = tuple(
        ClassCurve(i, f"n{i}", LABELS[i], 5, MEANS[i], MEANS[i] / 10)
        for i in numbers or range(len(LABELS))
    )
    gates = np.float32([0.25, 0.75, 0.5, 1]) if photo else None
    return ClassCurves(block, classes, MEANS.mean(0), gates)


def measured(block: str, selectivity: float | None, **more: object) -> BlockSelectivity:
    """Return a block of ten channels, which all move, with a share of half the selectivity."""
    share = None if selectivity is None else selectivity / 2
    made = BlockSelectivity(block, 10, share, None, None, selectivity, 0.0, 0.0, None)
    return replace(made, **more)


def random_profile(images: int = 60, *, old: bool = False) -> Profile:
    """Return the statistics of made gates of three classes; old: as a file of version 1 has it."""
    from made_gates import Data, finish

    data = Data(images)
    found = finish(data.feed(data.indices, []))
    if not old:
        return found
    none = dict.fromkeys(("s_within", "s_between", "share_interval", "neighbours", "z_class_mean"))
    return replace(found, blocks={n: replace(b, **none) for n, b in found.blocks.items()})
