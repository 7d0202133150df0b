"""How far an explanation can be trusted, in one honest verdict."""

from collections.abc import Mapping

from seviz.records import MapTrust, Trust
from seviz.words.numbers import signed

AHEAD = 0.01  # of the mean area: less between two maps is no difference
ALIKE = 0.6  # rank correlation from which two maps are nearly the same
CONTROLS = {
    "random": "random map",
    "edges": "edges alone",
    "randomised": "weights shuffled",
}


def score(map_: MapTrust) -> float:
    """Return the mean area of insertion less the mean area of deletion: larger is better."""
    areas = {
        task: [curve.area for curve in map_.curves if curve.task == task]
        for task in ("insertion", "deletion")
    }
    mean = {task: sum(of) / len(of) for task, of in areas.items()}
    return mean["insertion"] - mean["deletion"]


def verdict(trust: Trust, names: Mapping[str, str]) -> str:
    """Say whether the first arm's map tells more than its controls, and than the other arm's."""
    first, *others = [map_ for map_ in trust.maps if not map_.control]
    controls = {map_.name: map_ for map_ in trust.maps if map_.control}
    said = [_against_controls(first, controls)]
    if alike := _ignorant(controls.get("randomised")):
        said.append(alike)
    said += [_against_arm(first, other, names) for other in others]
    return " ".join(said)


def _against_controls(first: MapTrust, controls: Mapping[str, MapTrust]) -> str:
    mine = score(first)
    beaten = {name: mine > score(map_) + AHEAD for name, map_ in controls.items()}
    if not beaten.get("random", True):
        return (
            "By deletion and insertion, this map is no better than a random one: don’t read "
            "anything into its places."
        )
    if not beaten.get("edges", True):
        return (
            "This map beats a random one, but not the photograph’s edges alone, which know nothing "
            "of the network: take its places with doubt."
        )
    return "The pixels this map points at matter more than those of a random map or of the edges."


def _ignorant(randomised: MapTrust | None) -> str:
    if randomised is None or randomised.likeness.spearman < ALIKE:
        return ""
    return (
        "But with its weights shuffled, the network gives nearly the same map (rank correlation "
        f"{signed(round(randomised.likeness.spearman, 2))}): the method shows the photograph more "
        "than what the network has learnt."
    )


def _against_arm(first: MapTrust, other: MapTrust, names: Mapping[str, str]) -> str:
    alike = f"rank correlation {signed(round(other.likeness.spearman, 2))}"
    mine, theirs = score(first), score(other)
    if abs(mine - theirs) <= AHEAD:
        better = "both maps serve their networks equally well"
    else:
        better = (
            f"{names[first.name if mine > theirs else other.name]}, the map serves its network "
            "better"
        )
    return f"{better[0].upper()}{better[1:]} (the two are alike by a {alike})."
