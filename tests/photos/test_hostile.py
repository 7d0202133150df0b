"""Any bytes give a picture or a sentence, within five seconds."""

import struct

from hostile import tries
from hypothesis import given
from hypothesis import strategies as st
from image_files import encode, exif
from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo

PHOTO = Image.linear_gradient("L").resize((40, 30)).convert("RGB")
WHOLE = [encode(PHOTO, kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")]
WHOLE += [encode(PHOTO, "TIFF", compression=how) for how in ("tiff_lzw", "jpeg", "tiff_deflate")]
WHOLE += [
    encode(PHOTO, "JPEG", progressive=True, exif=exif(6)),
    encode(PHOTO, "PNG", save_all=True, append_images=[PHOTO.rotate(9)]),
    encode(PHOTO.convert("RGBA"), "WEBP", lossless=True, exif=exif(3), icc_profile=b"a" * 99),
    encode(PHOTO, "AVIF", exif=exif(8)),
]
HEADS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\1\0WEBPVP8X", b"GIF89a", b"BM"]
HEADS += [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1"]
HEADS += [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x14ftypmif1\0\0\0\0avif"]
EDGES = st.sampled_from([0, 1, 2, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])


def picture_or_sentence(data: bytes) -> None:
    try:
        photo = read_photo(data)
    except UserError as error:
        assert str(error).endswith(".")
    else:
        assert photo.mode == "RGB"


@tries(150)
@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_any_bytes_after_a_known_head(head: bytes, rest: bytes):
    picture_or_sentence(head + rest)


@tries(300)
@given(
    st.sampled_from(WHOLE), st.integers(0, 200), EDGES, st.sampled_from(["<H", ">H", "<I", ">I"])
)
def test_any_length_or_count_in_a_header(whole: bytes, at: int, value: int, form: str):
    number = struct.pack(form, value & 0xFFFF if form.endswith("H") else value)
    picture_or_sentence(whole[:at] + number + whole[at + len(number) :])


@tries(200)
@given(
    st.sampled_from(WHOLE),
    st.integers(0, 400),
    st.integers(1, 60),
    st.sampled_from([0, 2, 100, 40_000]),
)
def test_any_part_left_out_or_repeated(whole: bytes, at: int, length: int, times: int):
    picture_or_sentence(whole[:at] + whole[at : at + length] * times + whole[at + length :])


@tries(60)
@given(st.sampled_from(WHOLE), st.sampled_from(WHOLE), st.integers(0, 400), st.integers(0, 400))
def test_the_head_of_one_file_on_the_body_of_another(one: bytes, other: bytes, at: int, to: int):
    picture_or_sentence(one[:at] + other[to:])
