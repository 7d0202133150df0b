"""The places that open a gate, in sentences."""

import numpy as np

from seviz.records.places import GatePlaces
from seviz.words.numbers import decimals, difference

NEAR = 0.1  # of the way from s(0) to s: what the linear part may miss and still be near
FLAT = 5e-4  # a gate that moves less is the same, at three decimals
HINT = (
    "s depends on the descriptors z alone, and each z is a mean over places, so what z does to s "
    "can be taken back to places: Σ ∂s/∂z · U(x, y) / (H·W), over all channels of the block. It is "
    "exact for a gate that is linear in z; a sigmoid bends, and the sentence says how much."
)


def places_words(places: GatePlaces) -> str:
    """Say what the places of a photograph add to a gate, and how far that is from the whole s."""
    opens = float(np.clip(places.map, 0, None).sum(dtype=np.float64))
    shuts = float(np.clip(places.map, None, 0).sum(dtype=np.float64))
    s, zero = decimals(places.s, 3), decimals(places.at_zero, 3)
    if max(opens, -shuts) < FLAT:
        return (
            f"No place moves the gate {places.name} (s = {s}) to first order: it lies where the "
            f"excitation is flat. With all z at 0 it would be {zero}."
        )
    return (
        f"Red places open the gate {places.name}, by {difference(opens, 3)} together, and blue "
        f"ones shut it, by {difference(shuts, 3)}: {difference(places.linear, 3)} in all. "
        f"{_rest_words(places, s, zero)}"
    )


def _rest_words(places: GatePlaces, s: str, zero: str) -> str:
    """Say how far the gate at z = 0 and the linear part together are from the gate, s."""
    together = decimals(places.at_zero + places.linear, 3)
    start = f"With all z at 0 the gate would be {zero}; with the places it would be {together}"
    moved = abs(places.s - places.at_zero)
    if abs(places.rest) <= max(FLAT, NEAR * moved):
        return f"{start}, near the s of {s} that it is: the gate is nearly linear here."
    misses = f"{start}, and it is {s}: the linear part misses {difference(places.rest, 3)}"
    if abs(places.rest) >= min(abs(places.linear), moved):
        return (
            f"{misses}, no less than it says. The excitation bends so much between that the map "
            "explains little of this gate here."
        )
    return (
        f"{misses}, as the excitation bends between. The map says what a small change would do, "
        "not all of s."
    )
