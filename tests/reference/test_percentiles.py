import numpy as np
import pytest
from made_profile import EVENLY, made_block, made_profile

from seviz.reference.percentiles import nearest_classes, percentiles, percentiles_among

QUARTERS = np.float32([[0.0], [0.2], [0.2], [0.6], [1.0]])  # levels 0, 25, 50, 75, 100


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (-0.1, 0),
        (0.0, 0),
        (0.05, 6.25),  # a quarter of the way to the next level
        (0.2, 37.5),  # the middle of the two levels that it is
        (0.3, 56.25),
        (0.6, 75),
        (1.0, 100),
        (1.1, 100),
    ],
)
def test_a_value_is_placed_between_the_levels_around_it(value: float, place: float):
    assert percentiles_among(QUARTERS, np.float32([value]))[0] == pytest.approx(place, abs=1e-4)


@pytest.mark.parametrize(("value", "place"), [(0.0, 25), (0.5, 62.5), (1.0, 87.5)])
def test_levels_shared_at_the_ends_give_their_middle(value: float, place: float):
    quantiles = np.float32([[0.0], [0.0], [0.0], [1.0], [1.0]])
    assert percentiles_among(quantiles, [value])[0] == place


def test_a_channel_that_never_changes_stands_in_the_middle_or_at_an_end():
    got = [percentiles(made_block(), np.float32([0.25, s]))[1] for s in (0.4, 0.5, 0.6)]
    assert got == [0, 50, 100]


def test_each_channel_is_placed_among_its_own_quantiles():
    assert percentiles(made_block(), np.float32([0.25, 0.5])).tolist() == [25, 50]


def test_percentiles_are_ranks_among_many_images():
    gates = np.random.default_rng(0).random((4000, 3)).astype(np.float32) ** 2
    quantiles = np.quantile(gates, EVENLY, axis=0)
    ranks = 100 * (gates[:, None] < gates[:50]).mean(0)  # 50×3, counted
    got = np.stack([percentiles_among(quantiles, row) for row in gates[:50]])
    assert abs(got - ranks).max() < 1


def test_among_unknown_levels_the_place_is_unknown():
    assert np.isnan(percentiles_among(np.full((33, 1), np.nan, np.float32), [0.5])).all()


def likeness_to(means: list[list[float]], s: list[float], k: int = 9) -> list[tuple[str, float]]:
    """Ask for the classes nearest to gates, over a block whose mean gates are ½."""
    profile = made_profile(made_block(class_mean=np.float32(means)))
    return nearest_classes(profile, "SE_2_1", np.float32(s), k=k)


NAN = [float("nan")] * 2


def test_the_nearest_class_is_that_of_the_same_deviation_from_the_mean():
    means = [[0.7, 0.5], NAN, [0.6, 0.7]]  # d is (0, 0.2), the classes' are (0.2, 0), (0.1, 0.2)
    found = likeness_to(means, [0.5, 0.7])
    assert [name for name, _ in found] == ["cat", "ant"]  # and never the one without images
    by_hand = 2 * 0.04 / (0.04 + 0.05)
    assert [alike for _, alike in found] == pytest.approx([by_hand, 0], abs=1e-6)
    assert likeness_to(means, [0.5, 0.7], 1) == found[:1]


def test_gates_equal_to_a_classes_mean_are_as_like_it_as_can_be_and_the_opposite_as_unlike():
    found = likeness_to([[0.6, 0.6], NAN, [0.4, 0.4]], [0.6, 0.6])
    assert found == [("ant", pytest.approx(1)), ("cat", pytest.approx(-1))]


def test_of_classes_on_one_line_the_one_of_the_same_size_is_nearest():
    found = likeness_to([[1.0, 1.0], [0.6, 0.6], [0.7, 0.7]], [0.7, 0.7])
    assert [name for name, _ in found] == ["cat", "bee", "ant"]
    assert [alike for _, alike in found] == pytest.approx([1, 0.8, 0.2 / 0.29], abs=1e-6)


def test_channels_whose_classes_differ_by_rounding_only_have_no_say():
    gates = [0.6, 0.0]  # far from the mean, in the channel without a say
    found = likeness_to([[0.6, 0.5 + 1e-4], NAN, [0.4, 0.5 - 1e-4]], gates)
    assert found == [("ant", pytest.approx(1)), ("cat", pytest.approx(-1))]
    assert likeness_to([[0.5 + 1e-4] * 2] * 3, gates) == []


def test_the_mean_itself_is_near_no_class():
    assert likeness_to([[0.6, 0.5], NAN, [0.4, 0.5]], [0.5, 0.5]) == []
