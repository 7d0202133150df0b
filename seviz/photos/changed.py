"""Changes a photograph: mirrors it, blurs it, cuts it into tiles, and so on.

changed(photo, "jigsaw", 4)  # an RGB picture of the same size, its 4×4 tiles shuffled

At the strength that leaves it alone (`Change.neutral`), a photograph is returned as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from seviz.errors import UserError
from seviz.photos.changes import (
    ATTACKED,
    HALVES,
    JIGSAW,
    MIRRORED,
    NINTHS,
    PAINTED,
    check_region,
    check_seed,
    check_strength,
    find_change,
)

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels
TINT = (255, 160, 60)  # light through orange glass


@dataclass(frozen=True)
class How:
    """What a change is told besides its strength.

    box: the part of the photograph in which tiles are shuffled, or regions painted over: what the
    network sees; mask: H×W, what of the box is painted over, scaled to it; region: the same by a
    name of REGIONS, without a mask; signs: of an attack's step in the box, H×W×3, −1, 0 or 1.
    """

    seed: int
    box: Box
    region: str
    mask: npt.NDArray[np.bool_] | None
    signs: npt.NDArray[np.int8] | None


def changed(
    photo: Image.Image,
    name: str,
    strength: float,
    *,
    seed: int = 0,
    box: Box | None = None,
    region: str = "centre",
    mask: npt.NDArray[np.bool_] | None = None,
    signs: npt.NDArray[np.int8] | None = None,
) -> Image.Image:
    """Change an RGB photograph; the result is RGB, and of the same size unless it is cropped.

    box, region, mask and signs: as of `How`; box: by default the whole photograph. UserError for an
    unknown change, and a strength, seed or region that there is not.
    """
    change = find_change(name)
    strength = check_strength(change, strength)
    box = box or (0, 0, *photo.size)
    how = How(check_seed(seed), box, check_region(region), mask, signs)
    return photo if strength == change.neutral else _MAKE[name](photo, strength, how)


def painted_part(size: tuple[int, int], region: str) -> npt.NDArray[np.bool_]:
    """Return what a region of REGIONS covers of a picture of `size` (width, height): H×W."""
    width, height = size
    if region in HALVES:
        left, top, right, bottom = HALVES[region]
    else:
        row, column = divmod(NINTHS.index(region), 3)
        left, top, right, bottom = (n / 3 for n in (column, row, column + 1, row + 1))
    covered = np.zeros((height, width), np.bool_)
    down = slice(round(top * height), round(bottom * height))
    covered[down, round(left * width) : round(right * width)] = True
    return covered


def _rotate(photo: Image.Image, angle: float, _: How) -> Image.Image:
    """Turn counter-clockwise about the centre; beyond the edges, the photograph is mirrored."""
    from skimage.transform import rotate

    turned = rotate(np.asarray(photo), angle, mode="reflect", preserve_range=True)
    return Image.fromarray(turned.round().clip(0, 255).astype(np.uint8))


def _crop(photo: Image.Image, percent: float, _: How) -> Image.Image:
    """Keep the centre."""
    width, height = (max(1, round(side * percent / 100)) for side in photo.size)
    left, top = (photo.width - width) // 2, (photo.height - height) // 2
    return photo.crop((left, top, left + width, top + height))


def _darken(photo: Image.Image, percent: float, _: How) -> Image.Image:
    return ImageEnhance.Brightness(photo).enhance(1 - percent / 100)


def _blur(photo: Image.Image, percent: float, _: How) -> Image.Image:
    return photo.filter(ImageFilter.GaussianBlur(min(photo.size) * percent / 100))


def _add_noise(photo: Image.Image, percent: float, how: How) -> Image.Image:
    """Add numbers from a normal distribution to each colour of each pixel."""
    noise = np.random.default_rng(how.seed).normal(size=(photo.height, photo.width, 3))
    noisy = np.asarray(photo) + 255 * percent / 100 * noise
    return Image.fromarray(noisy.round().clip(0, 255).astype(np.uint8))


def _take_colour(photo: Image.Image, percent: float, _: How) -> Image.Image:
    return ImageEnhance.Color(photo).enhance(1 - percent / 100)


def _tint(photo: Image.Image, percent: float, _: How) -> Image.Image:
    filtered = ImageChops.multiply(photo, Image.new("RGB", photo.size, TINT))
    return Image.blend(photo, filtered, percent / 100)


def _compress(photo: Image.Image, quality: float, _: How) -> Image.Image:
    file = BytesIO()
    photo.save(file, "JPEG", quality=int(quality))
    return Image.open(file).convert("RGB")


def _shuffle_tiles(photo: Image.Image, count: float, how: How) -> Image.Image:
    """Shuffle count×count equal tiles of the box; what is left over at its right and below stays.

    No shuffle leaves all tiles in place.
    """
    left, top, right, bottom = how.box
    many = int(count)
    width, height = (right - left) // many, (bottom - top) // many
    if not width or not height:
        raise UserError(f"The photograph has fewer than {many} pixels a side; take fewer tiles.")
    corners = [(left + x * width, top + y * height) for y in range(many) for x in range(many)]
    rng, order = np.random.default_rng(how.seed), np.arange(many**2)
    while (order == np.arange(many**2)).all():
        order = rng.permutation(many**2)
    result = photo.copy()
    for place, source in zip(corners, order, strict=True):
        x, y = corners[source]
        result.paste(photo.crop((x, y, x + width, y + height)), place)
    return result


def _shrink(photo: Image.Image, percent: float, _: How) -> Image.Image:
    """Scale down and back, so that detail is lost while everything stays where it is."""
    small = [max(1, round(side * percent / 100)) for side in photo.size]
    return photo.resize((small[0], small[1]), Image.Resampling.BOX).resize(
        photo.size, Image.Resampling.BICUBIC
    )


def _paint(photo: Image.Image, percent: float, how: How) -> Image.Image:
    """Lay the mean colour of the box over what is to be painted over."""
    left, top, right, bottom = how.box
    size = (right - left, bottom - top)
    covered = painted_part(size, how.region) if how.mask is None else how.mask
    shade = Image.fromarray((covered * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    colour = np.asarray(photo.crop(how.box)).reshape(-1, 3).mean(0).round().astype(int)
    result = photo.copy()
    result.paste(tuple(colour.tolist()), how.box, shade.point(lambda v: round(v * percent / 100)))
    return result


def _step(photo: Image.Image, levels: float, how: How) -> Image.Image:
    """Move each colour of each pixel of the box by so many levels along its sign."""
    if how.signs is None:
        raise UserError("An attack needs the signs of a network's gradient; give signs.")
    moved = np.asarray(photo.crop(how.box)).astype(np.int16) + int(levels) * how.signs
    result = photo.copy()
    result.paste(Image.fromarray(moved.clip(0, 255).astype(np.uint8)), how.box[:2])
    return result


_MAKE: dict[str, Callable[[Image.Image, float, How], Image.Image]] = {
    MIRRORED: lambda photo, _, __: ImageOps.mirror(photo),
    "rotated": _rotate,
    "cropped": _crop,
    "darker": _darken,
    "blurred": _blur,
    "noisy": _add_noise,
    "grey": _take_colour,
    "tinted": _tint,
    "jpeg": _compress,
    JIGSAW: _shuffle_tiles,
    "smaller": _shrink,
    PAINTED: _paint,
    ATTACKED: _step,
}
