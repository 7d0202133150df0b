"""Decoding of untrusted bytes into an RGB picture; UserError where that is not possible.

`seviz.photos.headers` refuses harmful files, then Pillow decodes. The conversion to RGB is done
here, so that the network sees the picture as other programs show it.
"""

import io
import os
import re
import threading
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from seviz.errors import UserError
from seviz.photos import headers

Photo = Image.Image | bytes | str | os.PathLike[str]  # a picture, its file's bytes, or its path
_PLUGINS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_SEND = "send a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"
# While it is decoded, a picture within all limits may take 0.9 GB: two at a time.
_DECODING = threading.BoundedSemaphore(2)
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


def read_photo(source: bytes | str | os.PathLike[str]) -> Image.Image:
    """Decode a picture from the bytes of its file or from its path.

    Returns an upright 8-bit RGB image without metadata: the first frame, EXIF orientation applied,
    transparency over white, deep greys brought to 8 bits (see `_grey_of_16_bits` and
    `_grey_of_32_bits`). Up to headers.MAX_PIXELS the decoding is exact; a JPEG above that, up to
    headers.MAX_JPEG_PIXELS, comes out at half its width and height. Raises UserError, and nothing
    else, for bytes and paths that do not give a picture.
    """
    data = source if isinstance(source, bytes) else _read_file(Path(source))
    _check_bytes(len(data))
    plugins = _plugins(data)
    try:
        headers.check_headers(data)
        data = headers.hide_blocks(data)
        with _DECODING:
            image = Image.open(io.BytesIO(data), formats=plugins)
            _shrink_or_refuse(image, data)
            return _upright_rgb(image)
    except UserError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise headers.too_large() from error
    except Exception as error:  # a damaged file can raise nearly anything in Pillow
        raise UserError(
            "This picture is cut short, damaged or of a rare kind: open it in another program "
            "and export it as a PNG or JPEG."
        ) from error


def _read_file(path: Path) -> bytes:
    """Return the bytes of an ordinary file, its size checked before it is read."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            raise UserError(f"The file {path} {what}: give the path of one picture file.")
        _check_bytes(path.stat().st_size)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UserError(f"The file {path} cannot be read: check its name and rights.") from error


def _check_bytes(count: int) -> None:
    """Refuse an empty file, and one of more than MAX_BYTES."""
    if count == 0:
        raise UserError(f"This file is empty (0 bytes): {_SEND}.")
    if count > headers.MAX_BYTES:
        raise UserError(
            f"This file is {count / 1e6:.1f} MB and the limit is {headers.MAX_BYTES / 1e6:.0f} MB: "
            "send a smaller version."
        )


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


def _shrink_or_refuse(image: Image.Image, data: bytes) -> None:
    """Keep the decoding of an opened image within the limits; nothing is decoded before this."""
    width, height = image.size
    jpeg = image.format == "JPEG"
    # A progressive JPEG is held whole while it is decoded, at whatever scale.
    streams = jpeg and not image.info.get("progressive")
    headers.check_size(width, height, headers.MAX_JPEG_PIXELS if streams else headers.MAX_PIXELS)
    headers.check_shape(width, height)
    if jpeg:
        headers.check_scans(data)
    if width * height > headers.MAX_PIXELS:
        image.draft(image.mode, (width // 2, height // 2))
    if image.format == "TIFF":
        # While decoding, Pillow would read these sub-directories too, and nobody has checked them.
        exif = image.getexif()
        for pointer in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop):
            if pointer in exif:
                del exif[pointer]


def _upright_rgb(image: Image.Image) -> Image.Image:
    """Decode and convert to upright RGB, with no metadata left that could turn it again."""
    image.load()  # before the orientation: a PNG may hold it last, and a TIFF is turned by Pillow
    rgb = _rgb(image)
    rgb.info.clear()
    turn = _TURNS.get(headers.orientation(image))
    return rgb if turn is None else rgb.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    """Convert a decoded image of any mode to 8-bit RGB, transparency over white."""
    if image.mode.startswith("I;16"):
        return _grey_of_16_bits(image).convert("RGB")
    if image.mode in ("I", "F"):
        return _grey_of_32_bits(image).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(clear, mask=clear)
    return paper


def _grey_of_16_bits(image: Image.Image) -> Image.Image:
    """Scale 16 bits over their full range, v / 257, and the 12 of some TIFFs over theirs."""
    values = np.asarray(image)
    bits = getattr(image, "tag_v2", {}).get(ExifTags.Base.BitsPerSample)
    white = 4095 if bits == (12,) else 65_535
    grey = ((values.astype(np.uint32) * 255 + white // 2) // white).astype(np.uint8)
    if "transparency" in image.info:  # one value of the 65,536 that stands for nothing
        grey[values == image.info["transparency"]] = 255
    return Image.fromarray(grey)


def _grey_of_32_bits(image: Image.Image) -> Image.Image:
    """Scale integers and floats, which have no agreed range, over their own.

    The smallest finite value is black and the largest white; NaN is black, an infinity its end,
    and an image of one value black.
    """
    with np.errstate(invalid="ignore"):  # some NaNs announce themselves when copied
        wide = np.array(image, dtype=np.float64)
    known = np.isfinite(wide)
    low, high = wide.min(where=known, initial=np.inf), wide.max(where=known, initial=-np.inf)
    if high <= low:  # also when no value is finite
        return Image.new("L", image.size)
    np.clip(wide, low, high, out=wide)
    wide -= low
    wide *= 255 / (high - low)
    return Image.fromarray(np.rint(np.nan_to_num(wide, copy=False)).astype(np.uint8))


def as_rgb(photo: Photo) -> Image.Image:
    """Return any picture as 8-bit RGB: one that is decoded, or the file or bytes of one.

    UserError where it is none.
    """
    if isinstance(photo, bytes | str | os.PathLike):
        return read_photo(photo)
    if not isinstance(photo, Image.Image):
        raise UserError(
            f"A photograph is a PIL image or the path of a file, not {type(photo).__name__}; "
            "seviz.read_photo reads one."
        )
    return photo if photo.mode == "RGB" else _rgb(photo)
