from copy import deepcopy

import torch
from networks import randn
from odd_blocks import CHANNELS, Functional, network, shared
from torch import nn

from seviz.gates.calls import Call
from seviz.gates.groups import as_gates, groups, modules_of
from seviz.gates.probe import Probe
from seviz.gates.sites import search
from seviz.records.arms import INTACT
from seviz.records.sites import Site

X = randn(1, 3, 12, 12)


def grouped(model: nn.Module):
    return groups(search(model, example=X, thorough=True).blocks)


def test_the_uses_of_one_block_are_one_group_and_other_blocks_their_own():
    assert [len(group.sites) for group in grouped(shared(Functional))] == [2]
    assert [len(group.sites) for group in grouped(network(Functional, Functional))] == [1, 1]


def test_the_modules_of_places_are_the_networks_or_stand_for_calls():
    model = network(Functional)
    (group,) = grouped(model)
    modules, handles = modules_of(model, [group], lambda: True)
    assert modules[group.places.first] is model.layer1[0].a
    assert isinstance(modules[group.places.gate], Call)
    assert len(handles) == 2
    for handle in handles:
        handle.remove()
    assert not model.layer1[0]._forward_hooks


def test_gates_of_any_arrangement_become_one_shape_and_gates_of_places_stay():
    site = Site("a", "a", None, None, 4, 2)
    for shape in ((2, 4), (2, 1, 4), (2, 1, 1, 4), (2, 4, 1, 1)):
        assert as_gates(torch.zeros(shape), site).shape == (2, 4, 1, 1)
    assert as_gates(torch.zeros(2, 4, 3, 3), site).shape == (2, 4, 3, 3)


def test_a_copy_of_a_hooked_network_is_heard_too():
    model = network(Functional)
    probe = Probe(model, X, thorough=True)
    kept = {id(t): t for t in model.parameters()}
    with torch.no_grad(), probe.ask([INTACT]) as captured:
        deepcopy(model, kept)(X)
    assert captured.s["SE_2_1"].shape == (1, CHANNELS)
