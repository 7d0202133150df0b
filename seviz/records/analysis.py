"""Records of the blocks and channels that an answer depends on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import SOFTMAX, Floats, probabilities
from seviz.records.trace import Answer


@dataclass(frozen=True)
class Necessity:
    """The change of one answer when a block's gates are replaced, alone or with all later blocks'.

    rule: the text of the rule that replaces gates; sites: the B blocks, in depth order. The arrays
    have two rows, for each block alone and for the block with all later ones, and B columns: logit
    and probability are the target's change, edited − intact; flipped: whether the first answer
    changed. note: a remark for the reader about the computation, or "".
    """

    model: str
    rule: str
    target: Answer
    sites: tuple[str, ...]
    logit: Floats
    probability: npt.NDArray[np.float64]
    flipped: npt.NDArray[np.bool_]
    note: str = ""


@dataclass(frozen=True)
class AlphaPath:
    """The answers on the straight path from a photograph's own gates to reference gates.

    At α all gates are set to (1 − α)·s + α·reference, both as recorded. reference: the text of its
    rule; alphas: N steps from 0 to 1; logits: N×K; head: of the network.
    """

    reference: str
    alphas: Floats
    logits: Floats
    head: str = SOFTMAX

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Return what the head makes of the logits, in float64, N×K."""
        return probabilities(self.logits, self.head)


@dataclass(frozen=True)
class ChannelEffect:
    """The effect of one channel's gate on an answer.

    exact: the logit minus the logit with this gate at 0; first_order: s·∂logit/∂s, which would
    equal exact if the network were linear in the gate.
    """

    site: str
    channel: int
    s: float
    first_order: float
    exact: float


@dataclass(frozen=True)
class Effects:
    """The effects of all channels' gates on one answer.

    first_order: s·∂logit/∂s by site, C each; top: the channels with the largest first-order
    effects, also measured exactly.
    """

    target: Answer
    first_order: dict[str, Floats]
    top: tuple[ChannelEffect, ...]

    @property
    def ranked(self) -> tuple[ChannelEffect, ...]:
        """The channels of `top` by the size of their exact effects, the largest first."""
        return tuple(sorted(self.top, key=lambda effect: -abs(effect.exact)))

    def exact(self, site: str, channel: int) -> float | None:
        """Return the exact effect of a channel's gate, None where it was not measured."""
        measured = {(effect.site, effect.channel): effect.exact for effect in self.top}
        return measured.get((site, channel))


@dataclass(frozen=True)
class Drivers:
    """The descriptors that drive one gate: jacobian is ∂s_c/∂z_j at this photograph's z, both C.

    Both are NaN in a block without a squeeze.
    """

    site: str
    channel: int
    z: Floats
    jacobian: Floats
