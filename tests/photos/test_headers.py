"""Files that mean harm, made by hand, and the small makers that test_images shares."""

import io
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from image_files import DAMAGED, chunk, encode, exif, grey_tiff, greys, idat, png, tiff, values
from PIL import Image

from seviz.errors import UserError
from seviz.photos import headers
from seviz.photos.decode import decode_photo

TOO_LARGE = "too large.*limit is 40 megapixels, 80 for a JPEG"


# What a header tells ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "rows"),
    [
        (exif(6, "<"), [[3, 1], [4, 2]]),
        (exif(6)[6:], [[3, 1], [4, 2]]),  # WebP may do without the name
        (exif(9), [[1, 2], [3, 4]]),
        (exif(6)[:-12], [[1, 2], [3, 4]]),
        (b"Exif\0\0nonsense", [[1, 2], [3, 4]]),
    ],
)
def test_exif_of_either_byte_order_and_broken_exif(block, rows):
    assert greys(encode(values([1, 2], [3, 4]), "WEBP", lossless=True, exif=block)) == rows


# Pictures that are too large, or say so -----------------------------------------------------------


def claims(kind, width, height, **options):
    """A small picture whose header claims another size."""
    data = encode(Image.new("RGB", (16, 16)), kind, **options)
    if kind == "JPEG":
        at = re.search(rb"\xff[\xc0\xc2]\0\x11\x08", data).end()
        return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
    if kind == "GIF":
        return data[:6] + struct.pack("<HH", width, height) + data[10:]
    if kind == "BMP":
        return data[:18] + struct.pack("<II", width, height) + data[26:]
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def webp_canvas(side):
    frame = encode(Image.new("RGB", (16, 16)), "WEBP", lossless=True)[12:]
    size, small = (side - 1).to_bytes(3, "little") * 2, b"\x0f\0\0" * 2
    frame = bytes(6) + small + b"\x64\0\0\0" + frame
    body = b"WEBPVP8X\x0a\0\0\0\2\0\0\0" + size + b"ANIM\6\0\0\0" + bytes(6)
    body += b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def animated_png(side):
    """An animation of which Pillow clears the whole canvas, told by a second header, in opening."""
    header = png(side, side)[8:33]
    control = chunk(b"acTL", struct.pack(">II", 2, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, side, side, 0, 0, 1, 1, 1, 0))
    return png(1, 1, header, control, frame, idat(b""))


@pytest.mark.parametrize(
    "data",
    [
        png(60_000, 60_000, idat(b"")),
        png(8_000, 5_001, idat(b"")),
        animated_png(20_000),
        claims("JPEG", 60_000, 60_000),
        claims("JPEG", 10_000, 8_001),
        claims("JPEG", 8_000, 5_001, progressive=True),
        claims("GIF", 60_000, 60_000),
        claims("GIF", 10_000, 10_000),
        claims("GIF", 1, 1).replace(b",\0\0\0\0\x10\0\x10\0", b",\0\0\0\0\0\x20\0\x20"),
        claims("BMP", 60_000, 60_000),
        claims("BMP", 1_000_000, 1),
        claims("AVIF", 16_000, 10_000),
        claims("AVIF", 8_000, 5_001),
        webp_canvas(16_383),
        webp_canvas(7_000),
        tiff((256, 4, 1, 60_000), (257, 4, 1, 60_000), (262, 3, 1, 1), (273, 4, 1, 8)),
        grey_tiff(1, 8, 1, b"\0", "<", (322, 4, 1, 7_000), (323, 4, 1, 7_000)),
        grey_tiff(1, 8, 1, b"\0", "<", *[(t, 4, 1, v) for t in (322, 323) for v in (7_000, 16)]),
    ],
)
def test_too_many_pixels_are_refused_by_the_header(data):
    with pytest.raises(UserError, match=TOO_LARGE):
        decode_photo(data)


