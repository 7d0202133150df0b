import pytest
from networks import randn
from odd_blocks import Functional, HardSigmoid, Inline, InSequential, Normed, network, shared
from torch import nn

from seviz.gates.sites import search
from seviz.records.sites import Places

X = randn(1, 3, 12, 12)


def places(model):
    return search(model, example=X, thorough=True).blocks[0].places


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            Normed,
            Places(
                "layer1.0", "layer1.0.a", "layer1.0.r", "layer1.0.b", "layer1.0.g", "layer1.0.g"
            ),
        ),
        (
            InSequential,
            Places(
                *("layer1.0.w", "layer1.0.w.1", "layer1.0.w.2"),
                *("layer1.0.w.3", "layer1.0.w.4", "layer1.0.w.4"),
            ),
        ),
        (
            HardSigmoid,
            Places(
                *("layer1.0", "layer1.0.a", "layer1.0:mul#0"),
                *("layer1.0.b", "layer1.0:add#0", "layer1.0:truediv#0"),
                function="hardsigmoid",
            ),
        ),
        (
            Inline,
            Places(
                *("layer1.0:avg_pool2d#0", "layer1.0.a", "layer1.0:relu#1"),
                *("layer1.0.b", "layer1.0:sigmoid#0", "layer1.0:sigmoid#0"),
                function="sigmoid",
            ),
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_place_is_a_module_or_the_call_of_a_function(kind, expected):
    found = places(network(kind))
    if kind is HardSigmoid:  # how torch names a division differs between its versions
        assert found.gate.startswith("layer1.0:")
        expected = Places(**{**vars(expected), "gate": found.gate})
    assert found == expected


def test_a_module_that_a_block_uses_twice_is_no_place():
    class OneSigmoid(Normed):
        def __init__(self):
            super().__init__()
            self.r = self.g  # δ and σ are one module

    assert places(network(OneSigmoid)).gate == "layer1.0:sigmoid#1"


def test_the_uses_of_a_shared_block_have_the_same_places():
    blocks = search(shared(Functional), example=X, thorough=True).blocks
    assert [block.site.use for block in blocks] == [0, 1]
    assert len({block.places for block in blocks}) == 1


def test_a_network_that_is_one_block_has_places_without_a_path():
    class Whole(Functional):
        def forward(self, x):
            return super().forward(nn.functional.pad(x, (0, 0, 0, 0, 0, 5)))

    found = search(
        network(nn.Identity).layer1.append(Whole()), example=randn(1, 3, 4, 4), thorough=True
    )
    assert found.blocks[0].places.first == "1.a"
