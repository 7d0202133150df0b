"""Is a photograph likely of none of the network's classes? A threshold on how sure its answer is.

The laboratory's networks know 20 of the data set's 200 classes, so that for them images of the
others are of none of their classes (`seviz.measuring.unknown`). The rule is a share of a network's
own validation images, KNOWN_BELOW, and so can be applied to a network that knows all classes. It is
weak: an image of another class is below the threshold about twice as often as one of a known class.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from seviz.nets.embedded import ASSETS
from seviz.records.numbers import Floats, softmax
from seviz.records.trace import Trace
from seviz.records.unknown import Unknown

FILE = ASSETS / "unknown.json"
KNOWN_BELOW = 0.2  # the share of images of known classes that the rule takes for unknown
Values = npt.NDArray[np.float64]
Familiarity = Callable[[Floats, float], Values]  # logits N×K and temperature to N values


def energy(logits: Floats, temperature: float) -> Values:
    """Return log Σ exp(logit), N: minus the free energy (Liu et al., arXiv 2010.03759)."""
    del temperature
    return np.asarray(np.logaddexp.reduce(logits.astype(np.float64), axis=1))


def negative_entropy(logits: Floats, temperature: float) -> Values:
    """Return minus the entropy of the calibrated probabilities, N, in nats."""
    p = softmax(logits / temperature)
    return np.asarray((p * np.log(np.maximum(p, np.finfo(np.float64).tiny))).sum(1))


FAMILIARITIES: dict[str, Familiarity] = {  # greater values are more familiar
    "probability": lambda logits, temperature: softmax(logits / temperature).max(1),
    "logit": lambda logits, _: logits.max(1).astype(np.float64),
    "energy": energy,
    "entropy": negative_entropy,
}
CHOSEN = "probability"  # what people see as the confidence; the others tell hardly more


def likely_unknown(trace: Trace, row: int = 0) -> Unknown | None:
    """Judge a row's answer, the intact arm's; None where the network was not calibrated."""
    rule = _shipped()
    if rule is None or trace.model not in rule["networks"] or trace.temperature is None:
        return None
    own = rule["networks"][trace.model]
    value = FAMILIARITIES[CHOSEN](trace.logits[row : row + 1], trace.temperature)[0]
    measured = own["unknown_below"] is not None
    return Unknown(
        value=float(value),
        threshold=own["threshold"],
        known_below=own["known_below"],
        unknown_below=(own if measured else rule)["unknown_below"],
        auroc=(own if measured else rule)["auroc"],
        calibrated_on=trace.model if measured else rule["measured_networks"],
    )


@cache
def _shipped() -> dict[str, Any] | None:
    """Read what the part “unknown” of `seviz remake` wrote; None where it is not shipped."""
    if not FILE.exists():
        return None
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))["unknown"]["found"]
    return found
