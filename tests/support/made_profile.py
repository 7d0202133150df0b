"""Gate statistics made by hand."""

from dataclasses import replace

import numpy as np

from seviz.reference.profile import BlockProfile, Profile

EVENLY = np.arange(33) / 32  # the quantiles of gates spread evenly over 0 … 1


def made_block(**changes: object) -> BlockProfile:
    """Two channels, three classes; the second class has no images."""
    means = np.float32([[0.6, 0.5], [np.nan, np.nan], [0.4, 0.5]])
    block = BlockProfile(
        s_mean=np.float32([0.5, 0.5]),
        s_std=np.float32([0.1, 0.0]),
        s_quantiles=np.stack([EVENLY, np.full(33, 0.5)], 1).astype(np.float32),
        z_mean=np.zeros(2, np.float32),
        z_std=np.zeros(2, np.float32),
        z_quantiles=np.zeros((33, 2), np.float32),
        class_mean=means,
        class_std=np.zeros_like(means),
        cosine_quantiles=(EVENLY / 10).astype(np.float32),
        difference_quantiles=(EVENLY / 5).astype(np.float32),
    )
    return replace(block, **changes)


def made_profile(*blocks: BlockProfile) -> Profile:
    named = {f"SE_2_{i}": block for i, block in enumerate(blocks, 1)}
    return Profile("made", "numbers", ("ant", "bee", "cat"), (5, 0, 5), 10, named)