def test_a_jpeg_of_endless_scans_is_refused():
    data = encode(Image.new("L", (64, 64)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert decode_photo(data[:-2] + last * 9 + data[-2:]).size == (64, 64)
    with pytest.raises(UserError, match=DAMAGED):
        decode_photo(data[:-2] + last * 99 + data[-2:])


@pytest.mark.parametrize(
    ("fine", "greedy"),
    [
        ([(1000, 7, 900, 8)], [(1000 + i, 7, 900, 8) for i in range(9)]),  # nine times the same
        ([(1000, 7, 1_000_004, 8)], [(1000, 4, 250_001, 8)]),  # bytes; numbers, each an object
    ],
)
def test_tiff_directories_that_multiply_are_refused(fine, greedy):
    payload = bytes(fine[0][2])
    assert greys(grey_tiff(1, 8, 1, payload, "<", *fine)) == [[0]]
    with pytest.raises(UserError, match=DAMAGED):
        decode_photo(grey_tiff(1, 8, 1, payload, "<", *greedy))


def strips(number, *more, height=50):
    """A grey TIFF of 100×100 pixels whose strips lie one byte apart in the same 80 KB."""
    places, sizes = (
        (first + step * i for i in range(15_000)) for first, step in ((8, 1), (5000, 0))
    )
    payload = struct.pack("<30000I", *places, *sizes)
    fields = {256: 100, 257: 100, 258: 8, 259: 1, 262: 1, 277: 1, 278: height}
    where = [(273, 4, number, 8), (279, 4, number, 8 + 60_000)]
    rows = [(tag, 3, 1, value) for tag, value in fields.items()]
    return tiff(*sorted([*rows, *where, *more]), payload=payload)


def test_a_tiff_of_more_strips_than_its_height_needs_is_refused():
    assert decode_photo(strips(2)).size == (100, 100)
    for number in (3, 15_000):
        with pytest.raises(UserError, match=DAMAGED):
            decode_photo(strips(number))
    planes = ((284, 3, 1, 2), (277, 3, 1, 3))
    with pytest.raises(UserError, match=DAMAGED):
        decode_photo(strips(15_000, *planes))


def test_tiles_at_the_edges_may_reach_over_them():
    image = Image.new("L", (100, 70), 9)
    tiles = encode(image, "TIFF", tiffinfo={322: 64, 323: 64})
    headers.check_tiles(Image.open(io.BytesIO(tiles)))
    image.tile = [("raw", (0, 0, 128, 128), 0, "L")]
    headers.check_tiles(image)
    image.tile = [("raw", None, 0, "L"), ("raw", (0, 0, 1, 1), 0, "L")]
    with pytest.raises(ValueError, match="more strips or tiles"):
        headers.check_tiles(image)


GIF = encode(Image.new("L", (9, 9), 7), "GIF")
GIF_BODY = 13 + 3 * 2 ** ((GIF[10] & 7) + 1)


@pytest.mark.parametrize(
    ("fine", "endless"),
    [
        (b"!\xfe" + b"\xff" * 256 * 255 + b"\0", b"!\xfe" + b"\xff" * 256 * 257 + b"\0"),
        (b"!\xfe\1a\0" * 20_000, b"!\xfe\1a\0" * 22_000),
        (b"!\xff" + b"\1a" * 90_000 + b"\0", b"!\xff" + b"\1a" * 100_000 + b"\0"),
        (b"!\xfe\0" * 60_000, b"!\xfe\0" * 66_000),
        (b"!\xfe\0", b"!\xff\0"),
    ],
)
def test_gifs_of_comments_and_other_blocks(fine, endless):
    assert greys(GIF[:GIF_BODY] + fine + GIF[GIF_BODY:]) == [[7] * 9] * 9
    with pytest.raises(UserError, match=DAMAGED):
        decode_photo(GIF[:GIF_BODY] + endless + GIF[GIF_BODY:])


def test_profiles_and_texts_of_a_png_are_not_inflated(monkeypatch):
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000)))
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))
    monkeypatch.setattr("PIL.PngImagePlugin._safe_zlib_decompress", None)
    data = png(1, 1, *[profile, text] * 2_000, idat(b"\5"), profile, colour=0)
    assert greys(data) == [[5]]
    with pytest.raises(UserError, match=DAMAGED):
        decode_photo(png(1, 1, *[chunk(b"abCD", b"")] * 100_000, idat(b"\5"), colour=0))


def test_jpegs_of_endless_segments_and_filling():
    data = encode(Image.new("L", (9, 9), 7), "JPEG")
    for part in (b"\xff\xe3\0\2", b"\xff", b"a"):
        assert greys(data[:20] + part * 90_000 + data[20:]) == [[7] * 9] * 9
        with pytest.raises(UserError, match=DAMAGED):
            decode_photo(data[:20] + part * 100_000 + data[20:])


