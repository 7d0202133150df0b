from itertools import permutations

import numpy as np
import pytest
from made_gates import Data, finish, levels

from seviz.reference.streams import (
    LEVELS,
    PAIRS,
    Groups,
    Moments,
    Sample,
    hashes,
    pairs,
    sample_size,
)

SIZES = {"one by one": [1] * 20, "sevens": [7] * 90, "ragged": [256, 1, 7, 300]}
EMBEDDED = [64] * 3 + [192] * 4 + [384] * 6 + [896] * 3


def moments(values: np.ndarray, group: np.ndarray, sizes: list[int], groups: int = 3) -> Moments:
    streamed = Moments(groups, values.shape[1])
    for part in np.split(np.arange(len(values)), np.cumsum(sizes)):
        if len(part):
            streamed.add(Groups(group[part]), values[part])
    return streamed


def close_to_numpy(streamed: Moments, values: np.ndarray, group: np.ndarray, rtol: float) -> None:
    """Compare with NumPy's one-shot mean and population standard deviation in float64."""
    values = values.astype(np.float64)
    mean, std = streamed.overall()
    np.testing.assert_allclose(mean, values.mean(0), rtol=rtol)
    np.testing.assert_allclose(std, values.std(0), rtol=rtol)
    for k, (mean, std) in enumerate(zip(*streamed.by_group(), strict=True)):
        np.testing.assert_allclose(mean, values[group == k].mean(0), rtol=rtol)
        np.testing.assert_allclose(std, values[group == k].std(0), rtol=rtol)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("order", ["by class", "shuffled"])
def test_moments_are_numpys_on_ordered_shuffled_and_ragged_batches(sizes: list[int], order: str):
    data = Data(647)
    rows = data.indices if order == "by class" else np.random.default_rng(1).permutation(647)
    values, group = data.s["SE_2_2"][rows], data.labels[rows]
    close_to_numpy(moments(values, group, sizes), values, group, rtol=1e-12)


def test_moments_of_parts_merge_in_any_order_and_grouping():
    data = Data(200)
    values, group = data.z["SE_2_1"], data.labels
    bounds = [(0, 1), (1, 90), (90, 97), (97, 200)]  # in class order: most parts lack a class
    for order in permutations(bounds):
        a, b, c, d = (moments(values[i:j], group[i:j], [7, 7]) for i, j in order)
        a.merge(b)  # ((a b) (c d)), then one after the other
        c.merge(d)
        a.merge(c)
        close_to_numpy(a, values, group, rtol=1e-12)
        total = Moments(3, 3)
        for i, j in order:
            total.merge(moments(values[i:j], group[i:j], []))
        close_to_numpy(total, values, group, rtol=1e-12)


def test_moments_are_stable_far_from_zero():
    rng = np.random.default_rng(0)
    values, group = rng.normal(1e6, 1, (3000, 4)).astype(np.float32), rng.integers(0, 3, 3000)
    streamed = moments(values, group, [7] * 100)
    close_to_numpy(streamed, values, group, rtol=1e-10)
    squares = (values.astype(np.float64) ** 2).mean(0)
    textbook = squares - values.mean(0, np.float64) ** 2
    assert abs(textbook / streamed.overall()[1] ** 2 - 1).max() > 1e-6  # what it guards against


def test_a_class_of_one_image_has_no_deviation_and_one_of_none_has_no_figures():
    streamed = moments(np.float32([[1, 2], [3, 6], [9, 9]]), np.array([0, 0, 2]), [])
    mean, std = streamed.by_group()
    np.testing.assert_array_equal(mean, [[2, 4], [np.nan, np.nan], [9, 9]])
    np.testing.assert_array_equal(std, [[1, 2], [np.nan, np.nan], [0, 0]])
    np.testing.assert_allclose(streamed.overall()[0], [13 / 3, 17 / 3], rtol=1e-15)


def test_hashes_are_the_published_ones_of_splitmix64():
    assert [hex(h) for h in hashes(np.arange(3))] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def sample_of(values: np.ndarray, rows: np.ndarray, size: int) -> Sample:
    sample = Sample(size, values.shape[1])
    for part in np.array_split(rows, min(9, len(rows))):
        sample.add(part, values[part])
    return sample


