"""The interval of a share of images, such as an accuracy."""

from statistics import NormalDist

CONFIDENCE = 0.95


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
