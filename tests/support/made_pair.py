"""Traces of two photographs made by hand."""

import numpy as np

from seviz.records.arms import INTACT
from seviz.records.sites import Site
from seviz.records.trace import Trace

SITES = (Site("layer1.0.se", "SE_2_1", 2, 1, 2, 1), Site("layer1.1.se", "SE_2_2", 2, 2, 3, 1))


def made_trace(*gates: list[float], logits: tuple[float, ...] = (1.0, 0.0, 0.0)) -> Trace:
    """A trace with one row of gates a block."""
    s = {site.name: np.float32([row]) for site, row in zip(SITES, gates, strict=True)}
    return Trace(
        model="made",
        sites=SITES,
        arms=(INTACT,),
        labels=("a", "b", "c"),
        z=s,
        s=s,
        s_computed=s,
        logits=np.float32([logits]),
        image=np.zeros((3, 4, 4), np.float32),
        seen=np.zeros((4, 4, 3), np.uint8),
    )


FIRST = made_trace([0.6, 0.8], [0.5, 0.5, 0.5])


THREE = np.float32([0.1, 0.2, 0.0])  # deviations of the second block's gates


SECOND = made_trace([0.8, 0.6], [0.5, 0.4, 0.8])
