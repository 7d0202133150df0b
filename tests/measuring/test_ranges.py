from pathlib import Path

import numpy as np
import pytest
import torch
from folders import class_folders
from networks import awake

from seviz.errors import UserError
from seviz.measuring import ranges as module
from seviz.measuring.ranges import KINDS, RangeGathering, measure_ranges
from seviz.photos.loader import Loader
from seviz.photos.sources import Reading
from seviz.reference.streams import hashes
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

READING = Reading(labels=False)


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_se")))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, ["a", "b"], train=0, val=5)
    return root


@pytest.fixture(scope="module")
def found(network: LoadedModel, data: Path):
    return measure_ranges(network, READING.open(data), data="d", loaders=1, quiet=True)


@pytest.fixture(scope="module")
def features(network: LoadedModel, data: Path) -> dict[str, dict[str, np.ndarray]]:
    """Run each image alone, with hooks of this test's own: s, U and s·U, N×C×positions."""
    kept: dict[str, dict[str, list]] = {kind: {} for kind in KINDS}

    def keep(site):
        def hook(block, inputs, output) -> None:
            u = inputs[0].double().flatten(2)
            gate = module_gates[site.name].double().flatten(2)
            values = (gate, u, output.double().flatten(2))
            for kind, value in zip(KINDS, values, strict=True):
                kept[kind].setdefault(site.name, []).append(value[0].numpy())

        return hook

    module_gates: dict[str, torch.Tensor] = {}
    handles = []
    for site in network.probe.sites:
        gate = network.model.get_submodule(network.probe.places[site.name].gate)
        handles.append(
            gate.register_forward_hook(
                lambda _, __, out, name=site.name: module_gates.__setitem__(name, out)
            )
        )
        block = network.model.get_submodule(site.path)
        handles.append(block.register_forward_hook(keep(site)))
    with torch.no_grad():
        for batch in Loader(READING.open(data), network.transform, 4, loaders=1):
            for x in batch.x:
                network.model(x[None])
    for handle in handles:
        handle.remove()
    return {
        kind: {name: np.stack(of) for name, of in by_site.items()} for kind, by_site in kept.items()
    }


def test_the_extents_are_those_of_all_images_and_positions(found, features):
    for kind, by_site in features.items():
        for name, values in by_site.items():
            extent = found.extents[kind][name]
            np.testing.assert_allclose(extent.low, values.min((0, 2)), rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(extent.high, values.max((0, 2)), rtol=1e-4, atol=1e-5)


def test_the_quantiles_are_of_one_position_of_each_image(found, network, features):
    images = 10
    drawn = [int(h) % 2**32 for h in hashes(np.arange(images))]
    assert (found.ranges.images, found.ranges.sampled) == (images, images)
    assert [of.site for of in found.ranges.blocks] == [site.name for site in network.probe.sites]
    for of in found.ranges.blocks:
        for got, kind in ((of.s, "s"), (of.after.quantiles, "after")):
            values = features[kind][of.site]
            picked = np.stack([values[i][:, h % values.shape[2]] for i, h in enumerate(drawn)])
            assert got[3] == pytest.approx(np.median(picked), rel=1e-4, abs=1e-5)
            assert got[-1] == pytest.approx(values.max(), rel=1e-5)
        assert of.channels == features["s"][of.site].shape[1]


def test_a_gate_narrows_channels_as_by_hand(found, features):
    for of in found.ranges.blocks:
        values = features["after"][of.site]
        step = np.abs(values).max() / (255 if values.min() >= 0 else 127)
        width = values.max((0, 2)) - values.min((0, 2))
        assert of.after.by_largest.narrow == pytest.approx((width / step < 16).mean(), abs=1e-9)
        assert of.loses == (of.after.by_largest.narrow >= 0.25)


def test_parts_merge_to_the_whole(monkeypatch, network, data, found):
    monkeypatch.setattr(module, "AT_ONCE", 3)
    halves = [RangeGathering(network), RangeGathering(network)]
    for i, batch in enumerate(Loader(READING.open(data), network.transform, 4, loaders=1)):
        halves[i % 2].add(batch, halves[i % 2].ask(batch))
    whole = RangeGathering(network)
    for half in halves:
        whole.merge(half.arrays())
    assert (whole.images, whole.sampled) == (10, 10)
    for ours, theirs in zip(whole.blocks(), found.ranges.blocks, strict=True):
        assert ours.after.quantiles == pytest.approx(theirs.after.quantiles, rel=1e-3, abs=1e-5)
        assert ours.s == pytest.approx(theirs.s, rel=1e-3, abs=1e-5)


def test_a_network_that_overflows_gets_a_sentence(data):
    model = awake("lab_resnet_se")
    next(model.parameters()).data.fill_(1e38)
    network = prepare(wrap("wild", model))
    with pytest.raises(UserError, match="overflows on some images, so it has no ranges"):
        measure_ranges(network, READING.open(data), data="d", loaders=1, quiet=True)


def test_without_images_there_are_no_ranges(network):
    with pytest.raises(UserError, match="There is no image to measure small on"):
        RangeGathering(network).blocks()
