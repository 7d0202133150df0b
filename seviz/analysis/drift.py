"""How far a change of a photograph moves the gates, beside two photographs of other things."""

from seviz.analysis.photo_pair import CHANNELS, PhotoPair, compare_gates
from seviz.records.drift import Drift, Passed
from seviz.reference.profile import Profile


def drift_pair(
    drift: Drift, point: Passed, profile: Profile | None, *, arm: int = 0, k: int = CHANNELS
) -> PhotoPair:
    """Compare an arm's gates at a point of a drift with its gates for the unchanged photograph.

    The gates are those that the arm's own pass computed, before its edit. profile: of the same
    network; k: as of `compare_photographs`.
    """
    before = drift.unchanged.s
    gates = {site.name: (before[site.name][arm], point.s[site.name][arm]) for site in drift.sites}
    return compare_gates(drift.model, gates, profile, k=k)


def arms_with_gates(drift: Drift) -> list[int]:
    """Return the rows of the arms that have gates: of all but the twin."""
    return [row for row, arm in enumerate(drift.arms) if not arm.is_twin]
