import numpy as np
import torch

from seviz.measuring.halves import OfHalf, choosing_half
from seviz.photos.batch import Batch


class Names:
    """Gathers the names, labels and pixels of images."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int, float]] = []

    def facts(self):
        return {"names": True}

    def ask(self, batch: Batch):
        return batch.x.flatten().tolist()

    def add(self, batch: Batch, found) -> None:
        self.found += zip(batch.names, batch.labels.tolist(), found, strict=True)

    def arrays(self):
        return {"count": np.array([len(self.found)])}

    def merge(self, arrays) -> None:
        self.found += [("other", 0, 0.0)] * int(arrays["count"][0])


def gathered(choosing: bool) -> Names:
    names = Names()
    half = OfHalf(names, choosing=choosing)
    for start in range(0, 40, 4):
        indices = torch.arange(start, start + 4)
        batch = Batch(
            indices[:, None].float(), indices * 2, indices, list(map(str, indices.tolist()))
        )
        half.add(batch, half.ask(batch))
    return names


def test_each_image_is_in_one_half_with_all_that_is_its_own():
    chosen, others = gathered(True).found, gathered(False).found
    assert sorted(int(name) for name, *_ in chosen + others) == list(range(40))
    assert all((int(name) * 2, float(name)) == (label, x) for name, label, x in chosen + others)
    assert [int(name) for name, *_ in chosen] == np.flatnonzero(
        choosing_half(np.arange(40))
    ).tolist()
    assert min(len(chosen), len(others)) > 10


def test_a_batch_without_images_of_the_half_is_passed_over():
    index = int(np.flatnonzero(choosing_half(np.arange(9)))[0])
    names = Names()
    half = OfHalf(names, choosing=False)
    batch = Batch(torch.zeros(1, 1), torch.zeros(1).long(), torch.tensor([index]), ["a"])
    assert half.ask(batch) is None
    half.add(batch, None)
    assert names.found == []


def test_parts_are_those_of_what_is_gathered_and_the_halves_are_told_apart():
    names = Names()
    half = OfHalf(names, choosing=True)
    half.merge({"count": np.array([2])})
    assert (len(names.found), half.arrays()["count"].tolist()) == (2, [2])
    facts = [OfHalf(names, choosing=of).facts() for of in (True, False)]
    assert facts[0] != facts[1]
    assert all(of["names"] for of in facts)


def test_halves_are_fixed_and_about_equal():
    indices = np.arange(10_000)
    chosen = choosing_half(indices)
    assert 4_800 < chosen.sum() < 5_200
    assert (choosing_half(indices[::-1]) == chosen[::-1]).all()
