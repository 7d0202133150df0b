import numpy as np
import torch
from PIL import Image

from seviz.measuring.as_upload import AsPhotograph


def test_photographs_are_enlarged_and_read_as_uploads_are():
    seen: list[Image.Image] = []
    AsPhotograph(lambda image: seen.append(image) or torch.zeros(1))(
        Image.new("RGB", (64, 32), "teal")
    )
    assert seen[0].size == (1000, 500)
    assert max(abs(a - b) for a, b in zip(seen[0].getpixel((9, 9)), (0, 128, 128), strict=True)) < 4


def test_the_shorter_side_is_500_pixels_and_what_sees_it_has_the_last_word():
    seen = []
    answer = torch.ones(2)
    as_photograph = AsPhotograph(lambda image: seen.append(image.size) or answer)
    assert as_photograph(Image.new("RGB", (40, 64))) is answer
    assert as_photograph(Image.new("RGB", (1000, 1000))) is answer
    assert seen == [(500, 800), (500, 500)]


def test_it_was_a_jpeg():
    pixels = np.random.default_rng(0).integers(0, 256, (50, 50, 3), np.uint8)
    noise = Image.fromarray(pixels)
    seen = []
    AsPhotograph(lambda image: seen.append(image) or torch.zeros(1))(noise)
    exact = noise.resize((500, 500), Image.Resampling.BICUBIC)
    assert seen[0].mode == "RGB"
    assert seen[0].tobytes() != exact.tobytes()  # its finest detail is gone
