"""Image files put together byte by byte, damaged ones among them."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from seviz.photos.decode import decode_photo

DAMAGED = "cut short, damaged or of a rare kind"


def encode(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def values(*rows, dtype=np.uint8):
    return Image.fromarray(np.array(rows, dtype))


def greys(data):
    """The rows of an image whose three channels are the same."""
    array = np.asarray(decode_photo(data))
    assert (array == array[..., :1]).all()
    return array[..., 0].tolist()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *chunks, depth=8, colour=2):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def idat(*rows):
    return chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))


def tiff(*entries, payload=b"", order="<"):
    """A TIFF block: a payload at offset 8, then a directory of (tag, kind, count, value)."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(payload))
    body = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        short = order + ("HH" if kind == 3 and count == 1 else "I")
        fields = (value, 0) if short.endswith("HH") else (value,)
        body += struct.pack(order + "HHI", tag, kind, count) + struct.pack(short, *fields)
    return head + payload + body + bytes(4)


def grey_tiff(width, bits, sample, payload, order="<", *more):
    """One uncompressed row of grey pixels: sample is 1 for whole numbers, 2 signed, 3 floats."""
    fields = {256: width, 257: 1, 258: bits, 259: 1, 262: 1, 277: 1, 278: 1, 339: sample}
    row = [(tag, 3, 1, value) for tag, value in fields.items()]
    strip = [(273, 4, 1, 8), (279, 4, 1, len(payload))]
    return tiff(*sorted([*row, *strip, *more]), payload=payload, order=order)


def exif(orientation, order=">"):
    return b"Exif\0\0" + tiff((274, 3, 1, orientation), order=order)
