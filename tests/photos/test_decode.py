"""Pictures made by hand, with pixels worked out by hand, and files that are none."""

import io
import random
import struct
import sys
import types
import zlib

import numpy as np
import pytest
from image_files import DAMAGED, chunk, encode, exif, grey_tiff, greys, idat, png, values
from PIL import Image, PngImagePlugin

from seviz.errors import UserError
from seviz.photos import headers
from seviz.photos.decode import decode_photo, is_light

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
ACCEPTED = "send a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"


# What a picture looks like ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_lossless_formats_give_their_pixels(kind):
    pixels = [[[255, 0, 0], [0, 255, 0], [1, 2, 3]], [[0, 0, 255], [250, 128, 7], [9, 9, 9]]]
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    photo = decode_photo(encode(values(*pixels), kind, **options))
    assert (photo.mode, photo.size) == ("RGB", (3, 2))
    assert np.asarray(photo).tolist() == pixels


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_give_what_other_tools_see(kind):
    noise = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
    data = encode(Image.fromarray(noise), kind, quality=60)
    photo = np.asarray(decode_photo(data))
    assert (photo == np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))).all()
    assert np.abs(photo.astype(int) - noise).mean() < 60  # of another picture, 85


UPRIGHT = {
    1: [[1, 2], [3, 4], [5, 6]],
    2: [[2, 1], [4, 3], [6, 5]],
    3: [[6, 5], [4, 3], [2, 1]],
    4: [[5, 6], [3, 4], [1, 2]],
    5: [[1, 3, 5], [2, 4, 6]],
    6: [[5, 3, 1], [6, 4, 2]],
    7: [[6, 4, 2], [5, 3, 1]],
    8: [[2, 4, 6], [1, 3, 5]],
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_exif_orientation_is_applied_and_gone(kind, orientation):
    stored = Image.fromarray(np.kron(UPRIGHT[1], np.full((16, 16), 40)).astype(np.uint8))
    how = {"tiffinfo": {274: orientation}} if kind == "TIFF" else {"exif": exif(orientation)}
    photo = decode_photo(encode(stored, kind, **how))
    centres = np.asarray(photo.convert("L"))[8::16, 8::16]
    assert np.rint(centres / 40).tolist() == UPRIGHT[orientation]
    assert not photo.info
    assert not photo.getexif()


def test_orientation_after_the_pixels_of_a_png():
    data = png(2, 1, idat(b"\1\2"), chunk(b"eXIf", exif(3)[6:]), colour=0)
    assert greys(data) == [[2, 1]]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_several(kind):
    red, blue = Image.new("RGB", (4, 4), (255, 0, 0)), Image.new("RGB", (4, 4), (0, 0, 255))
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encode(red, kind, save_all=True, append_images=[blue], **options)
    assert Image.open(io.BytesIO(data)).n_frames == 2
    assert decode_photo(data).getpixel((2, 2)) == (255, 0, 0)


def palette_image():
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 200, 250, 0, 0])
    image.putpixel((1, 0), 1)
    return image


@pytest.mark.parametrize(
    ("data", "pixels"),
    [
        (encode(Image.new("RGBA", (1, 1), (255, 0, 0, 128)), "PNG"), [(255, 127, 127)]),
        (encode(Image.new("RGBA", (1, 1), (9, 9, 9, 0)), "TIFF"), [(255, 255, 255)]),
        (encode(Image.new("LA", (1, 1), (0, 51)), "PNG"), [(204, 204, 204)]),
        (encode(palette_image(), "PNG"), [(0, 0, 200), (250, 0, 0)]),
        (encode(palette_image(), "PNG", transparency=1), [(0, 0, 200), (255, 255, 255)]),
        (encode(palette_image(), "GIF", transparency=0), [(255, 255, 255), (250, 0, 0)]),
        (encode(palette_image(), "PNG", transparency=b"\x33\xff"), [(204, 204, 244), (250, 0, 0)]),
        (encode(palette_image().convert("PA"), "TIFF"), [(0, 0, 200), (250, 0, 0)]),
        (encode(values([7, 8]), "PNG", transparency=8), [(7, 7, 7), (255, 255, 255)]),
        (encode(values([[1, 2, 3]]), "PNG", transparency=(1, 2, 3)), [(255, 255, 255)]),
        (encode(values([0, 65535], dtype=np.uint16), "PNG", transparency=0), [(255,) * 3] * 2),
        (encode(Image.new("1", (1, 1)), "PNG", transparency=0), [(255, 255, 255)]),
        (encode(Image.new("1", (1, 1), 1), "PNG"), [(255, 255, 255)]),
        (encode(Image.new("CMYK", (1, 1), (51, 0, 102, 51)), "TIFF"), [(163, 204, 122)]),
        (encode(Image.new("L", (1, 1), 77), "BMP"), [(77, 77, 77)]),
        # 16 bits a channel and one of its colours that stands for nothing: eight bits cannot tell
        (
            png(1, 1, chunk(b"tRNS", b"\x12\x34" * 3), idat(b"\x12\x34" * 3), depth=16),
            [(18, 18, 18)],
        ),
    ],
)
def test_colours_and_transparency_over_white(data, pixels):
    photo = decode_photo(data)
    assert photo.mode == "RGB"
    assert [photo.getpixel((x, 0)) for x in range(photo.width)] == pixels


