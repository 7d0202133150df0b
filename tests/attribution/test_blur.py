import numpy as np
import torch
from scipy.ndimage import gaussian_filter

from seviz.attribution.blur import blur


def test_blurring_is_gaussian_with_an_eighth_of_the_shorter_side():
    image = np.random.default_rng(2).standard_normal((3, 16, 24))
    found = blur(torch.from_numpy(image)[None])[0].numpy()
    expected = gaussian_filter(image, 2.0, mode="mirror", radius=6, axes=(1, 2))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
