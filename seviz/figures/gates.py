"""The scale of gates: what their colours and axes mean, for every excitation.

A sigmoid's gates are between 0 and 1, a tanh's between −1 and 1, a ReLU's 0 and up. A gate is what
its channel is multiplied by: 1 leaves it, 0 shuts it off, over 1 amplifies it, under 0 turns its
sign.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.figures import style
from seviz.records.numbers import Floats
from seviz.records.sites import NEAR_ONE, NEAR_ZERO, Site
from seviz.records.trace import Trace


@dataclass(frozen=True)
class Share:
    """A kind of gates that is counted: its name, colour, side (1 up, −1 down), and who is in it."""

    name: str
    colour: str
    side: int
    holds: Callable[[Floats], npt.NDArray[np.bool_]]


OPEN = Share(f"s > {NEAR_ONE}", style.OPEN, 1, lambda s: s > NEAR_ONE)
SHUT = Share(f"s < {NEAR_ZERO}", style.SHUT, -1, lambda s: s < NEAR_ZERO)
TURNED = Share(f"s < −{NEAR_ONE}", style.AGAINST, 1, lambda s: s < -NEAR_ONE)
NEITHER = Share(f"|s| < {NEAR_ZERO}", style.SHUT, -1, lambda s: abs(s) < NEAR_ZERO)
AMPLIFIED = Share("s > 1", style.OPEN, 1, lambda s: s > 1)


@dataclass(frozen=True)
class GateScale:
    """How gates are drawn: from low to high, and which of them are counted.

    Where low is under 0 the colours diverge around 0.
    """

    low: float
    high: float
    shares: tuple[Share, ...]

    @property
    def colours(self) -> str:
        """Name the scale of colours."""
        return style.SIGNED if self.low < 0 else style.GATES

    def exceeded(self, gates: Iterable[Floats]) -> bool:
        """Return whether any gate, such as an edited one, lies beyond the scale; NaN does not."""
        return any(bool(((s < self.low) | (s > self.high)).any()) for s in gates)


def gate_scale(*traces: Trace) -> GateScale:
    """Return the one scale for the gates of all these traces, as every arm computed them.

    A ReLU's reaches to the largest of them, and to 1 at least, which leaves a channel as it is.
    """
    sites = [site for trace in traces for site in trace.sites]
    return scale_of(sites, (s for trace in traces for s in trace.s_computed.values()))


def scale_of(sites: Iterable[Site], gates: Iterable[Floats]) -> GateScale:
    """Return the scale of gates that sites computed; NaN, of an arm without any, is left out."""
    kinds = {site.excitation for site in sites}
    high = max((1.0, *(float(np.nanmax(s)) for s in gates))) if "relu" in kinds else 1.0
    if "tanh" in kinds:
        return GateScale(-high, high, (OPEN, TURNED, NEITHER))
    return GateScale(0.0, high, (AMPLIFIED if "relu" in kinds else OPEN, SHUT))


def widest(*scales: GateScale) -> GateScale:
    """Return one axis for all scales: a gate is a factor, whatever its excitation."""
    low, high = min(scale.low for scale in scales), max(scale.high for scale in scales)
    return GateScale(low, high, ())


def mean_words(sites: Iterable[Site]) -> str:
    """Return “mean ” where s is a mean over positions, as nothing was squeezed; else ""."""
    return "" if all(site.squeezed for site in sites) else "mean "
