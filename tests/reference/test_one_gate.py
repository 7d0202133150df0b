from dataclasses import replace

import numpy as np
import pytest
from made_gates import Data, finish, levels
from made_profile import EVENLY, made_block

from seviz.reference.one_gate import (
    BINS,
    correlations,
    histogram,
    open_and_shut,
    ranked_classes,
)


@pytest.fixture(scope="module")
def data() -> Data:
    return Data(200)


def means(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.stack([values[labels == k].astype(np.float64).mean(0) for k in range(3)])


def test_classes_are_ranked_by_their_mean_gates(data):
    block = finish(data.feed(data.indices, [50] * 3)).blocks["SE_2_2"]
    of_classes = means(data.s["SE_2_2"], data.labels)
    for channel in range(5):
        expected = np.argsort(-of_classes[:, channel]).tolist()
        assert ranked_classes(block, channel).tolist() == expected


def test_a_class_without_images_is_not_ranked():
    assert ranked_classes(made_block(), 0).tolist() == [0, 2]


def test_the_correlation_over_class_means_is_numpys(data):
    for name, block in finish(data.feed(data.indices, [50] * 3)).blocks.items():
        z, s = means(data.z[name], data.labels), means(data.s[name], data.labels)
        expected = [np.corrcoef(z[:, c], s[:, c])[0, 1] for c in range(s.shape[1])]
        np.testing.assert_allclose(correlations(block), expected, rtol=1e-3)


def test_a_correlation_needs_z_three_classes_and_values_that_differ():
    block = made_block()
    assert correlations(block) is None  # an older file
    two = replace(block, z_class_mean=block.class_mean)
    assert correlations(two) is None
    s = np.float32([[0.1, 0.5], [0.2, 0.5], [0.6, 0.5]])
    found = correlations(replace(block, class_mean=s, z_class_mean=-3 * s))
    np.testing.assert_allclose(found, [-1, np.nan])
    unsqueezed = replace(block, class_mean=s, z_class_mean=np.full_like(s, np.nan))
    assert np.isnan(correlations(unsqueezed)).all()


def test_open_and_shut_are_counted_in_the_sample_or_read_off_quantiles():
    gates = np.float32([0.01, 0.02, 0.5, 0.96, 0.5, -0.01, -0.5, 0.3])
    assert open_and_shut(levels(gates), gates) == (1 / 8, 3 / 8)
    assert open_and_shut(EVENLY.astype(np.float32), None) == pytest.approx((0.05, 0.05))
    assert open_and_shut(np.full(33, 0.5, np.float32), None) == (0, 0)
    assert open_and_shut(np.ones(33, np.float32), np.zeros(0, np.float32)) == (1, 0)


def test_the_histogram_counts_every_sampled_image_once(data):
    gates = data.s["SE_2_1"][:, 1]
    found = histogram(gates)
    assert sum(found.counts) == 200
    assert len(found.edges) == len(found.counts) + 1 == int(np.sqrt(200)) + 1
    for low, high, count in zip(found.edges[:-1], found.edges[1:], found.counts, strict=True):
        last = high == found.edges[-1]
        inside = (gates >= low) & ((gates <= high) if last else (gates < high))
        assert count == inside.sum()
    assert len(histogram(np.ones(5000, np.float32)).counts) == BINS
    assert histogram(np.float32([0.5])).counts == (1,)
