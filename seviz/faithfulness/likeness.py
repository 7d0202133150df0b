"""How alike two maps are."""

import numpy as np

from seviz.records.numbers import Floats
from seviz.records.trust import Likeness

TOP = 0.1  # of the pixels


def likeness(one: Floats, other: Floats) -> Likeness:
    """Compare two signed maps, H×W each.

    The rank correlation is SciPy's spearmanr (0 where a map is constant), the structural
    similarity is scikit-image's (Wang et al., 2004) over the maps' common symmetric range.
    """
    from scipy.stats import spearmanr  # only now: half a second of the app's start
    from skimage.metrics import structural_similarity

    limit = max(float(abs(one).max()), float(abs(other).max()), 1e-12)
    varied = np.ptp(one) > 0 and np.ptp(other) > 0
    side = min(7, *one.shape) // 2 * 2 - 1  # skimage wants an odd window within the image
    return Likeness(
        spearman=float(spearmanr(one.ravel(), other.ravel()).statistic) if varied else 0.0,
        ssim=float(structural_similarity(one, other, data_range=2 * limit, win_size=max(side, 3))),
        overlap=len(top(one) & top(other)) / len(top(one)),
    )


def top(of_map: Floats) -> set[int]:
    """Return the tenth of the pixels with the most evidence for the answer, by flat index."""
    count = max(round(TOP * of_map.size), 1)
    return set(np.argsort(-of_map.ravel(), kind="stable")[:count].tolist())
