"""How alike two maps are."""

import numpy as np

from seviz.records.numbers import Floats
from seviz.records.trust import Likeness

TOP = 0.1  # of the pixels


def likeness(one: Floats, other: Floats) -> Likeness:
    """Compare two signed maps, H×W each.

    The rank correlation is SciPy's spearmanr (0 where a map is constant), the structural
    similarity is scikit-image's (Wang et al., 2004) over the maps' common symmetric range. Of two
    maps of zeros the structural similarity is None, and the overlap 0.
    """
    from scipy.stats import spearmanr  # imported late: it takes half a second

    varied = np.ptp(one) > 0 and np.ptp(other) > 0
    empty = not (one.any() or other.any())
    return Likeness(
        spearman=float(spearmanr(one.ravel(), other.ravel()).statistic) if varied else 0.0,
        ssim=None if empty else _similarity(one, other),
        overlap=0.0 if empty else len(top(one) & top(other)) / len(top(one)),
    )


def _similarity(one: Floats, other: Floats) -> float:
    """Return the structural similarity of two maps, of which one at least is not all zeros."""
    from skimage.metrics import structural_similarity

    limit = np.float64(max(abs(one).max(), abs(other).max()))
    window = (min(7, *one.shape) - 1) // 2 * 2 + 1  # an odd one within the map; 7 by default
    return float(structural_similarity(one / limit, other / limit, data_range=2.0, win_size=window))


def top(of_map: Floats) -> set[int]:
    """Return the tenth of the pixels with the most evidence for the answer, by flat index."""
    count = max(round(TOP * of_map.size), 1)
    return set(np.argsort(-of_map.ravel(), kind="stable")[:count].tolist())