# TIFF 6.0 and its supplements: bytes of each kind of value.
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("kind", "width"), WIDTHS.items())
def test_entries_of_every_kind_may_hold_twice_the_file_and_no_more(kind, width, order):
    def holding(size: int) -> bytes:
        """A file of 2400 bytes with three entries: of all of it, of half, and of `size`."""
        counts = [of // width for of in (2400, 1200, size)]
        entries = [(1000 + i, kind, count, 0) for i, count in enumerate(counts)]
        data = tiff(*entries, payload=bytes(2000), order=order)
        return data + bytes(2400 - len(data))

    headers.harmless(holding(1200))
    with pytest.raises(ValueError, match="overlap"):
        headers.harmless(holding(1208))


def test_the_largest_that_is_allowed_passes():
    headers.check_size(8_000, 5_000, 40_000_000)
    headers.check_size(65_535, 1, 40_000_000)
    headers.check_size(1, 65_535, 40_000_000)
    headers.check_shape(50, 1)
    headers.check_shape(1, 50)
    scan = b"\xff\xda\x00\x08\x01"
    headers.check_scans(scan * 100)
    headers.harmless(grey_tiff(1, 8, 1, bytes(10**6), "<", (1000, 4, 250_000, 8)))
    for refused in (
        lambda: headers.check_size(8_000, 5_001, 40_000_000),
        lambda: headers.check_size(65_536, 1, 40_000_000),
        lambda: headers.check_size(1, 65_536, 40_000_000),
        lambda: headers.check_shape(51, 1),
        lambda: headers.check_shape(1, 51),
        lambda: headers.check_scans(scan * 101),
        lambda: headers.harmless(grey_tiff(1, 8, 1, bytes(10**6), "<", (1000, 4, 250_001, 8))),
    ):
        with pytest.raises((UserError, ValueError)):
            refused()


# Small files that would grow ----------------------------------------------------------------------


def greedy(size, entries):
    """A block of EXIF whose every entry is nearly all of it."""
    return tiff(*((1000 + i, 7, size - 8, 8) for i in range(entries))).ljust(size, b"\0")


def with_segment(jpeg, marker, body):
    """The JPEG with a segment in the place of its first one, of which Pillow takes the density."""
    return jpeg[:2] + marker + struct.pack(">H", len(body) + 2) + body + jpeg[20:]


def run_length_bmp(width):
    """One row, and a single step that is to skip 255 of them."""
    data = encode(Image.new("L", (width, 1)), "BMP")
    start = struct.unpack_from("<I", data, 10)[0]
    return data[:30] + b"\1" + data[31:start] + b"\0\2\0\xff"


def buried_tiff(count):
    """A picture whose EXIF directory holds this many fractions."""
    inner = tiff((1000, 5, count, 26))[8:]
    assert 8 + len(inner) == 26
    fractions = b"\1\0\0\0\3\0\0\0" * count
    return grey_tiff(1, 8, 1, inner + fractions, "<", (34665, 4, 1, 8))


WATCH = """
import sys
from pathlib import Path
from seviz.errors import UserError
from seviz.photos.decode import decode_photo

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1000

for path in sys.argv[1:]:
    before = peak()
    try:
        result = decode_photo(Path(path).read_bytes()).size
    except UserError:
        result = "refused"
    print(Path(path).name, result, peak() - before < 120 or f"{peak() - before} MB")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_memory_stays_bounded(tmp_path):
    small = Image.new("L", (16, 16))
    jpeg = encode(small, "JPEG")
    block = greedy(60_000, 4_000)
    files = {
        "animation.png": (animated_png(20_000), "refused"),
        "row.bmp": (run_length_bmp(1_000_000), "refused"),
        "exif.png": (encode(small, "PNG", exif=greedy(400_000, 1_000)), "(16, 16)"),
        "exif.webp": (encode(small, "WEBP", exif=greedy(400_000, 1_000)), "(16, 16)"),
        "exif.avif": (encode(small, "AVIF", exif=greedy(400_000, 1_000)), "(16, 16)"),
        "exif.jpg": (with_segment(jpeg, b"\xff\xe1", b"Exif\0\0" + block), "(16, 16)"),
        "mpf.jpg": (with_segment(jpeg, b"\xff\xe2", b"MPF\0" + block), "(16, 16)"),
        "exif.tiff": (buried_tiff(1_500_000), "(1, 1)"),
        "50MP.jpg": (encode(Image.new("L", (8_200, 6_100)), "JPEG"), "(4100, 3050)"),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in files]
    command, root = [sys.executable, "-c", WATCH, *paths], Path(headers.__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    expected = [f"{name} {result} True" for name, (_, result) in files.items()]
    assert done.stdout.splitlines() == expected, done.stderr
