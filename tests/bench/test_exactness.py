"""The comparison finds what is wrong, each in its place."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from networks import awake, randn

from seviz.bench.exactness import deviation, deviations, smallest_move
from seviz.gates import rules
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

IMAGES = randn(2, 3, 64, 64)


@pytest.fixture
def pair() -> tuple[LoadedModel, torch.nn.Module]:
    """A small network with a probe, and the same one without."""
    bare = awake("legacy_seresnet18", num_classes=5, seed=1).requires_grad_(False)
    return replace(prepare(wrap("net", bare)), input_size=(3, 64, 64)), bare


def largest(loaded: LoadedModel, bare: torch.nn.Module) -> dict[str, float]:
    found: dict[str, float] = {}
    for what, value in deviations(loaded, bare, IMAGES):
        found[what] = max(value, found.get(what, 0.0))
    return found


def test_a_network_that_seviz_knows_is_exact_in_all_that_is_compared(pair):
    before = deepcopy(pair[1]).state_dict()
    found = largest(*pair)
    arms = ["intact", "all=0.5", "all*=0.5", "uniform", "shuffle@1", "static"]
    places = ["layer3.0.se_module[0:2]=0", "layer4.1.se_module[0:2]=0"]
    assert set(found) == {*arms, *places, "z", "s", "identity", "necessity", "gradcam"}
    assert max(found.values()) < 1e-4
    after = pair[1].state_dict()
    assert list(before) == list(after)  # all modules are back in their places


def test_gates_that_are_edited_otherwise_are_found(pair, monkeypatch):
    original = rules._apply

    def wrong(rule, s, recorded):
        return original(rule, s, recorded) * (1.1 if rule.name == "uniform" else 1)

    monkeypatch.setattr(rules, "_apply", wrong)
    found = largest(*pair)
    assert {what for what, value in found.items() if value > 1e-3} == {"uniform", "s", "z"}


def test_another_network_is_not_the_same_in_anything(pair):
    other = awake("legacy_seresnet18", num_classes=5, seed=2).requires_grad_(False)
    found = largest(pair[0], other)
    assert min(found[what] for what in ("z", "s", "identity", "necessity", "gradcam")) > 1e-2


def test_a_deviation_is_a_share_of_the_largest_value():
    assert deviation([1.0, 2.5], [1.0, 2.0]) == 0.25
    assert deviation([0.0, 0.5], [0.0, 0.0], least=1) == 0.5
    assert deviation(torch.zeros(3), np.zeros(3)) == 0
    for odd in ([1.0], [1.0, float("nan")], [1.0, float("inf")]):
        assert deviation(odd, [1.0, 2.0]) == float("inf")
    assert deviation([1.0, 2.0], [1.0, float("nan")]) == float("inf")


def test_how_far_gates_move_is_told_of_the_stillest_block(pair):
    loaded, bare = pair
    assert smallest_move(loaded, bare, IMAGES) > 1e-3
    assert smallest_move(loaded, bare, IMAGES[:1].repeat(2, 1, 1, 1)) == 0
    bare.layer4[1].se_module.fc1.weight.zero_()
    assert smallest_move(loaded, bare, IMAGES) == 0
