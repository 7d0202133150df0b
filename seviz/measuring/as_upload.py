"""What becomes of a small image as an upload."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from torch import Tensor

from seviz.photos.read import read_photo

PHOTO_SIDE, PHOTO_QUALITY = 500, 90


@dataclass(frozen=True)
class AsPhotograph:
    """Make of a small image what people upload, read it as the app does, and go on with `see`."""

    see: Callable[[Image.Image], Tensor]

    def __call__(self, image: Image.Image) -> Tensor:
        """Enlarge to PHOTO_SIDE pixels, encode as JPEG, and decode by `read_photo`."""
        scale = PHOTO_SIDE / min(image.size)
        large = image.resize([round(scale * side) for side in image.size], Image.Resampling.BICUBIC)
        file = io.BytesIO()
        large.save(file, "JPEG", quality=PHOTO_QUALITY)
        return self.see(read_photo(file.getvalue()))
