"""A photograph along the strengths of a change, made by hand."""

import numpy as np
from made_pair import SITES

from seviz.records.arms import INTACT, STATIC
from seviz.records.drift import Changing, Drift, Passed


def made_passed(
    strength: float,
    *gates: list[float],
    logits: tuple[float, ...] = (1.0, 0.0, 0.0),
    static: tuple[float, ...] | None = None,
) -> Passed:
    """A point with one row of gates a block, the same in both arms; logits of both arms."""
    rows = gates or ([0.6, 0.8], [0.5, 0.5, 0.5])
    s = {site.name: np.float32([row, row]) for site, row in zip(SITES, rows, strict=True)}
    both = np.float32([logits, logits if static is None else static])
    return Passed(strength, s, both, np.zeros((4, 4, 3), np.uint8))


def made_drift(
    *points: float | Passed,
    strengths: tuple[float, ...] = (),
    change: str = "jigsaw",
    labels: tuple[str, ...] = ("a", "b", "c"),
) -> Drift:
    """A drift of the network “made” in the arms intact and static."""
    known = [point for point in points if isinstance(point, Passed)]
    known = known or [made_passed(strength) for strength in strengths]
    changing = Changing(change, tuple(point.strength for point in known))
    return Drift(
        changing=changing,
        model="made",
        sites=SITES,
        arms=(INTACT, STATIC),
        labels=labels,
        photo=np.zeros((3, 4, 4), np.float32),
        points=tuple(known),
    )
