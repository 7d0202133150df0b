"""Explanations of an answer, by arm and by gate."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.records.arms import Arm
from seviz.records.numbers import Floats
from seviz.records.target import Followed
from seviz.records.trace import Answer


@dataclass(frozen=True, eq=False)
class Attribution:
    """One method's explanation of a class, of a difference of two, or of a gate, by arm.

    maps: A×C×H×W at the network's input size, signed, as the method returns them; C is 3 (colours),
    or 1 for methods that look at a layer; layer: its module path, or "". scores: for each arm, the
    class's logit for the photograph minus that for the baseline, A; totals: the sums of the arms'
    maps, A. Both are None where the method does not claim that they are equal. steps: of the path,
    or samples of noise. note: a remark for the reader about the computation, or "".
    """

    model: str
    method: str
    arms: tuple[Arm, ...]
    target: Followed
    maps: Floats
    layer: str = ""
    scores: npt.NDArray[np.float64] | None = None
    totals: npt.NDArray[np.float64] | None = None
    steps: int = 0
    note: str = ""

    @property
    def errors(self) -> npt.NDArray[np.float64] | None:
        """Return the completeness errors, |total − score| as a share of |score|, A."""
        if self.scores is None or self.totals is None:
            return None
        off: npt.NDArray[np.float64] = abs(self.totals - self.scores)
        return off / np.maximum(abs(self.scores), 1e-6)

    @cached_property
    def pixels(self) -> Floats:
        """Sum the colours: one value a pixel, A×H×W."""
        summed: Floats = self.maps.sum(1)
        return summed


@dataclass(frozen=True, eq=False)
class GateShares:
    """Each gate's share of the difference of a class's logit between two arms.

    The first arm has the photograph's own gates, the second the reference at which the path starts,
    both fixed as recorded. shares: by site, C each; their sum approximates `difference`, the first
    arm's logit minus the second's, and `error` is the relative deviation. steps: of the path. note:
    as in `Attribution`.
    """

    model: str
    reference: str
    target: Answer
    shares: dict[str, Floats]
    difference: float
    steps: int
    note: str = ""

    @property
    def total(self) -> float:
        """The sum of all shares."""
        return float(sum(site_shares.sum(dtype=np.float64) for site_shares in self.shares.values()))

    @property
    def error(self) -> float:
        """Return |total − difference| as a share of |difference|."""
        return abs(self.total - self.difference) / max(abs(self.difference), 1e-6)
