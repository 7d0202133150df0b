"""Small labelled images as people upload photographs: enlarged and compressed."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from torch import Tensor

from seviz.photos.decode import decode_photo

PHOTO_SIDE, PHOTO_QUALITY = 500, 90  # pixels of the shorter side; JPEG quality, 1 to 95


@dataclass(frozen=True)
class AsPhotograph:
    """Preprocess an image as if it had been uploaded.

    preprocess: the network's transform, which gives 3×H×W.
    """

    preprocess: Callable[[Image.Image], Tensor]

    def __call__(self, image: Image.Image) -> Tensor:
        """Enlarge to PHOTO_SIDE, encode as JPEG, decode like an upload, and preprocess."""
        scale = PHOTO_SIDE / min(image.size)
        large = image.resize([round(scale * side) for side in image.size], Image.Resampling.BICUBIC)
        file = io.BytesIO()
        large.save(file, "JPEG", quality=PHOTO_QUALITY)
        return self.preprocess(decode_photo(file.getvalue()))
