import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from seviz.errors import UserError
from seviz.photos.listing import Member
from seviz.photos.stored import decode_stored, read_checked


def turned(side: int) -> bytes:
    """Return a JPEG that is twice as wide as it is high, and to be turned by its EXIF."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (2 * side, side)).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("side", [8, 500])  # decoded here, and in another process
def test_bytes_are_decoded_as_uploads_are(side: int):
    photo = decode_stored(turned(side))
    assert (photo.size, photo.mode) == ((side, 2 * side), "RGB")


def test_a_picture_becomes_upright_rgb():
    photo = decode_stored(Image.new("L", (4, 3), 7))
    assert (photo.mode, photo.getpixel((0, 0))) == ("RGB", (7, 7, 7))
    assert decode_stored(Image.open(io.BytesIO(turned(8)))).size == (8, 16)


@pytest.mark.parametrize("content", [b"", b"no picture", turned(8)[:200]])
def test_what_is_no_picture_gets_one_sentence(content: bytes):
    with pytest.raises(UserError):
        decode_stored(content)


def test_a_file_that_is_gone_gets_one_sentence(tmp_path: Path):
    with pytest.raises(UserError, match="cannot be read"):
        read_checked(Member(tmp_path, "0.png", "ant/0.png"))
