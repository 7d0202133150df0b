"""Curves of removed channels made by hand."""

from seviz.records.losses import Estimate
from seviz.records.removal import Curve, Point, Removal


def made_point(share: float, accuracy: float, *, ahead: float | None = None) -> Point:
    """A point of 80 channels, half of which are right intact; intervals are ± 2 points."""
    lead = None if ahead is None else _estimate(ahead)
    return Point(share, round(80 * share), accuracy, _estimate(0.5 - accuracy), lead)


def made_curve(order: str, seed: int | None, *accuracies: float, ahead: float = 0.0) -> Curve:
    """Points at equal shares up to 1; ahead: of random ones at each, ± 2 points."""
    lead = None if seed is not None else ahead
    shares = [(i + 1) / len(accuracies) for i in range(len(accuracies))]
    points = (made_point(s, a, ahead=lead) for s, a in zip(shares, accuracies, strict=True))
    return Curve(order, seed, tuple(points))


def _estimate(mean: float) -> Estimate:
    return Estimate(mean, mean - 0.02, mean + 0.02)


def made_removal(*curves: Curve, block: str = "", across: bool = False) -> Removal:
    """The curves of 80 channels, over 200 images."""
    of = "train" if any(c.order in ("gate", "deviation") for c in curves) else ""
    chosen = 190 if any(c.order == "score" for c in curves) else 0
    return Removal("made", "numbers", block, across, 80, 200, chosen, of, 0.5, curves)


GATE = made_curve("gate", None, 0.45, 0.3, 0.2, 0.0, ahead=0.1)
SCORE = made_curve("score", None, 0.4, 0.2, 0.1, 0.0, ahead=-0.1)
RANDOM = (
    made_curve("random", 0, 0.3, 0.2, 0.1, 0.0),
    made_curve("random", 1, 0.4, 0.3, 0.2, 0.0),
)
