import numpy as np

from seviz.reference.gather import reference, reference_images
from seviz.reference.opened import count_beyond, sample_size
from seviz.zoo.catalogue import find


def test_gates_beyond_99_of_100_images_are_counted_among_those_that_move():
    block, images = reference("embedded").blocks["SE_2_1"], reference_images("embedded")
    sample = images.blocks["SE_2_1"].sample.astype(float)
    live = block.s_std > 0.01
    s = np.quantile(sample, 0.99, axis=0).astype(np.float32) - 0.001
    s[np.flatnonzero(live)[:5]] += 0.002
    s[np.flatnonzero(~live)[:2]] += 0.002  # these stand still, and do not count
    assert count_beyond("embedded", "SE_2_1", s) == (int(live.sum()), 5)


def test_without_images_nothing_is_counted():
    key = find("seresnet50.a1_in1k").key
    assert count_beyond(key, "SE_2_1", np.zeros(3, np.float32)) == (None, None)
    assert sample_size(key) is None


def test_the_images_behind_percentiles_are_counted(monkeypatch):
    assert sample_size("embedded") == (len(reference_images("embedded").sample), 100_000)
    monkeypatch.setattr("seviz.reference.opened.reference_images", lambda _: None)
    assert sample_size("embedded") == (reference("embedded").sampled, 100_000)
