import numpy as np
import pytest
from made_gates import Data, finish
from made_profile import made_block

from seviz.reference.selectivity import (
    class_selectivity,
    median_share_interval,
    neighbour_accuracy,
    shares,
    variance_parts,
)


def eta(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return var of class means / var of s, each class weighted by its images."""
    rows = rows.astype(np.float64)
    between = np.zeros(rows.shape[1])
    for k in np.unique(labels):
        of = rows[labels == k]
        between += len(of) * (of.mean(0) - rows.mean(0)) ** 2
    return between / len(rows) / rows.var(0)


def test_the_share_between_classes_is_numpys():
    data = Data(300)
    for name, block in finish(data.feed(data.indices, [7] * 40)).blocks.items():
        found = shares(block.s_within, block.s_between)
        np.testing.assert_allclose(found, eta(data.s[name], data.labels), rtol=1e-6)


def test_a_gate_that_never_changes_has_no_share():
    assert np.isnan(shares([0.0, 1.0], [0.0, 1.0])[0])
    assert shares([0.0, 1.0], [0.0, 1.0])[1] == 0.5


def test_class_selectivity_by_hand():
    means = np.float32([[0.9, 0.5, 0], [0.1, 0.5, 0], [np.nan] * 3, [0.3, 0.5, 0]])
    found = class_selectivity(means)
    np.testing.assert_allclose(found[:2], [(0.9 - 0.2) / (0.9 + 0.2), 0], rtol=1e-6)
    assert np.isnan(found[2])
    assert np.isnan(class_selectivity(means[:1])).all()


def test_the_interval_lies_around_the_share_and_narrows_with_more_images():
    data, widths = Data(2000), []
    rows = data.s["SE_2_2"]
    share = float(np.median(eta(rows, data.labels)))
    for step in (20, 1):
        low, high = median_share_interval(rows[::step], data.labels[::step], share, seed=0)
        assert low < share < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_interval_holds_the_share_of_most_samples():
    """The share of all images lies in the intervals around the shares of samples of them."""
    data = Data(6000)
    rows, labels = data.s["SE_2_2"], data.labels
    true, held = float(np.median(eta(rows, labels))), 0
    draws = np.random.default_rng(3)
    for seed in range(40):
        part = draws.permutation(len(rows))[:400]
        share = float(np.median(eta(rows[part], labels[part])))
        low, high = median_share_interval(rows[part], labels[part], share, seed=seed)
        held += low <= true <= high
    assert 34 <= held <= 40


def test_one_class_has_no_interval():
    assert np.isnan(median_share_interval(np.ones((5, 2)), np.zeros(5, int), 0.0, seed=0)).all()


def nearest_by_hand(rows: np.ndarray, labels: np.ndarray, k: int) -> float:
    """Let the k nearest vote; of classes with as many votes, the one with the nearer image wins."""
    right = 0
    for i, row in enumerate(rows.astype(np.float64)):
        distance = ((rows.astype(np.float64) - row) ** 2).sum(1)
        distance[i] = np.inf
        near = labels[np.argsort(distance, kind="stable")[:k]].tolist()
        best = max(dict.fromkeys(near), key=lambda label: (near.count(label), -near.index(label)))
        right += best == labels[i]
    return right / len(rows)


@pytest.mark.parametrize("k", [1, 4, 10])
def test_neighbours_vote_as_by_hand(k, monkeypatch):
    monkeypatch.setattr("seviz.reference.selectivity.ROWS", 64)
    data = Data(150)
    rows = data.s["SE_2_2"]
    assert neighbour_accuracy(rows, data.labels, k=k) == nearest_by_hand(rows, data.labels, k)


def test_too_few_images_or_classes_have_no_accuracy():
    assert np.isnan(neighbour_accuracy(np.ones((5, 2)), np.arange(5), k=5))
    assert np.isnan(neighbour_accuracy(np.ones((9, 2)), np.zeros(9, int), k=5))


@pytest.mark.parametrize("counts", [(7, 3, 5), (5, 0, 5)])
def test_parts_of_an_older_profile_are_those_of_its_class_means(counts: tuple[int, ...]):
    rng = np.random.default_rng(0)
    mean, std = (rng.random((3, 4)).astype(np.float32) for _ in range(2))
    mean[np.equal(counts, 0)] = std[np.equal(counts, 0)] = np.nan
    block = made_block(class_mean=mean, class_std=std)
    within, between = variance_parts(block, counts)
    weights = np.array(counts)[:, None] / sum(counts)
    known = [np.nan_to_num(values.astype(np.float64)) for values in (mean, std)]
    overall = (weights * known[0]).sum(0)
    np.testing.assert_allclose(within, (weights * known[1] ** 2).sum(0), rtol=1e-12)
    np.testing.assert_allclose(between, (weights * (known[0] - overall) ** 2).sum(0), rtol=1e-12)


def test_parts_that_a_profile_has_are_taken_as_they_are():
    block = made_block(s_within=np.float32([1, 2]), s_between=np.float32([3, 4]))
    within, between = variance_parts(block, (5, 0, 5))
    assert (within.tolist(), between.tolist()) == ([1, 2], [3, 4])
