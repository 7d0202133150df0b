"""Where the parts of a block are that its class names."""

import pytest
import torch
from networks import randn
from odd_blocks import Functional, OfOthers, OneProjection, Parameters, network
from torch import nn

from seviz.errors import UserError
from seviz.gates import kinds
from seviz.gates.kinds import register
from seviz.gates.parts import place_of_part
from seviz.gates.probe import Probe
from seviz.gates.sites import search

X = randn(1, 3, 12, 12)


@pytest.fixture(autouse=True)
def _nothing_stays_registered(monkeypatch):
    monkeypatch.setattr(kinds, "REGISTERED", {})


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("a", "layer1.0.a"),
        ("sigmoid", "layer1.0:sigmoid#0"),
        ("relu#2", "layer1.0:relu#2"),
        ("rdiv", "layer1.0:rdiv#0"),
    ],
)
def test_a_part_is_a_module_or_the_call_of_a_function(part, place):
    assert place_of_part("layer1.0", Functional(), part) == place


def test_the_parts_of_a_whole_network_have_no_path_before_them():
    assert place_of_part("", Functional(), "a") == "a"
    assert place_of_part("", Functional(), "sigmoid") == ":sigmoid#0"


@pytest.mark.parametrize("part", ["fc1", "sigmoid#x", "sigmoid#-1"])
def test_a_part_that_a_class_lacks_is_told_with_those_that_it_has(part):
    register(OfOthers, first=part, second="b", gate="sigmoid")
    with pytest.raises(UserError, match=rf"OfOthers has no part “{part}”.*parts are a and b\. Reg"):
        search(network(OfOthers))


def test_a_class_without_modules_is_told_so():
    with pytest.raises(UserError, match=r"Tanh has no part “fc1”.*; no part of it is a module\."):
        place_of_part("", nn.Tanh(), "fc1")


def test_a_tensor_is_no_part():
    register(Parameters, first="w1", second="w2", gate="exp")
    with pytest.raises(UserError, match=r"Parameters has a tensor as “w1”.*such as “matmul”"):
        search(network(Parameters), example=X)


def test_a_block_that_a_pass_does_not_call_is_told():
    class Around(nn.Module):
        def __init__(self):
            super().__init__()
            self.se = OneProjection()

        def forward(self, x):
            return x * torch.sigmoid(self.se.p(x.mean((2, 3))))[..., None, None]

    register(OneProjection, first="p", gate="sigmoid")
    with pytest.raises(UserError, match=r"never calls the module layer1\.0\.se, whose class OneP"):
        Probe(network(Around), X)
    sites = Probe(network(Around, OneProjection), X).sites  # another block of the class is called
    assert [site.path for site in sites] == ["layer1.0", "layer1.1"]
