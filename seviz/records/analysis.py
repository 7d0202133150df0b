"""Which blocks and channels an answer depends on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats, softmax
from seviz.records.trace import Answer


@dataclass(frozen=True)
class Necessity:
    """What the gates of each block do for one answer: replaced alone, or with all behind them.

    rule: the text of what replaces them; sites: the B blocks, in depth order. The arrays have two
    rows, for each block alone and for the block with all that follow it, and B columns: logit and
    probability are the target's change, edited − intact; flipped: whether the first answer changed.
    """

    model: str
    rule: str
    target: Answer
    sites: tuple[str, ...]
    logit: Floats
    probability: npt.NDArray[np.float64]
    flipped: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class AlphaPath:
    """The answers on the straight path from a photograph's own gates to reference gates.

    All gates are put in place as recorded: (1 − α)·s + α·reference. reference: its rule's text;
    alphas: N steps from 0 to 1; logits: N×K.
    """

    reference: str
    alphas: Floats
    logits: Floats

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Softmax of the logits in float64, N×K."""
        return softmax(self.logits)


@dataclass(frozen=True)
class ChannelEffect:
    """What one channel's gate does for an answer.

    exact: the logit − the logit with this gate at 0, so what the gate adds to the answer;
    first_order: s·∂logit/∂s, the same if the network were linear in the gate.
    """

    site: str
    channel: int
    s: float
    first_order: float
    exact: float


@dataclass(frozen=True)
class Effects:
    """What the gates of all channels do for one answer.

    first_order: s·∂logit/∂s by site, C each; top: the channels with the largest, exactly measured.
    """

    target: Answer
    first_order: dict[str, Floats]
    top: tuple[ChannelEffect, ...]


@dataclass(frozen=True)
class Drivers:
    """Which descriptors drive one gate: jacobian is ∂s_c/∂z_j at this photograph's z, both C.

    Both are NaN where nothing was squeezed.
    """

    site: str
    channel: int
    z: Floats
    jacobian: Floats
