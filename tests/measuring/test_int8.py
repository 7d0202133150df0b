import numpy as np
import pytest

from seviz.measuring.int8 import Extent, levels, noise_ratio, quantise, tensor_ranges


def extent(values: np.ndarray) -> Extent:
    return Extent(values.min(0).astype(np.float32), values.max(0).astype(np.float32))


def by_hand(values: np.ndarray, steps: list[float], low: int, high: int) -> np.ndarray:
    """Quantise value by value: the nearest integer within the ends, ties to even."""
    out = np.zeros_like(values)
    for row, of in enumerate(values):
        for channel, x in enumerate(of):
            integer = round(float(x) / steps[channel])
            out[row, channel] = min(max(integer, low), high) * steps[channel]
    return out


def decibels(values: np.ndarray, quantised: np.ndarray) -> float:
    noise = ((values - quantised) ** 2).sum()
    return float(10 * np.log10((values**2).sum() / noise))


# The second channel has a hundredth of the first one's range, the third is dead.
SIGNED = np.random.default_rng(0).normal(size=(400, 3)) * [1.0, 0.01, 0.0]


def test_the_scales_of_a_tensor_and_of_its_channels_by_hand():
    found = tensor_ranges(SIGNED, extent(SIGNED))
    largest = np.abs(SIGNED.astype(np.float32)).max(0).astype(np.float64)
    step = largest[0] / 127
    assert not found.unsigned
    assert found.by_largest.step == pytest.approx(step, rel=1e-12)
    whole = by_hand(SIGNED, [step] * 3, -128, 127)
    assert found.by_largest.noise_ratio == pytest.approx(decibels(SIGNED, whole), abs=1e-9)
    each = by_hand(SIGNED, [largest[0] / 127, largest[1] / 127, 1.0], -128, 127)
    assert found.channel_noise_ratio == pytest.approx(decibels(SIGNED, each), abs=1e-9)
    assert found.channel_noise_ratio > found.by_largest.noise_ratio
    assert (found.by_largest.clipped, found.by_largest.most_clipped) == (0, 0)
    # Of the two channels that vary, the second has some 3 of 256 steps.
    assert found.by_largest.narrow == 0.5
    assert found.spread == pytest.approx(largest[0] / largest[1], rel=1e-12)


def test_calibration_by_a_quantile_clips_what_is_beyond():
    found = tensor_ranges(SIGNED, extent(SIGNED)).by_quantile
    magnitude = np.sort(np.abs(SIGNED).ravel())
    place = 0.999 * (len(magnitude) - 1)
    below = int(place)
    end = magnitude[below] + (place - below) * (magnitude[below + 1] - magnitude[below])
    step = end / 127
    assert found.step == pytest.approx(step, rel=1e-12)
    integers = np.rint(SIGNED / step)
    beyond = (integers > 127) | (integers < -128)
    assert 0 < beyond.sum() < 5
    assert found.clipped == beyond.sum() / SIGNED.size
    assert found.most_clipped == beyond.sum() / len(SIGNED)  # all of them in the first channel
    quantised = by_hand(SIGNED, [step] * 3, -128, 127)
    assert found.noise_ratio == pytest.approx(decibels(SIGNED, quantised), abs=1e-9)


def test_values_of_one_sign_use_all_steps_from_zero_up():
    values = np.abs(SIGNED[:, :2])
    found = tensor_ranges(values, extent(values))
    step = float(values.astype(np.float32).max()) / 255
    assert found.unsigned
    assert found.by_largest.step == pytest.approx(step, rel=1e-12)
    whole = by_hand(values, [step] * 2, 0, 255)
    assert found.by_largest.noise_ratio == pytest.approx(decibels(values, whole), abs=1e-9)


@pytest.mark.parametrize(("width", "narrow"), [(15.9, 0.5), (16.1, 0.0)])
def test_a_channel_is_narrow_below_16_steps_of_the_tensors_scale(width: float, narrow: float):
    values = np.array([[-127.0, 100.0], [127.0, 100.0 + width]])
    found = tensor_ranges(values, extent(values))
    assert found.by_largest.step == 1.0
    assert found.by_largest.narrow == narrow


def test_the_largest_value_may_be_of_an_image_that_was_not_sampled():
    whole = Extent(np.float32([-2.0, -2.0]), np.float32([4.0, 2.0]))
    found = tensor_ranges(np.array([[1.0, 0.5], [0.25, -1.0]]), whole)
    assert found.by_largest.step == 4 / 127
    assert (found.quantiles[0], found.quantiles[-1]) == (-2.0, 4.0)
    assert found.quantiles[3] == 0.375


def test_the_levels_are_those_of_all_channels_together():
    values = np.arange(2001.0).reshape(-1, 1).repeat(2, 1)
    found = levels(values, extent(values))
    assert found == pytest.approx([0, 2, 20, 1000, 1980, 1998, 2000], abs=0.5)


def test_dead_tensors_have_no_ratio_and_lose_nothing():
    values = np.zeros((3, 2))
    found = tensor_ranges(values, extent(values))
    assert (found.spread, found.by_largest.noise_ratio, found.channel_noise_ratio) == (None,) * 3
    assert (found.by_largest.narrow, found.by_largest.clipped) == (0, 0)
    assert noise_ratio(np.ones(2), np.ones(2)) is None


def test_each_channel_can_have_its_own_step():
    values = np.array([[1.0, 1.0], [130.0, -130.0]])
    found = quantise(values, np.array([1.0, 2.0]), unsigned=False)
    assert found.tolist() == [[1.0, 0.0], [127.0, -130.0]]  # 0.5 goes to the even 0
