"""The interval of a share of images, such as an accuracy, and of the mean difference of pairs."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from seviz.records.losses import Estimate

CONFIDENCE = 0.95
Doubles = npt.NDArray[np.float64]


def wilson(share: float, images: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share that was found over so many images.

    It is of the choice of images, lies within 0 … 1, and has a length at shares of 0 and 1 too.
    """
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    weight = z * z / images
    middle = share + weight / 2
    reach = z * (share * (1 - share) / images + weight / (4 * images)) ** 0.5
    low, high = ((middle + end) / (1 + weight) for end in (-reach, reach))
    return max(0.0, low), min(1.0, high)


def paired(differences: Doubles) -> Estimate:
    """Estimate a mean difference of pairs, such as of two arms on each of N images (Student's t).

    Of a single pair the interval is NaN.
    """
    from scipy.stats import t  # imported late, for a quick start of the app

    count, mean = len(differences), float(differences.mean())
    if count < 2:
        return Estimate(mean, float("nan"), float("nan"))
    error = float(differences.std(ddof=1)) / count**0.5
    reach = float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) * error
    return Estimate(mean, mean - reach, mean + reach)
