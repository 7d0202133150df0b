import math

import pytest
import torch
from torch.nn.functional import interpolate

from seviz.training.augment import Draws, Strength, draw, vary
from seviz.training.decoded import normalise

PIXELS = torch.randint(
    0, 256, (6, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
)
NONE = Strength(crop=1.0)
ALL = Strength(crop=0.35, close=0.3, colour=0.4, turn=0.2)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def one(rows: list[list[float]], count: int = 1) -> Draws:
    """The same map of coordinates for all images, and colours as they are."""
    colours = draw(count, NONE, seeded()).colours
    return Draws(torch.tensor([rows]).expand(count, 2, 3), colours)


def test_without_strength_an_image_stays_or_is_mirrored_and_is_normalised_as_everywhere():
    found = vary(PIXELS, draw(6, NONE, seeded()), 64)
    plain, mirrored = normalise(PIXELS), normalise(PIXELS.flip(3))
    which = [
        torch.allclose(image, as_it_is, atol=1e-4) or torch.allclose(image, turned, atol=1e-4)
        for image, as_it_is, turned in zip(found, plain, mirrored, strict=True)
    ]
    assert which == [True] * 6
    assert not torch.allclose(found, plain, atol=1e-2)
    assert found.is_contiguous(memory_format=torch.channels_last)


def test_a_crop_is_the_enlarged_part_of_the_image():
    """Half the width and height, about the point a quarter from the left and the top."""
    found = vary(PIXELS[:1], one([[0.5, 0, -0.5], [0, 0.5, -0.5]]), 64)
    part = interpolate(PIXELS[:1, :, :33, :33].float(), (66, 66), mode="bilinear")[..., :64, :64]
    torch.testing.assert_close(found, normalise(part), atol=1e-4, rtol=0)


def test_a_smaller_picture_is_a_mean_of_its_pixels_not_a_choice_of_them():
    found = vary(PIXELS, one([[1.0, 0, 0], [0, 1.0, 0]], 6), 32)
    blocks = PIXELS.float().unflatten(3, (32, 2)).unflatten(2, (32, 2)).mean((3, 5))
    torch.testing.assert_close(found, normalise(blocks), atol=1e-4, rtol=0)


def test_crops_keep_the_share_of_the_area_that_is_asked_for_and_stay_inside():
    drawn = draw(4000, Strength(crop=0.35, close=0.25), seeded())
    width, height = drawn.places[:, 0, 0].abs(), drawn.places[:, 1, 1]
    area = width * height
    assert area.min() >= 0.1 - 1e-5
    assert area.max() <= 1 + 1e-5
    close = (area < 0.33).float().mean().item()
    assert close == pytest.approx(0.25 * (0.33 - 0.1) / 0.9, abs=0.02)
    ratio = (width / height).log().abs()
    assert ratio.max() <= math.log(4 / 3) + 1e-5
    for size, centre in ((width, drawn.places[:, 0, 2]), (height, drawn.places[:, 1, 2])):
        assert (centre.abs() + size).max() <= 1 + 1e-5
    flipped = (drawn.places[:, 0, 0] < 0).float().mean().item()
    assert flipped == pytest.approx(0.5, abs=0.03)


def test_turned_and_sheared_images_keep_their_area():
    turned = draw(100, Strength(crop=0.35, turn=0.3), seeded()).places[:, :, :2]
    straight = draw(100, Strength(crop=0.35), seeded()).places[:, :, :2]
    torch.testing.assert_close(torch.linalg.det(turned), torch.linalg.det(straight))
    assert (turned[:, 1, 0].abs() > 0.05).any()


def test_colours_vary_about_themselves():
    grey = torch.full((500, 3, 64, 64), 128, dtype=torch.uint8)
    still = normalise(grey[:1])[0, :, 0, 0]
    drawn = draw(500, Strength(crop=1.0, colour=0.3), seeded())
    found = vary(grey, drawn, 64)[:, :, 0, 0]
    assert found.std(0).min() > 0.1
    torch.testing.assert_close(found.mean(0), still, atol=0.08, rtol=0)
    unchanged = draw(500, Strength(crop=1.0), seeded())
    torch.testing.assert_close(vary(grey[:2], unchanged[:2], 64)[0, :, 0, 0], still)


def test_less_saturation_brings_a_colour_to_its_grey():
    """With all other factors 1: the draws of brightness, contrast and hue are in the middle."""
    from seviz.training.augment import _colours

    chance = torch.full((6, 1), 0.5)
    chance[2] = 0.0  # the least saturation
    red = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    red[:, 0] = 200
    places = one([[1.0, 0, 0], [0, 1.0, 0]]).places
    found = vary(red, Draws(places, _colours(chance, Strength(colour=1.0))), 64)[0, :, 0, 0]
    luma = torch.full((1, 3, 64, 64), 0.299 * 200)
    torch.testing.assert_close(found, normalise(luma)[0, :, 0, 0], atol=1e-4, rtol=0)


def test_a_turned_hue_keeps_grey_and_the_sum_of_the_colours():
    from seviz.training.augment import _hue

    turned = _hue(torch.tensor([0.4]))[0]
    torch.testing.assert_close(turned @ torch.ones(3), torch.ones(3))
    torch.testing.assert_close((turned @ torch.tensor([1.0, 0, 0])).sum(), torch.tensor(1.0))
    torch.testing.assert_close(turned @ turned.T, torch.eye(3))


def test_draws_follow_from_the_seed_and_go_batch_by_batch():
    drawn, again = draw(6, ALL, seeded(3)), draw(6, ALL, seeded(3))
    assert torch.equal(drawn.places, again.places)
    whole = vary(PIXELS, drawn, 48)
    parts = torch.cat([vary(PIXELS[:2], drawn[:2], 48), vary(PIXELS[2:], drawn[2:], 48)])
    torch.testing.assert_close(parts, whole)
    assert not torch.equal(drawn.places, draw(6, ALL, seeded(4)).places)
    assert torch.isfinite(whole).all()
