import numpy as np
import pytest
from made_gates import CHANNELS, CLASSES, Data, finish

from seviz.reference.accumulator import Accumulator


def equal(one: Accumulator, other: Accumulator) -> None:
    a, b = one.arrays(), other.arrays()
    assert a.keys() == b.keys()
    for name, array in a.items():
        np.testing.assert_array_equal(array, b[name], err_msg=name)


def test_what_is_restored_goes_on_bit_by_bit():
    data = Data(300)
    whole = data.feed(data.indices, [100, 100], sampled=50)
    half = data.feed(data.indices[:100], [], sampled=50)
    again = Accumulator(CHANNELS, CLASSES, sampled=50)
    again.restore({name: array.copy() for name, array in half.arrays().items()})
    equal(again, half)
    for part in (data.indices[100:200], data.indices[200:]):
        z, s = ({n: v[part] for n, v in group.items()} for group in (data.z, data.s))
        again.update(data.indices[part], data.labels[part], z=z, s=s)
    equal(again, whole)
    assert again.images == 300


def test_names_are_kept_of_images_that_are_needed_and_of_no_others(monkeypatch):
    monkeypatch.setattr("seviz.reference.accumulator.SPARE", 1)
    data = Data(3000)
    accumulator = data.feed(data.indices, [100] * 30, sampled=20)
    assert len(accumulator._known) <= 20 + 2 * 16 * sum(CHANNELS.values()) + 100
    found = accumulator.profiled_images(finish(accumulator))
    gates = data.s["SE_2_1"][:, 0]
    assert found.largest("SE_2_1", 0)[0].name == str(int(gates.argmax()))


def test_names_may_hold_anything():
    accumulator = Accumulator({"SE": 1}, ("a",))
    ones = {"SE": np.ones((2, 1), np.float32)}
    accumulator.update([0, 1], [0, 0], z=ones, s=ones, names=["two\nlines", "größer"])
    again = Accumulator({"SE": 1}, ("a",))
    again.restore(accumulator.arrays())
    names = again.profiled_images(finish(again)).names
    assert names == (r"two\nlines", "größer")


def test_class_means_of_z_are_numpys():
    data = Data(300)
    for name, block in finish(data.feed(data.indices, [7] * 40)).blocks.items():
        means = [data.z[name][data.labels == k].astype(np.float64).mean(0) for k in range(3)]
        np.testing.assert_allclose(block.z_class_mean, means, rtol=1e-6)


def test_another_kind_cant_be_restored():
    data = Data(10)
    with pytest.raises((KeyError, ValueError)):
        Accumulator({"SE_9": 3}, CLASSES).restore(data.feed(data.indices, []).arrays())