def test_quantiles_of_no_more_rows_than_the_sample_holds_are_exact():
    values = Data(100).z["SE_2_2"]
    for size in (100, 4096):
        sample = sample_of(values, np.arange(100), size)
        assert len(sample) == 100
        np.testing.assert_array_equal(sample.quantiles(), levels(values))


def test_the_sample_holds_the_rows_of_least_hash_however_they_came():
    values = Data(1000).z["SE_2_2"]
    expected = values[np.argsort(hashes(np.arange(1000)))[:64]]
    shuffled = np.random.default_rng(2).permutation(1000)
    one, other = (sample_of(values, half, 64) for half in np.split(shuffled, [130]))
    other.merge(one)
    few, most = (sample_of(values, half, 64) for half in np.split(shuffled, [20]))
    few.merge(most)
    for sample in (sample_of(values, np.arange(1000), 64), other, few):
        np.testing.assert_array_equal(sample.rows(), expected)


def test_quantiles_of_a_sample_keep_their_bound_and_the_extremes_are_exact():
    values = np.random.default_rng(3).normal(size=(5000, 40)).astype(np.float32)
    quantiles = sample_of(values, np.arange(5000), 512).quantiles()
    np.testing.assert_array_equal(quantiles[[0, -1]], [values.min(0), values.max(0)])
    ranks = (values[:, None] <= quantiles).mean(0)  # LEVELS×C, of all rows
    bound = np.sqrt(np.log(2000) / (2 * 512))
    assert abs(ranks - np.arange(33)[:, None] / 32).max() < bound
    assert (np.diff(quantiles, axis=0) > 0).all()


def test_a_row_that_comes_twice_is_noticed():
    sample = sample_of(Data(20).z["SE_2_1"], np.arange(20), 64)
    with pytest.raises(ValueError, match="counted twice"):
        sample.add(np.array([7]), np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="counted twice"):
        sample.merge(sample)


@pytest.mark.parametrize(
    ("channels", "rows"), [(3, 4096), (sum(EMBEDDED), 2818), (15104, 1110), (10**6, 256)]
)
def test_a_sample_takes_128_mb_but_at_least_256_rows(channels: int, rows: int):
    assert sample_size(2 * channels) == rows


@pytest.mark.parametrize("rows", [2, 3, 8, 9, 91])
def test_few_rows_are_paired_each_with_each(rows: int):
    found = {
        frozenset(pair) for pair in zip(*(a.tolist() for a in pairs(rows, PAIRS)), strict=True)
    }
    assert found == {frozenset((i, j)) for i in range(rows) for j in range(i)}
    assert len(pairs(rows, PAIRS)[0]) == len(found)


def test_many_rows_are_paired_alike_often():
    one, other = pairs(100, 300)
    assert len({frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)}) == 300
    assert (one != other).all()
    assert (np.bincount(np.concatenate([one, other])) == 6).all()


def test_distances_are_those_of_all_pairs_of_gates_by_brute_force():
    data = Data(9)
    rows = data.s["SE_2_2"].astype(np.float64)
    cosine, difference = [], []
    for i in range(9):
        for j in range(i):
            a, b = rows[i], rows[j]
            cosine.append(1 - (a @ b) / np.sqrt((a @ a) * (b @ b)))
            difference.append(sum(abs(x - y) for x, y in zip(a, b, strict=True)) / 5)
    found = sample_of(data.s["SE_2_2"], data.indices, 9).distances()
    np.testing.assert_allclose(found[0], levels(np.array(cosine)), atol=1e-15)
    np.testing.assert_allclose(found[1], levels(np.array(difference)), rtol=1e-14)
    block = finish(data.feed(data.indices, [])).blocks["SE_2_2"]
    np.testing.assert_array_equal(block.cosine_quantiles, found[0].astype(np.float32))
    np.testing.assert_array_equal(block.difference_quantiles, found[1].astype(np.float32))


def test_distances_of_parallel_equal_and_shut_gates_are_defined():
    def median(rows: list[list[float]]) -> list[float]:
        values = np.array(rows, np.float32)
        return [float(q[LEVELS // 2]) for q in sample_of(values, np.arange(2), 2).distances()]

    assert median([[1, 1], [0.5, 0.5]]) == [0.0, 0.5]
    assert median([[1, 0], [0, 1]]) == pytest.approx([1, 1])
    assert median([[0, 0], [0, 0]]) == [0, 0]
    assert median([[0, 0], [1, 0]]) == [0.5, 0.5]
