import numpy as np
import pytest
import torch
from networks import awake, randn

from seviz.passes.capture import capture
from seviz.photos.batch import Batch
from seviz.reference.gathering import GateStatistics
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_stage3")))


def batch(start: int, count: int) -> Batch:
    places = torch.arange(start, start + count)
    return Batch(randn(count, 3, 64, 64, seed=start), places % 2, places, list(map(str, places)))


def test_parts_merge_to_the_whole(network):
    batches = [batch(0, 3), batch(3, 2)]
    whole, *parts = (GateStatistics(network, ["a", "b"]) for _ in range(3))
    for some, part in zip(batches, parts, strict=True):
        for gathering in (whole, part):
            gathering.add(some, gathering.ask(some))
    parts[1].merge(parts[0].arrays())
    facts = {"model": "small", "data": "made", "weights": None, "pixels": "", "unreadable": 0}
    one, other = (gathering.accumulator.finish(**facts) for gathering in (whole, parts[1]))
    assert (one.images, one.class_counts) == (other.images, other.class_counts) == (5, (3, 2))
    s = np.concatenate(
        [capture(network, some.x).s[network.probe.sites[0].name] for some in batches]
    )
    for found in (one, other):
        block = found.blocks[network.probe.sites[0].name]
        np.testing.assert_allclose(block.s_mean, s.mean(0), atol=1e-6)
    assert whole.facts() == {}
