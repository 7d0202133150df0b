"""How far an explanation can be trusted."""

from collections.abc import Mapping

from seviz.phrases import capitalize, join_list
from seviz.records.trust import MapTrust, Trust
from seviz.words.numbers import percent, signed

AHEAD = 0.05  # share of the answer's probability by which areas must differ to count
ALIKE = 0.6  # rank correlation from which two maps are nearly the same
APART = 3  # ratio of two arms' probabilities from which their areas can't be compared
CONTROLS = {
    "random": "random map",
    "edges": "edges alone",
    "randomised": "weights shuffled",
}
PLAIN = {"random": "a random map", "edges": "the edges’ map"}  # controls of the network itself
SEEN = 0.0005  # a difference of areas that the table, of three decimals, shows
OWN = " (insertion minus deletion, as a share of the probability there)"
GROUNDS = {"blur": "the blurred photograph", "mean": "the mean colour"}
HELP = (
    "A map is only as good as what happens when its pixels go. Deletion takes them away, those "
    "with the most evidence first: the answer should fall soon. Insertion brings them: it should "
    "rise soon. Three controls show what any map would score: a random map, the photograph's "
    "edges, and this method on the network with its weights shuffled."
)
MEASURES_HELP = (
    "The sentences above go by insertion minus deletion: a lead counts from "
    f"{100 * AHEAD:.0f} % of the answer's probability on, and two networks' areas are compared as "
    "shares of theirs."
)
MEASURE_HELPS = {  # of what is not measured of every method's maps
    "infidelity": "Infidelity (captum's): how far the map is from telling what small changes of "
    "the pixels do to the logit; smaller is better.",
    "sensitivity": "Sensitivity (captum's): how much the map itself changes with small changes of "
    "the pixels; smaller is better.",
    "completeness": "Error, of completeness: how far the map's sum is from the difference of "
    "logits that it should add up to.",
}
LIKENESS_HELP = (
    "How alike each map is to the first, 1 for the same map: Spearman's rank correlation compares "
    "the order of the pixels, SSIM (structural similarity) their local pattern; top 10 % is the "
    "share of the tenth of pixels with the most evidence that both have."
)
TABLE_LEGEND = (  # of what the command line prints of a map
    "deletion, insertion: the answer's mean probability while the strongest places of a map give",
    "  way to blur or to the mean colour, or are put back there; a good map has a small deletion",
    "  and a large insertion",
    "infidelity, sensitivity: how far a map misses the effects of removed places, and how much it",
    "  moves with the pixels; smaller is better",
    "controls: a random map, the photograph's edges, and the method's map with shuffled weights; a",
    "  map that is no better than they tells nothing of the network",
)


def scores(map_: MapTrust) -> dict[str, float]:
    """Return by baseline the area of insertion less that of deletion: larger is better."""
    areas = {(curve.task, curve.baseline): curve.area for curve in map_.curves}
    baselines = dict.fromkeys(curve.baseline for curve in map_.curves)
    return {b: areas["insertion", b] - areas["deletion", b] for b in baselines}


def controls_words(trust: Trust) -> str:
    """Say whether the first arm's map is better than its controls."""
    controls = {map_.name: map_ for map_ in trust.maps if map_.control}
    first, randomised = trust.maps[0], controls["randomised"]
    sentences = _against_controls(first, controls), _exceptions(first, controls)
    return " ".join(filter(None, (*sentences, _ignorant(randomised))))


def arms_words(trust: Trust, names: Mapping[str, str]) -> str:
    """Compare the first arm's map with the other arms' maps."""
    first, *others = [map_ for map_ in trust.maps if not map_.control]
    label = trust.target.label
    return " ".join(_against_arm(first, other, names, label=label) for other in others)


def measures_words(trust: Trust) -> str:
    """Explain what was measured of the maps, and how the table's figures are read."""
    known = [
        text
        for name, text in MEASURE_HELPS.items()
        if any(getattr(map_, name) is not None for map_ in trust.maps)
    ]
    return " ".join([MEASURES_HELP, *known, LIKENESS_HELP])


def _against_controls(first: MapTrust, controls: Mapping[str, MapTrust]) -> str:
    chance, edges = (_beaten(first, controls[name]) for name in ("random", "edges"))
    if not chance:
        return (
            "By insertion minus deletion, this map is no better than a random one (a lead under "
            f"{percent(AHEAD)} of the answer’s probability doesn’t count): don’t read anything "
            "into its places."
        )
    if len(chance) < len(GROUNDS):
        return (
            f"This map beats a random one only over {chance[0]}: take its places with much doubt."
        )
    if not edges:
        return (
            "This map beats a random one, but not the photograph’s edges alone, which know nothing "
            "of the network: take its places with doubt."
        )
    if len(edges) < len(GROUNDS):
        return (
            "This map beats a random one; the photograph’s edges, which know nothing of the "
            f"network, it beats only over {edges[0]}: take its places with some doubt."
        )
    return "The pixels this map points at matter more than those of a random map or of the edges."


def _exceptions(first: MapTrust, controls: Mapping[str, MapTrust]) -> str:
    """Name the single areas by which a control does better than a map that beats it by both."""
    found = [
        f"by {curve.task} over {GROUNDS[curve.baseline]}, {PLAIN[name]} does better"
        for name in PLAIN
        if _beaten(first, controls[name])
        for curve, theirs in zip(first.curves, controls[name].curves, strict=True)
        if (theirs.area - curve.area) * (1 if curve.task == "insertion" else -1) >= SEEN
    ]
    if not found:
        return ""
    return f"This is by insertion minus deletion; alone, {join_list(found)}."


def _beaten(first: MapTrust, control: MapTrust) -> list[str]:
    """Name the baselines over which a map does better than a control on the same network."""
    mine, theirs, ahead = scores(first), scores(control), AHEAD * _probability(first)
    return [GROUNDS[base] for base in mine if mine[base] > theirs[base] + ahead]


def _probability(map_: MapTrust) -> float:
    """Return the answer's probability with the whole photograph."""
    return next(c.probabilities[0] for c in map_.curves if c.task == "deletion")


def _ignorant(randomised: MapTrust) -> str:
    if randomised.likeness.spearman < ALIKE:
        return ""
    return (
        "But with its weights shuffled, the network gives nearly the same map (rank correlation "
        f"{_correlation(randomised)}): the method shows the photograph more than what the network "
        "has learnt."
    )


def _against_arm(first: MapTrust, other: MapTrust, names: Mapping[str, str], *, label: str) -> str:
    """Compare the arms' maps, each by its own network, where both give the answer."""
    p, theirs = _probability(first), _probability(other)
    alike = f"the two maps have a rank correlation of {_correlation(other)}"
    if APART * min(p, theirs) < max(p, theirs):
        return (
            f"{capitalize(names[other.name])}, the network gives “{label}” {percent(theirs)} "
            f"instead of {percent(p)}, so the two curves’ areas can’t be compared; {alike}."
        )
    one, two = (sum(scores(m).values()) / _probability(m) for m in (first, other))
    if abs(one - two) <= 2 * AHEAD:
        return f"Both arms’ maps do equally well on their own networks{OWN}; {alike}."
    better = names[(first if one > two else other).name]
    return f"{capitalize(better)}, the map does better on its own network{OWN}; {alike}."


def _correlation(map_: MapTrust) -> str:
    return signed(round(map_.likeness.spearman, 2))
