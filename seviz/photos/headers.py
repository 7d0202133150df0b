"""Checks of a file's headers before Pillow opens it.

A file of a hundred bytes can make Pillow allocate gigabytes while it opens the file, before the
picture's size is known, and one of 2 MB can make it work for half a minute. So the headers that do
this are checked here first, without allocating.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress

from PIL import ExifTags, Image

from seviz.errors import UserError

MAX_PIXELS = 40_000_000
MAX_JPEG_PIXELS = 80_000_000  # between MAX_PIXELS and this, a JPEG is read at half its size
MAX_ASPECT = 50  # the shorter side is scaled to the network's: a thin picture would take gigabytes
MAX_SIDE = 65_535  # JPEG's maximum; a BMP row of 40 million pixels would take gigabytes

# The names of the EXIF and multi-picture blocks of JPEG, AVIF and HEIC. Pillow reads these while
# opening and copies the value of every entry, and 65,535 entries may all point at the same 20 MB.
_BLOCKS = re.compile(
    rb"Exif(?:(?<=\xff\xe1..Exif)|(?<=infe.{8}Exif)|(?<=infe.{10}Exif))|MPF(?<=\xff\xe2..MPF)",
    re.DOTALL,
)
# The headers of a JPEG's scans: a progressive one has about ten, each a pass over every pixel.
_SCANS = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
_MAX_SCANS = 100
_MAX_PARTS = 100_000  # segments, chunks or blocks: 20 MB of photograph have some 10,000
_COMMENT = 0xFE  # the label of a GIF's comments
_MAX_COMMENTS = 65_536  # bytes of them, which Pillow joins in quadratic time
_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND")  # chunks of a PNG

# TIFF directories: bytes per value of each kind, and kinds that stay bytes.
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_SHORT, _BYTES, _MAX_NUMBERS = 3, (1, 2, 7), 1_000_000


def check_size(width: int, height: int, limit: int) -> None:
    """Refuse a picture of more than `limit` pixels, or with a side above MAX_SIDE."""
    if width * height > limit or max(width, height) > MAX_SIDE:
        raise too_large(f" ({width} × {height} pixels)")


def check_shape(width: int, height: int) -> None:
    """Refuse a thin picture, with one side more than MAX_ASPECT times the other."""
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise UserError(
            f"This picture is too thin ({width} × {height} pixels): cut it to a shape whose long "
            f"side is at most {MAX_ASPECT} times its short one."
        )


def too_large(size: str = "") -> UserError:
    """Return the error for a picture with too many pixels; size: their number as text, if known."""
    return UserError(
        f"This picture is too large{size}: the limit is {MAX_PIXELS // 10**6} megapixels, "
        f"{MAX_JPEG_PIXELS // 10**6} for a JPEG that is not progressive, and {MAX_SIDE} pixels "
        "a side, so send a smaller version."
    )


def harmless(data: bytes) -> bytes:
    """Return a file's bytes without what makes Pillow work or allocate too much while opening.

    Raises UserError for too many pixels, and ValueError or struct.error for harmful data.
    """
    if data.startswith(b"\x89PNG"):
        return _needed_chunks(data)
    if data.startswith((b"II", b"MM")):
        _check_tiff(data)
    elif data.startswith(b"GIF8"):
        _check_gif(data)
    elif data.startswith(b"\xff\xd8"):
        _check_segments(data)
    return _hide_blocks(data)


def check_tiles(image: Image.Image) -> None:
    """Refuse, with a ValueError, an opened image whose parts cover more than its planes."""
    width, height = image.size
    boxes = [tile[1] or (0, 0, width, height) for tile in getattr(image, "tile", ())]
    covered = sum(
        (min(right, width) - left) * (min(bottom, height) - top)
        for left, top, right, bottom in boxes
    )
    if covered > len(image.getbands()) * width * height or len(boxes) > _MAX_PARTS:
        raise ValueError("more strips or tiles than the size needs")


def check_scans(jpeg: bytes) -> None:
    """Refuse, with a ValueError, a JPEG that asks for endless passes over its pixels."""
    if len(_SCANS.findall(jpeg)) > _MAX_SCANS:
        raise ValueError("JPEG with too many scans")


def _hide_blocks(data: bytes) -> bytes:
    """Rename a file's EXIF and multi-picture blocks so that Pillow ignores them."""
    return _BLOCKS.sub(lambda name: name[0].lower(), data)


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation as stored; 1 (upright) if there is none to be read."""
    blocks = (block for _, block in getattr(image, "applist", ()))  # of a JPEG, see _hide_blocks
    exif = image.info.get("exif") or b""
    exif = next((block for block in blocks if block.startswith(b"exif\0\0")), exif)
    entries = _directory(exif[6:] if exif[:4].lower() == b"exif" else exif)
    return next((value for tag, _, _, value in entries if tag == ExifTags.Base.Orientation), 1)


def _needed_chunks(png: bytes) -> bytes:
    """Drop the chunks of a PNG that its first image does not need, such as colour profiles.

    Refuses too many pixels in any header: an animation gets its canvas while it is opened.
    """
    at, parts = 8, [png[:8]]
    for _ in range(_MAX_PARTS):
        if at + 8 > len(png):
            return b"".join(parts)
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", png, at + 8)
            check_size(width, height, MAX_PIXELS)
        if kind in _NEEDED:
            parts.append(png[at : at + 12 + length])
        at += 12 + length
    raise ValueError("PNG with too many chunks")


def _check_gif(gif: bytes) -> None:
    """Refuse, before its first image, long comments and endless blocks."""
    at = 13 + (3 << (gif[10] & 7) + 1 if gif[10] & 128 else 0)
    comments, label = 0, -1
    for _ in range(_MAX_PARTS):
        if label < 0:  # between extensions
            if gif[at : at + 1] != b"!":
                return
            label, at = gif[at + 1], at + 2
            if gif[at] == 0 and label != _COMMENT:
                raise ValueError("Pillow takes what follows an empty extension for its blocks")
        size = gif[at]
        comments += size + 1 if label == _COMMENT else 0
        label, at = label if size else -1, at + 1 + size
        if comments > _MAX_COMMENTS:
            raise ValueError("GIF with too many comments")
    raise ValueError("GIF with too many blocks")


def _check_segments(jpeg: bytes) -> None:
    """Refuse a JPEG with too many segments, or too much between them, before its first scan."""
    at = 2
    for _ in range(_MAX_PARTS):
        mark, kind = jpeg[at : at + 1], jpeg[at + 1 : at + 2]
        if not kind or mark + kind == b"\xff\xda":
            return
        if mark != b"\xff" or kind == b"\xff":  # Pillow skips it byte by byte
            at += 1
        elif kind <= b"\1" or b"\xd0" <= kind <= b"\xd9":  # has no body
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    raise ValueError("JPEG with too many segments")


def _check_tiff(data: bytes) -> None:
    """Refuse entries that share bytes, entries of too many numbers, and too large tiles."""
    entries = list(_directory(data))
    held = sum(size for _, _, size, at in entries if size <= 4 or at + size <= len(data))
    if held > 2 * len(data):
        raise ValueError("TIFF entries overlap")
    if any(size > _MAX_NUMBERS and kind not in _BYTES for _, kind, size, _ in entries):
        raise ValueError("TIFF entry with too many numbers")
    # Of a repeated tag libtiff uses the first entry and Pillow the last.
    width, height = (
        max((value for tag, _, _, value in entries if tag == side), default=0)
        for side in (ExifTags.Base.TileWidth, ExifTags.Base.TileLength)
    )
    check_size(width, height, MAX_PIXELS)


def _directory(tiff: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, kind, size in bytes and value (or its offset) of the first directory's entries."""
    order = ">" if tiff.startswith(b"M") else "<"
    with suppress(struct.error):  # a truncated file: the entries so far
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (number,) = struct.unpack_from(order + "H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * number, 12):
            tag, kind, count = struct.unpack_from(order + "HHI", tiff, at)
            form = "H" if kind == _SHORT and count == 1 else "I"
            (value,) = struct.unpack_from(order + form, tiff, at + 8)
            yield tag, kind, count * _WIDTHS.get(kind, 0), value
