"""How far an explanation can be trusted."""

from dataclasses import dataclass

from seviz.records.trace import Answer


@dataclass(frozen=True)
class Likeness:
    """How alike two maps are: 1 is the same.

    spearman: rank correlation of the signed pixels; ssim: structural similarity on one scale, None
    of two maps of zeros; overlap: the share of the tenth of pixels with the most evidence that both
    have in common.
    """

    spearman: float
    ssim: float | None
    overlap: float


@dataclass(frozen=True)
class Curve:
    """The class's probability while pixels go or come, those with the most evidence first.

    task: deletion (pixels are replaced by the baseline) or insertion (they replace it); baseline:
    blur or mean; probabilities: at equal steps of the share of pixels, from 0 to 1; area: under
    them. A map that says what matters has a small area of deletion and a large one of insertion.
    """

    task: str
    baseline: str
    probabilities: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class MapTrust:
    """How far one map can be trusted.

    name: an arm, or a control: random, edges, or randomised (the same method on the network with
    its weights shuffled); such controls are held against the first arm's network. infidelity and
    sensitivity: captum's, smaller is better; None for controls, and sensitivity where the method
    is too slow. completeness: the error, where the method claims it. likeness: to the first arm.
    """

    name: str
    control: bool
    curves: tuple[Curve, ...]
    infidelity: float | None
    sensitivity: float | None
    completeness: float | None
    likeness: Likeness


@dataclass(frozen=True)
class Trust:
    """How far the maps of an attribution can be trusted: the arms', then the controls'.

    note: as of an attribution.
    """

    model: str
    method: str
    target: Answer
    maps: tuple[MapTrust, ...]
    note: str = ""
