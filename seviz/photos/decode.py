"""Decoding of untrusted bytes into an RGB picture; UserError where that is not possible.

`seviz.photos.headers` refuses harmful files, then Pillow decodes. The conversion to RGB is done
here, so that the network sees the picture as other programs show it. `seviz.photos.read` has this
done in a process of its own, with limits; here are none on time and memory.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

from seviz import limits
from seviz.errors import UserError
from seviz.photos import headers

if TYPE_CHECKING:  # numpy would double the time that a worker takes to start
    import numpy as np
    from numpy.typing import NDArray

_PLUGINS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_SEND = "send a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"
_LIGHT_BYTES, _LIGHT_PIXELS = 1_000_000, 300_000  # of ImageNet, nearly all are smaller
_BAND = 1_000_000  # pixels that are converted or sent at a time: a copy of all may not fit
_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP|GIF8|BM|II\*\0|MM\0\*"
    rb"|.{4}ftyp(?:avif|avis|heic|heix|heim|heis|hevc|hevx|mif1|msf1)",
    re.DOTALL,
)
_TURNS = {  # by EXIF orientation, the operation that makes the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_photo(data: bytes, side: int = 0) -> Image.Image:
    """Decode a picture from the bytes of its file.

    side: to how many pixels the shorter side is reduced where it is longer; 0 keeps the size.

    Returns an upright 8-bit RGB image without metadata: the first frame, EXIF orientation applied,
    transparency over white, deep greys brought to 8 bits (see `_grey_of_16_bits` and
    `_grey_of_32_bits`). Up to headers.MAX_PIXELS the decoding is exact; a JPEG above that, up to
    headers.MAX_JPEG_PIXELS, comes out at half its width and height. Raises UserError, and nothing
    else, for bytes that do not give a picture.
    """
    check_bytes(len(data))
    plugins = _plugins(data)
    try:
        return _upright_rgb(headers.harmless(data), plugins, side)
    except UserError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise headers.too_large() from error
    except MemoryError as error:
        raise too_much() from error
    except Exception as error:  # a damaged file can raise nearly anything in Pillow
        raise UserError(
            "This picture is cut short, damaged or of a rare kind: open it in another program "
            "and export it as a PNG or JPEG."
        ) from error


def is_light(data: bytes) -> bool:
    """Tell whether a picture takes little time and memory: a JPEG or PNG that is small.

    At most, with a hundred scans, it takes a tenth of a second.
    """
    if len(data) > _LIGHT_BYTES or not data.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        return False
    try:
        with Image.open(io.BytesIO(headers.harmless(data)), formats=("JPEG", "PNG")) as image:
            return image.width * image.height <= _LIGHT_PIXELS
    except Exception:  # `decode_photo` says what is wrong with it
        return False


def too_much() -> UserError:
    """Return the error for a picture whose decoding has no end, or would fill the memory."""
    return UserError(
        "This picture takes too much time or memory to decode: open it in another program and "
        "export it as a PNG or JPEG, or send a smaller version."
    )


def check_bytes(count: int) -> None:
    """Refuse an empty file, and one of more than `limits.FILE`."""
    if count == 0:
        raise UserError(f"This file is empty (0 bytes): {_SEND}.")
    most = limits.FILE.value
    if count > most * 1_000_000:
        raise UserError(
            f"This file is {count / 1e6:.1f} MB and the limit is {most} MB: send a smaller version."
        )


def bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Yield an image in bands of whole rows, each with its first row, from top to bottom."""
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _plugins(data: bytes) -> tuple[str, ...]:
    """Return the Pillow plugins that may see these bytes; refuse what none of them reads."""
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<") and b"<svg" in head and b"<html" not in head:
        raise UserError("This file is an SVG drawing, not a photo: export it as a PNG.")
    if not _SIGNATURES.match(data):
        raise UserError(f"This file is not a picture that can be read here: {_SEND}.")
    brands = {data[at : at + 4] for at in range(8, 64, 4)}
    if data[4:8] != b"ftyp" or brands & {b"avif", b"avis"}:
        return _PLUGINS
    try:
        import pillow_heif
    except ImportError as error:
        raise UserError(
            "This is a HEIC picture, which needs the package pillow-heif: install it or export "
            "the picture as a JPEG."
        ) from error
    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _shrink_or_refuse(image: Image.Image, data: bytes, side: int) -> None:
    """Keep the decoding of an opened image within the limits; nothing is decoded before this.

    A JPEG that is wanted small is decoded at a half, a fourth or an eighth of its size, which saves
    a third of the time, and is resampled from there.
    """
    width, height = image.size
    jpeg = image.format == "JPEG"
    # A progressive JPEG is held whole while it is decoded, at whatever scale.
    streams = jpeg and not image.info.get("progressive")
    headers.check_size(width, height, headers.MAX_JPEG_PIXELS if streams else headers.MAX_PIXELS)
    headers.check_shape(width, height)
    headers.check_tiles(image)
    if jpeg:
        headers.check_scans(data)
    if width * height > headers.MAX_PIXELS:
        image.draft(image.mode, (width // 2, height // 2))
    if side and jpeg and (least := min(image.size)) > side:
        image.draft(image.mode, (side * width // least, side * height // least))
    if image.format == "TIFF":
        # While decoding, Pillow would read these sub-directories too, and nobody has checked them.
        exif = image.getexif()
        for pointer in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop):
            if pointer in exif:
                del exif[pointer]


def _upright_rgb(data: bytes, plugins: tuple[str, ...], side: int) -> Image.Image:
    """Decode and convert to upright RGB, with no metadata left that could turn it again."""
    image = Image.open(io.BytesIO(data), formats=plugins)
    size = image.size  # a JPEG that is decoded smaller has rounded edges
    _shrink_or_refuse(image, data, side)
    image.load()  # before the orientation: a PNG may hold it last, and a TIFF is turned by Pillow
    turn = _TURNS.get(headers.orientation(image))
    rgb = image if image.mode == "RGB" and not image.has_transparency_data else to_rgb(image)
    del image  # it and its decoder may hold half a gigabyte
    if side and min(rgb.size) > side:
        rgb = reduce(rgb, side, of=size)
    turned = rgb.copy() if turn is None else rgb.transpose(turn)
    turned.info.clear()
    return turned


def reduce(rgb: Image.Image, side: int, of: tuple[int, int] | None = None) -> Image.Image:
    """Reduce a picture to a shorter side of so many pixels, at least 1 on the other.

    of: the size whose proportions are kept, by default the picture's own.
    """
    size = of or rgb.size
    width, height = (max(1, round(side * edge / min(size))) for edge in size)
    return rgb.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def upright(rgb: Image.Image, *, of: Image.Image) -> Image.Image:
    """Turn a picture by the EXIF orientation of the one that it was converted from."""
    rgb.load()
    turn = _TURNS.get(headers.orientation(of))
    return rgb if turn is None else rgb.transpose(turn)


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert a decoded image of any mode to 8-bit RGB, transparency over white."""
    if image.mode in ("I", "F"):
        return _by_bands(image, _grey_of_32_bits(image))
    if image.mode.startswith("I;16"):
        return _by_bands(image, _grey_of_16_bits(image))
    if image.has_transparency_data:
        return _by_bands(image, _over_white)
    return image.convert("RGB")


def _by_bands(image: Image.Image, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Convert an image to RGB band by band."""
    rgb = Image.new("RGB", image.size)
    for top, band in bands(image):
        rgb.paste(convert(band), (0, top))
    return rgb


def _over_white(image: Image.Image) -> Image.Image:
    clear = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(clear, mask=clear)
    return paper


def _grey_of_16_bits(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Scale 16 bits over their full range, v / 257, and the 12 of some TIFFs over theirs."""
    import numpy as np

    bits = getattr(image, "tag_v2", {}).get(ExifTags.Base.BitsPerSample)
    white = 4095 if bits == (12,) else 65_535
    nothing = image.info.get("transparency")  # one value of the 65,536 that stands for nothing

    def grey(band: Image.Image) -> Image.Image:
        values = np.asarray(band)
        grey = ((values.astype(np.uint32) * 255 + white // 2) // white).astype(np.uint8)
        grey[values == nothing] = 255
        return Image.fromarray(grey)

    return grey


def _grey_of_32_bits(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Scale integers and floats, which have no agreed range, over their own.

    The smallest finite value is black and the largest white; NaN is black, an infinity its end,
    and an image of one value black.
    """
    import numpy as np

    low, high = np.inf, -np.inf
    for _, band in bands(image):
        wide = _wide(band)
        known = np.isfinite(wide)
        low = min(low, wide.min(where=known, initial=np.inf))
        high = max(high, wide.max(where=known, initial=-np.inf))

    def grey(band: Image.Image) -> Image.Image:
        if high <= low:  # also when no value is finite
            return Image.new("L", band.size)
        wide = (np.clip(_wide(band), low, high) - low) * (255 / (high - low))
        return Image.fromarray(np.rint(np.nan_to_num(wide)).astype(np.uint8))

    return grey


def _wide(band: Image.Image) -> "NDArray[np.float64]":
    import numpy as np

    with np.errstate(invalid="ignore"):  # some NaNs announce themselves when copied
        return np.array(band, dtype=np.float64)
