from copy import deepcopy
from pathlib import Path

import pytest
import torch
from folders import class_folders

from seviz.folding import compare
from seviz.folding.compare import accuracy, cost, latencies
from seviz.measuring.evaluate import ON_VAL
from seviz.photos.dataset import LabelledImages


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, ["ant", "bee", "cat"], train=1, val=4)
    return root


def test_what_the_blocks_cost_is_gone(loaded, folded):
    found = cost(loaded.model, folded.model, loaded.source)
    (before, after), (macs, fewer) = found.parameters, found.macs
    gone = sum(
        p.numel()
        for name in ("layer4.0.se", "layer4.1.se")
        for p in loaded.model.get_submodule(name).parameters()
    )
    assert before - after == gone
    assert macs - fewer == 4 * 512 * 32  # the two products of both blocks


def test_each_batch_is_timed_in_pairs_on_the_cpu(loaded, folded, monkeypatch):
    seconds = iter([(0.03, 0.06), *[(0.01, 0.02), (0.02, 0.06), (0.05, 0.04)]] * 2)
    asked = []

    def times_of(ours, theirs, pairs):
        asked.append(pairs)
        return [next(seconds) for _ in range(pairs)]

    monkeypatch.setattr(compare, "times_of", times_of)
    monkeypatch.setattr(compare, "PAIRS", {1: 3, 4: 9})
    monkeypatch.setattr(compare, "SECONDS", 0.1)
    first, second = latencies(loaded.model, folded.model, loaded.source, batches=[1, 4])
    assert asked == [1, 3, 1, 3]
    assert (first.device, first.batch, second.batch, first.pairs) == ("CPU", 1, 4, 3)
    assert first.milliseconds == (40.0, 20.0)
    assert first.ratio == 0.5


def test_real_times_are_positive(loaded, folded, monkeypatch):
    monkeypatch.setattr(compare, "PAIRS", {1: 3})
    (found,) = latencies(loaded.model, folded.model, loaded.source, batches=[1])
    assert min(found.milliseconds) > 0


def test_both_are_measured_on_the_same_images(loaded, folded, data: Path):
    found = accuracy(loaded.model, folded.model, loaded.source, data=data, reading=ON_VAL)
    images = LabelledImages(data, "val")
    x = torch.stack([loaded.transform(images.picture(i)[0]) for i in range(len(images))])
    labels = torch.tensor([images.picture(i)[1] for i in range(len(images))])
    with torch.inference_mode():
        best = [model(x).argmax(1) for model in (loaded.model, folded.model)]
    assert found.images == found.used.images == 12
    assert found.top1 == pytest.approx([float((b == labels).double().mean()) for b in best])
    assert found.agreement == pytest.approx(float((best[0] == best[1]).double().mean()))
    assert found.difference.mean == pytest.approx(found.top1[1] - found.top1[0])
    assert found.intervals[0][0] <= found.top1[0] <= found.intervals[0][1]


def test_one_with_other_classes_agrees_on_no_image(loaded, data: Path):
    other = deepcopy(loaded.model)
    for name, values in (("bias", other.fc.bias), ("weight", other.fc.weight)):
        setattr(other.fc, name, torch.nn.Parameter(values.roll(1, 0)))
    found = accuracy(loaded.model, other, loaded.source, data=data, reading=ON_VAL)
    assert found.agreement == 0
