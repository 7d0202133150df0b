from copy import deepcopy

import pytest
import torch
from networks import awake, randn

from seviz.gates.probe import Probe
from seviz.records.arms import INTACT
from seviz.training.norms import add_gate_norms
from seviz.training.restart import SATURATED, STILL, restart_gates


def gates(model: torch.nn.Module, x: torch.Tensor) -> dict[str, torch.Tensor]:
    probe = Probe(model)
    with torch.inference_mode(), probe.ask([INTACT], [0] * len(x)) as captured:
        model(x)
    return captured.s


def moving() -> torch.nn.Module:
    """Make a network all of whose gates move, always the same."""
    made = awake("seresnet50_slim")
    for stage in (made.layer1, made.layer2, made.layer3, made.layer4):
        for block in stage:
            block.se.fc2.weight.data.mul_(20)
    return made


@pytest.fixture
def model() -> torch.nn.Module:
    """A network whose last block has its gates at 1, but for what the image changes in them."""
    made = moving()
    made.layer4[2].se.fc2.bias.data.fill_(30.0)
    return made


def test_gates_at_one_come_to_the_middle_and_the_answer_stays(model: torch.nn.Module):
    x = randn(16, 3, 64, 64)
    with torch.inference_mode():
        before = model(x)
    assert restart_gates(model, x) == ["SE_5_3"]
    with torch.inference_mode():
        after = model(x)
    assert (after - before).norm() / before.norm() < 0.1
    found = gates(model, x)
    assert found["SE_5_3"].mean().item() == pytest.approx(0.5, abs=0.05)
    assert found["SE_5_3"].std(0).mean() > 0


def test_other_gates_and_networks_without_any_are_left_alone(model: torch.nn.Module):
    x = randn(4, 3, 64, 64) * torch.tensor([0.25, 0.5, 1.0, 2.0]).view(4, 1, 1, 1)  # gates move
    kept = {k: v.clone() for k, v in model.state_dict().items() if "layer4.2" not in k}
    restart_gates(model, x)
    assert all(torch.equal(model.state_dict()[k], v) for k, v in kept.items())
    assert restart_gates(moving(), x) == []
    assert restart_gates(awake("resnet50_slim"), x) == []


def test_gates_whose_hidden_units_are_all_off_are_released(model: torch.nn.Module):
    model.layer4[2].se.fc1.bias.data.fill_(-100.0)
    x = randn(4, 3, 64, 64)
    assert "SE_5_3" in restart_gates(model, x)
    assert gates(model, x)["SE_5_3"].std(0).mean() > 0


def test_released_gates_with_a_norm_move_more(model: torch.nn.Module):
    x = randn(16, 3, 64, 64)
    bare = deepcopy(model)
    add_gate_norms(model, x)
    assert restart_gates(model, x) == restart_gates(bare, x) == ["SE_5_3"]
    spread = [gates(each, x)["SE_5_3"].std(0).mean().item() for each in (bare, model)]
    assert spread[1] > 2 * spread[0] > 0
    hidden = model.layer4[2].se.bn
    assert hidden.weight.eq(1).all()
    assert hidden.bias.eq(0).all()


@pytest.mark.parametrize(("bias", "spread"), [(6.0, 0.3), (0.0, 1e-9)], ids=["open", "constant"])
def test_gates_restart_where_they_are_open_and_where_they_are_constant(bias: float, spread: float):
    model = moving()
    x = randn(16, 3, 64, 64) * torch.linspace(0.25, 2, 16).view(16, 1, 1, 1)
    excitation = model.layer4[2].se.fc2
    excitation.weight.data.mul_(spread)
    excitation.bias.data.fill_(bias)
    s = gates(model, x)["SE_5_3"]
    assert (s.mean() > SATURATED) != (s.std(0).mean() < STILL)  # one reason, not both
    assert restart_gates(model, x) == ["SE_5_3"]
