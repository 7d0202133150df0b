"""Explanations of an answer, by arm and by gate."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.records.arms import Arm
from seviz.records.numbers import Floats
from seviz.records.trace import Answer


@dataclass(frozen=True, eq=False)
class Attribution:
    """One method's explanation of a class, by arm.

    maps: A×C×H×W at the network's input size, signed, as the method gives them; C is 3 (colours),
    or 1 of methods that look at a layer, whose path is `layer` ("" else). scores: what each arm
    adds to the class's logit between the baseline and the photograph, A; total: what the arm's map
    adds up to, A. Both are None where the method does not claim that they are equal. steps: of a
    path or samples. note: what people should know of how it was computed, or "".
    """

    model: str
    method: str
    arms: tuple[Arm, ...]
    target: Answer
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
    """What each gate adds to the difference of a class's logit between two arms.

    The arms are the photograph's own gates and the reference that the path leads from, both held
    as recorded. shares: by site, C each; they add up to `difference`, the logit of the first less
    that of the second, but for `error`, the rest as a share of it. steps: of the path. note: as of
    an attribution.
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
        """Add all shares up."""
        return float(sum(of_site.sum(dtype=np.float64) for of_site in self.shares.values()))

    @property
    def error(self) -> float:
        """Return |total − difference| as a share of |difference|."""
        return abs(self.total - self.difference) / max(abs(self.difference), 1e-6)
