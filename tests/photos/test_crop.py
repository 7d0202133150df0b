import numpy as np
import pytest
from PIL import Image
from timm.data import create_transform
from torchvision.transforms import CenterCrop, Compose, Grayscale, Pad, Resize

from seviz.photos.crop import crop_box, resized


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (64, 64), (231, 97)])
def test_the_box_holds_what_the_transform_lets_through(size):
    """Outside of the box, the photograph is red; of that, the network sees next to nothing."""
    see = create_transform((3, 64, 64), crop_pct=0.875, interpolation="bilinear", mean=0, std=1)
    box = crop_box(see, size)
    left, top, right, bottom = box
    assert 0 <= left < right <= size[0] + 1
    assert 0 <= top < bottom <= size[1] + 1
    assert (right - left) == pytest.approx(bottom - top, rel=0.02)
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[..., 0] = 255
    inside = np.s_[round(top) : round(bottom), round(left) : round(right)]
    pixels[inside] = (0, 0, 255)
    seen = see(Image.fromarray(pixels))
    assert float(seen[0, 3:-3, 3:-3].max()) < 0.05
    assert float(seen[2].mean()) > 0.9


def test_sides_of_their_own_are_height_and_width():
    see = Compose([Resize((100, 200)), CenterCrop((50, 80))])
    assert see(Image.new("RGB", (400, 300))).size == (80, 50)
    # A pixel of the 200×100 is 2 wide and 3 high in the photograph.
    assert crop_box(see, (400, 300)) == (60 * 2, 25 * 3, 140 * 2, 75 * 3)
    assert crop_box(Resize((100, 200)), (400, 300)) == (0, 0, 400, 300)


def test_one_side_in_a_list_is_the_shorter_one():
    see = Compose([Resize([100]), CenterCrop(50)])
    assert see(Image.new("RGB", (600, 300))).size == (50, 50)
    assert crop_box(see, (600, 300)) == (75 * 3, 25 * 3, 125 * 3, 75 * 3)


def test_another_step_is_not_guessed_at():
    train = create_transform((3, 64, 64), is_training=True)
    assert crop_box(train, (100, 100)) is None


def test_the_embedded_network_sees_the_middle_square(zoo):
    assert crop_box(zoo.get("embedded").transform, (200, 100)) == (50, 0, 150, 100)


def test_a_photograph_in_grey_is_cropped_like_one_in_colours():
    see = Compose([Grayscale(), Resize([100]), CenterCrop(50)])
    assert crop_box(see, (600, 300)) == (75 * 3, 25 * 3, 125 * 3, 75 * 3)


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (64, 64), (231, 97), (30, 41)])
@pytest.mark.parametrize("crop", [0.875, 1.0])
def test_the_transform_makes_the_same_of_a_resized_photograph(size, crop: float):
    see = create_transform((3, 64, 64), crop_pct=crop, interpolation="bicubic", mean=0.4, std=0.3)
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    photo = Image.fromarray(pixels)
    small = resized(see, photo)
    assert min(small.size) == int(64 / crop)
    assert see(small).equal(see(photo))
    box = crop_box(see, small.size)
    assert all(edge == round(edge) for edge in box)
    seen = np.asarray(small.crop(tuple(map(round, box))))
    np.testing.assert_allclose(
        see(small).numpy(), (seen / 255 - 0.4).transpose(2, 0, 1) / 0.3, atol=1e-6
    )


def test_a_grey_network_sees_the_same_of_a_resized_photograph():
    see = Compose([Grayscale(), *create_transform((3, 32, 32), mean=(0.5,), std=(0.5,)).transforms])
    pixels = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    photo = Image.fromarray(pixels)
    assert resized(see, photo).mode == "RGB"
    assert see(resized(see, photo)).equal(see(photo))


def test_what_is_not_known_to_be_a_crop_leaves_the_photograph():
    photo = Image.new("RGB", (50, 70))
    assert resized(Compose([Resize(20), Pad(3)]), photo) is photo