DEEP, BYTES = (0, 128, 129, 257, 32768, 65535), [0, 0, 1, 1, 128, 255]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (encode(values(DEEP, dtype=np.uint16), "PNG"), BYTES),
        (grey_tiff(6, 16, 1, struct.pack("<6H", *DEEP)), BYTES),
        (grey_tiff(6, 16, 1, struct.pack(">6H", *DEEP), ">"), BYTES),
        (grey_tiff(4, 12, 1, b"\x00\x0f\xff\x80\x00\x10"), [0, 255, 128, 1]),
        (grey_tiff(3, 16, 2, struct.pack("<3h", -100, 0, 300)), [0, 64, 255]),
        (grey_tiff(3, 32, 2, struct.pack("<3i", -(2**31), 0, 2**31 - 1)), [0, 128, 255]),
        (grey_tiff(4, 32, 3, struct.pack("<4f", -1, 0, 1, 3)), [0, 64, 128, 255]),
        (grey_tiff(4, 32, 3, struct.pack("<4f", 0, -3e38, 3e38, 1)), [128, 0, 255, 128]),
        (grey_tiff(2, 32, 3, struct.pack("<2f", 5, 5)), [0, 0]),
        (
            grey_tiff(5, 32, 3, struct.pack("<5f", *map(float, ("nan", "-inf", 0, 1, "inf")))),
            [0, 0, 0, 255, 255],
        ),
        (grey_tiff(2, 32, 3, b"\1\0\xa0\x7f" + struct.pack("<f", float("inf"))), [0, 0]),
    ],
)
def test_deep_greys(data, row):
    assert greys(data) == [row]


def test_thin_pictures_are_fine_and_threads_are_not():
    photo = decode_photo(encode(Image.new("L", (50, 1), 5), "PNG"))
    assert (photo.size, photo.getpixel((49, 0))) == ((50, 1), (5, 5, 5))
    with pytest.raises(UserError, match=r"too thin \(1 × 51 pixels\): cut it to a shape"):
        decode_photo(encode(Image.new("L", (1, 51), 5), "PNG"))


# Files that are no pictures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"empty \(0 bytes\): " + ACCEPTED),
        (b"Dear network,\n", "not a picture that can be read here: " + ACCEPTED),
        (b"<!doctype html><html><svg></svg></html>", ACCEPTED),
        (b"%PDF-1.7", ACCEPTED),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", ACCEPTED),
        (b"II+\0\x08\0\0\0" + bytes(16), ACCEPTED),  # BigTIFF
        (bytes(1000), ACCEPTED),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing.*export it as a PNG"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<SVG>', "SVG drawing"),
        (bytes(21_000_000), "is 21.0 MB and the limit is 20 MB"),
        (b"BM", DAMAGED),
        (b"\x89PNG\r\n\x1a\n\0", DAMAGED),
        (encode(Image.new("RGB", (9, 9)), "JPEG")[:9], DAMAGED),
        (png(0, 5, idat(b"")), DAMAGED),
        (png(1, 1, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000)))), DAMAGED),
        (png(1, 1, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2_000_000)))), DAMAGED),
        (grey_tiff(1, 64, 1, bytes(8)), DAMAGED),
    ],
)
def test_each_bad_file_has_its_sentence(data, sentence):
    with pytest.raises(UserError, match=sentence):
        decode_photo(data)


