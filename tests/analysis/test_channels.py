from copy import deepcopy

import numpy as np
import pytest
import torch
from every_host import NETWORKS, written_out
from networks import awake

from seviz.analysis.channels import drivers, effects
from seviz.gates.grammar import parse_arms
from seviz.passes.forward import arm_logits, trace
from seviz.records.arms import INTACT
from seviz.records.target import Difference
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


@pytest.fixture(scope="module")
def image(small, photo) -> np.ndarray:
    return trace(small, photo, [INTACT]).image


def test_first_order_is_the_gate_times_the_logits_slope_by_it(small, image):
    found = effects(small, image)
    for name, channel in (("SE_2_1", 3), ("SE_4_6", 17), ("SE_5_3", 100)):
        arms = parse_arms(["intact", f"{name}[{channel}]*=1.01", f"{name}[{channel}]*=0.99"])
        logits = arm_logits(small, image, arms)[:, found.target.index].astype(np.float64)
        slope = (logits[1] - logits[2]) / 0.02  # by relative change: already times s
        assert found.first_order[name][channel] == pytest.approx(slope, rel=0.02, abs=2e-4)


def test_the_top_channels_are_the_largest_and_exact_by_zeroing(small, image):
    found = effects(small, image, top=4)
    everything = np.sort(np.abs(np.concatenate(list(found.first_order.values()))))[::-1]
    np.testing.assert_allclose([abs(e.first_order) for e in found.top], everything[:4])
    for effect in found.top:
        arms = parse_arms(["intact", f"{effect.site}[{effect.channel}]=0"])
        intact, zeroed = arm_logits(small, image, arms)[:, found.target.index]
        assert effect.exact == pytest.approx(intact - zeroed, abs=1e-5)


def test_a_target_may_be_any_class(small, image):
    found = effects(small, image, target=5)
    logits = arm_logits(small, image, [INTACT])
    assert found.target.index == 5
    assert found.target.logit == pytest.approx(logits[0, 5], abs=1e-5)


def test_asking_leaves_the_networks_parameters_without_gradients(small, image):
    effects(small, image)
    assert all(p.grad is None and not p.requires_grad for p in small.model.parameters())


@pytest.fixture(scope="module", params=["seresnet50_slim", "legacy_seresnet18", "efficientnet_b0"])
def network(request) -> LoadedModel:
    return prepare(wrap(request.param, awake(NETWORKS[request.param][0])))


def test_drivers_are_the_jacobian_of_the_written_out_gate(network):
    site = network.probe.sites[2]
    z = np.random.default_rng(3).uniform(0, 1, site.channels).astype(np.float32)
    found = drivers(network, site.name, z, channel=5)
    block = network.model.get_submodule(site.path)
    exact = torch.autograd.functional.jacobian(
        lambda x: written_out(block, x[None])[0, 5], torch.from_numpy(z)
    )
    np.testing.assert_allclose(found.jacobian, exact.numpy(), rtol=1e-5, atol=1e-7)
    step = 1e-3
    block64 = deepcopy(block).double()
    for j in (0, 7):
        nudged = torch.from_numpy(z).double().repeat(2, 1)
        nudged[0, j], nudged[1, j] = nudged[0, j] + step, nudged[1, j] - step
        up, down = written_out(block64, nudged)[:, 5]
        assert found.jacobian[j] == pytest.approx(float(up - down) / (2 * step), rel=1e-3, abs=1e-6)


def test_the_effects_on_a_difference_are_the_differences_of_the_effects(small, image):
    pair = effects(small, image, target=Difference(5, 2), top=2)
    first, second = (effects(small, image, target=of, top=0) for of in (5, 2))
    for name, of in pair.first_order.items():
        apart = first.first_order[name] - second.first_order[name]
        np.testing.assert_allclose(of, apart, atol=1e-5)
    effect = pair.top[0]
    arms = parse_arms(["intact", f"{effect.site}[{effect.channel}]=0"])
    intact, zeroed = (of[5] - of[2] for of in arm_logits(small, image, arms))
    assert effect.exact == pytest.approx(intact - zeroed, abs=1e-5)
