"""Records of how far an explanation can be trusted."""

from dataclasses import dataclass

from seviz.records.target import Followed


@dataclass(frozen=True)
class Likeness:
    """The similarity of two maps; 1 for equal maps.

    spearman: rank correlation of the signed pixels; ssim: structural similarity on a common scale,
    None for two maps of zeros; overlap: the common share of the tenths of pixels with the most
    evidence.
    """

    spearman: float
    ssim: float | None
    overlap: float


@dataclass(frozen=True)
class Curve:
    """The class's probability while pixels are deleted or inserted, the most evidence first.

    task: deletion (pixels are replaced by the baseline) or insertion (they replace it); baseline:
    blur or mean; probabilities: at equal steps of the share of pixels, from 0 to 1; area: under the
    curve. A good map has a small area for deletion and a large one for insertion.
    """

    task: str
    baseline: str
    probabilities: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class MapTrust:
    """How far one map can be trusted.

    name: an arm, or a control: random, edges, or randomised (the same method on the network with
    its weights shuffled); the controls are measured on the first arm's network. infidelity and
    sensitivity: captum's, smaller is better; None for controls, and sensitivity also for slow
    methods. completeness: the error, where the method claims it. likeness: to the first arm's map.
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
    """How far the maps of an attribution can be trusted: the arms' maps, then the controls'.

    note: as in `Attribution`.
    """

    model: str
    method: str
    target: Followed
    maps: tuple[MapTrust, ...]
    note: str = ""