@pytest.mark.parametrize("kind", FORMATS)
def test_truncated_pictures(kind):
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(Image.fromarray(noise), kind)
    assert decode_photo(data).size == (64, 64)
    for part in (0.3, 0.6, 0.9):
        with pytest.raises(UserError, match=DAMAGED):
            decode_photo(data[: int(part * len(data))])


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def test_heic_without_its_plugin(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(
        UserError, match=r"HEIC picture.*install it or export the picture as a JPEG"
    ):
        decode_photo(HEIC)


def test_heic_with_its_plugin_which_other_files_never_reach(monkeypatch):
    def register():
        file = io.BytesIO(encode(values([3, 4]), "PNG"))
        plugin = (lambda *_: PngImagePlugin.PngImageFile(file), lambda head: True)
        monkeypatch.setitem(Image.OPEN, "HEIF", plugin)

    fake = types.SimpleNamespace(register_heif_opener=register)
    monkeypatch.setitem(sys.modules, "pillow_heif", fake)
    avif = encode(Image.new("L", (8, 8)), "AVIF").replace(b"ftypavif", b"ftypmif1", 1)
    assert b"avif" in avif[:64]
    assert decode_photo(avif).size == (8, 8)
    assert "HEIF" not in Image.OPEN
    assert greys(HEIC) == [[3, 4]]


# Limits and damage --------------------------------------------------------------------------------


def test_the_limits_of_exact_and_reduced_reading(monkeypatch):
    monkeypatch.setattr(headers, "MAX_PIXELS", 400)
    monkeypatch.setattr(headers, "MAX_JPEG_PIXELS", 900)
    sizes = {20: (20, 20), 21: (11, 11), 30: (15, 15)}
    for side, size in sizes.items():
        assert decode_photo(encode(Image.new("RGB", (side, side)), "JPEG")).size == size
    assert decode_photo(encode(Image.new("L", (20, 20)), "PNG")).size == (20, 20)
    for side, kind, how in [(31, "JPEG", {}), (21, "JPEG", {"progressive": True}), (21, "PNG", {})]:
        with pytest.raises(UserError, match=rf"\({side} × {side} pixels\)"):
            decode_photo(encode(Image.new("L", (side, side)), kind, **how))


def test_damage_of_any_kind_gives_a_picture_or_a_sentence():
    chance = random.Random(0)
    noise = np.random.default_rng(2).integers(0, 256, (20, 24, 3), np.uint8)
    photo = Image.fromarray(noise)
    whole = [encode(photo, kind) for kind in FORMATS]
    whole += [encode(photo, "TIFF", compression=c) for c in ("tiff_lzw", "jpeg", "packbits")]
    whole += [
        encode(photo, "JPEG", exif=exif(6), progressive=True),
        encode(photo.quantize(9), "PNG"),
    ]
    outcomes = {"picture": 0, "sentence": 0}
    for turn in range(240):
        data = bytearray(whole[turn % len(whole)])
        for _ in range(chance.choice((1, 2, 8))):
            data[chance.randrange(min(chance.choice((60, 400, 9999)), len(data)))] = (
                chance.randrange(256)
            )
        if turn % 5 == 0:
            del data[chance.randrange(len(data)) :]
        try:
            assert decode_photo(bytes(data)).mode == "RGB"
            outcomes["picture"] += 1
        except UserError:
            outcomes["sentence"] += 1
    assert min(outcomes.values()) > 40, outcomes


def test_only_small_jpegs_and_pngs_are_light():
    small, large = Image.new("RGB", (600, 500)), Image.new("RGB", (601, 500))
    for kind in ("JPEG", "PNG"):
        assert is_light(encode(small, kind))
        assert not is_light(encode(large, kind))
    assert not is_light(encode(small, "WEBP"))
    assert not is_light(encode(small, "JPEG") + bytes(1_000_000))
    assert not any(is_light(data) for data in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(900, 450), (450, 900), (120, 60)])
def test_a_side_reduces_what_is_larger_and_leaves_what_is_smaller(kind: str, size: tuple[int, int]):
    across = np.linspace(0, 255, size[0])[None, :, None] * np.ones((size[1], 1, 3))
    data = encode(Image.fromarray(across.astype(np.uint8)), kind)
    photo, whole = decode_photo(data, 100), decode_photo(data)
    factor = min(1.0, 100 / min(size))
    assert photo.size == tuple(round(factor * edge) for edge in size)
    assert whole.size == size
    # A ramp stays the ramp, whatever reduced it: each pixel is the mean of those under it.
    (row,) = np.asarray(photo, float)[photo.height // 2 : photo.height // 2 + 1, :, 0]
    middles = (np.arange(photo.width) + 0.5) / photo.width * 255
    assert np.abs(row - middles)[2:-2].max() < 4
