"""Made gates and squeezes of images, to gather statistics of."""

import numpy as np

from seviz.reference.accumulator import Accumulator
from seviz.reference.profile import Profile

CHANNELS = {"SE_2_1": 3, "SE_2_2": 5}
CLASSES = ("ant", "bee", "cat")


class Data:
    """Made gates (0 … 1) and squeezes (around 5) of images of three classes, in class order."""

    def __init__(self, images: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.indices = np.arange(images)
        self.labels = np.sort(rng.integers(0, 3, images))
        level = self.labels[:, None] / 5  # classes differ
        self.s = {
            name: (rng.random((images, c)) * 0.6 + level).astype(np.float32)
            for name, c in CHANNELS.items()
        }
        self.z = {
            name: rng.normal(5, 2, (images, c)).astype(np.float32) for name, c in CHANNELS.items()
        }

    def feed(self, rows: np.ndarray, sizes: list[int], sampled: int = 4096) -> Accumulator:
        """Give these rows to an accumulator, in batches of these sizes; the last takes the rest."""
        accumulator = Accumulator(CHANNELS, CLASSES, sampled=sampled)
        for part in np.split(rows, np.cumsum(sizes)):
            z, s = ({name: v[part] for name, v in group.items()} for group in (self.z, self.s))
            accumulator.update(self.indices[part], self.labels[part], z=z, s=s)
        return accumulator


def finish(accumulator: Accumulator) -> Profile:
    return accumulator.finish(model="made", data="numbers")


def levels(values: np.ndarray) -> np.ndarray:
    return np.quantile(values.astype(np.float64), np.arange(33) / 32, axis=0)
