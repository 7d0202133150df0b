from pathlib import Path

import pytest
import timm

from seviz.errors import UserError
from seviz.zoo.architecture import shapes
from seviz.zoo.counts import count_channels, count_classes

FILE = Path("mine.safetensors")


@pytest.fixture(scope="module")
def network():
    return timm.create_model("seresnet18", num_classes=7, device="meta")


def test_classes_are_the_rows_of_the_last_layer_or_what_the_architecture_has(network):
    theirs = shapes(network)
    assert count_classes(network, {**theirs, "fc.weight": (12, 512)}) == 12
    assert count_classes(network, {**theirs, "fc.weight": (12, 500)}) == 7
    assert count_classes(network, {}) == 7


def test_channels_are_those_of_the_first_convolution(network):
    theirs = shapes(network)
    assert count_channels(FILE, network, theirs) == 3
    grey = {**theirs, "conv1.weight": (64, 1, 7, 7)}
    assert count_channels(FILE, network, grey) == 1
    with pytest.raises(UserError, match=r"conv1 of mine.safetensors reads 4 channels"):
        count_channels(FILE, network, {**theirs, "conv1.weight": (64, 4, 7, 7)})
    assert count_channels(FILE, network, {**theirs, "conv1.weight": (32, 4, 3, 3)}) == 3
