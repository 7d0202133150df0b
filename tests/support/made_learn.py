"""A block's descriptors and gates made by hand, for the story."""

from dataclasses import replace

import numpy as np

from seviz.learn.excited import Excitation
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps

SITE = Site("layer1.0.se", "SE_2_1", 2, 1, 2, 1)


U = np.float32([[[1, -2, 0], [0, 6, 0], [0, 0, -3]], np.full((3, 3), 5)])


def made(z: list[float], u: np.ndarray = U, s: tuple[float, float] = (0.5, 0.1)) -> FeatureMaps:
    gates = np.float32(s)
    return FeatureMaps(SITE, u, gates, gates, np.float32(z))


FOUR = replace(SITE, channels=4, reduced=2)


FOUND = Excitation(
    site=FOUR,
    z=np.float32([0.5, -2, 0, 1]),
    hidden=np.float32([0, 3]),
    before=np.float32([0, 1, -1, 2]),
    s=np.float32([0.5, 0.73, 0.27, 0.88]),
    delta="ReLU",
    sigma="Sigmoid",
    weights=16,
    biases=6,
)
