from dataclasses import replace

import pytest
from made_data_set import made_data_set

from seviz.answers.image_map import image_map
from seviz.records.image_map import GateDifference, ImageMap, Neighbours, Selections
from seviz.words.image_map import axes_words, depth_words, headline, selections_words


@pytest.fixture(scope="module")
def shown() -> ImageMap:
    _, profile, images = made_data_set()
    of = image_map(profile, images, "SE_2_1", method="pca", names={})
    found = (Neighbours("SE_2_1", 0.25), Neighbours("SE_2_2", 0.5))
    return replace(of, neighbours=found, chance=0.1, explained=(0.5, 0.25))


def test_the_headline_says_how_much_class_is_in_the_gates(shown):
    assert headline(shown) == (
        "60 images by the gates of SE_2_1: the nearest others are of an image’s own class 25 % of "
        "the time; by chance it would be 10 %."
    )
    nothing = tuple(replace(of, accuracy=None) for of in shown.neighbours)
    assert headline(replace(shown, neighbours=nothing)).endswith("without classes to tell apart.")


def test_the_axes_mean_what_the_method_makes_them(shown):
    assert "the 3 gates vary most: they hold 50 % and 25 %" in axes_words(shown)
    assert "mean nothing" in axes_words(replace(shown, explained=None))


def test_the_block_that_tells_most_is_named(shown):
    said = depth_words(replace(shown, note="A note."))
    assert said.startswith("The gates of SE_2_2 alone tell most: in 50 % of the images")
    assert said.endswith("A note.")
    nothing = tuple(replace(of, accuracy=None) for of in shown.neighbours)
    assert "can’t be measured" in depth_words(replace(shown, neighbours=nothing))


def test_gates_that_differ_much_are_counted():
    pairs = [(0.1, 0.9, None), (0.2, 0.9, -1.5), (0.5, 0.4, 0.8), (0.5, 0.4, 0.7), (0.5, 0.5, None)]
    found = Selections(
        "SE_2_1", 5, 1000, tuple(GateDifference(i, *of) for i, of in enumerate(pairs))
    )
    assert selections_words(found, "bee", "drawn") == (
        "3 of the 5 gates of SE_2_1 differ by 0.8 standard deviations or more between A (bee, 5 "
        "images) and B (drawn, 1,000 images). So few images differ as much in some gates by chance."
    )
    many = selections_words(replace(found, images_a=10), "bee", "drawn")
    assert many.endswith("B (drawn, 1,000 images).")
