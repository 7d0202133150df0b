"""The gates of a frame for a picture that the browser draws itself, many times a second.

A Plotly figure of the embedded network's atlas is 108 kB of JSON, which takes longer to write and
to draw than the network takes to answer. Here a gate is one byte, a level of the scale of colours.
"""

from functools import lru_cache

import numpy as np
from plotly.colors import sample_colorscale, unlabel_rgb

from seviz.figures.gates import GateScale
from seviz.records.numbers import Floats
from seviz.records.trace import Trace

LEVELS = 256


def levels(trace: Trace, scale: GateScale) -> bytes:
    """Return the gates of the network as trained, block after block: a byte for each channel.

    0 is the scale's low end, 255 its high end; what lies beyond has the end's level.
    """
    return b"".join(_levels(gates[0], scale) for gates in trace.s.values())


@lru_cache
def colour_table(scale: str) -> bytes:
    """Return the colours of all levels of a scale by Plotly's name, three bytes (RGB) each."""
    colours = sample_colorscale(scale, np.linspace(0, 1, LEVELS).tolist())
    rgb = np.array([unlabel_rgb(colour) for colour in colours])
    return bytes(rgb.round().clip(0, 255).astype(np.uint8))


def _levels(gates: Floats, scale: GateScale) -> bytes:
    share = (gates - scale.low) / (scale.high - scale.low)
    return bytes((share.clip(0, 1) * (LEVELS - 1)).round().astype(np.uint8))
