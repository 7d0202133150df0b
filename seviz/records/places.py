"""Records of the places of a photograph that open a gate."""

from dataclasses import dataclass

import numpy as np

from seviz.records.numbers import Floats


@dataclass(frozen=True)
class GatePlaces:
    """What each place of a block's features adds to one gate, to first order.

    s: the gate that the block computes of these features; at_zero: the gate that it computes where
    all features are 0. map: what each place adds, H×W: above 0 where it opens the gate, under 0
    where it shuts it. before: the channel's feature map U of the same pass, H×W; after: s·U.
    """

    site: str
    channel: int
    s: float
    at_zero: float
    map: Floats
    before: Floats
    after: Floats

    @property
    def name(self) -> str:
        """Return the gate as people write it, such as SE_4_6[17]."""
        return f"{self.site}[{self.channel}]"

    @property
    def linear(self) -> float:
        """Return what all places add together: Σ_i ∂s/∂z_i · z_i where the squeeze is a mean."""
        return float(self.map.sum(dtype=np.float64))

    @property
    def rest(self) -> float:
        """Return what at_zero and the places leave of s: 0 if the gate were linear in z."""
        return self.s - self.at_zero - self.linear
