import pytest
import torch
from networks import randn, random_network, seeded
from torch import nn

from seviz.gates.probe import Probe
from seviz.gates.sites import find_sites
from seviz.nets.block import SEBlock
from seviz.records.arms import IDENTITY, INTACT

MAP = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]], [[-4.0, 0.0], [0.0, -8.0]]]])  # 1×2×2×2


def test_squeezes_of_a_hand_made_map():
    squeezed = {name: SEBlock(2, squeeze=name).squeeze(MAP) for name in ("avg", "max", "none")}
    assert squeezed["avg"].flatten().tolist() == [3.0, -3.0]
    assert squeezed["max"].flatten().tolist() == [6.0, 0.0]
    assert squeezed["none"] is MAP
    assert squeezed["avg"].shape == squeezed["max"].shape == (1, 2, 1, 1)


SIGMAS = {
    "sigmoid": lambda x: 1 / (1 + torch.exp(-x)),
    "tanh": lambda x: (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x)),
    "relu": lambda x: x.clamp(min=0),
}


def written_out(block: SEBlock, u: torch.Tensor, squeeze: str, excitation: str) -> torch.Tensor:
    """x̃ by the article's equations, with matrices; N×C×H×W."""
    w1, b1 = block.w1.weight.flatten(1), block.w1.bias
    w2, b2 = block.w2.weight.flatten(1), block.w2.bias
    z = {"avg": u.mean((2, 3)), "max": u.amax((2, 3)), "none": None}[squeeze]
    rows = u.permute(0, 2, 3, 1) if z is None else z[:, None, None]  # N×H×W×C or N×1×1×C
    s = SIGMAS[excitation]((rows @ w1.T + b1).clamp(min=0) @ w2.T + b2)
    return (s * u.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


@pytest.mark.parametrize("squeeze", ["avg", "max", "none"])
@pytest.mark.parametrize("excitation", SIGMAS)
@torch.inference_mode()
def test_a_block_is_its_equations(squeeze: str, excitation: str):
    block = random_network(lambda: SEBlock(32, squeeze=squeeze, excitation=excitation, r=4))
    u = randn(2, 32, 5, 3)
    torch.testing.assert_close(block(u), written_out(block, u, squeeze, excitation))


@pytest.mark.parametrize("r", [2, 4, 8, 16, 32])
def test_r_is_what_is_measured_on_the_weights(r: int):
    site = find_sites(nn.Sequential(SEBlock(64, r=r)))[0]
    assert (site.reduced, site.reduction) == (64 // r, r)


def test_the_width_is_rounded_down_but_never_to_nothing():
    assert SEBlock(40, r=16).w1.out_channels == 2
    assert SEBlock(8, r=32).w1.out_channels == 1


def test_sites_tell_what_a_block_squeezes_and_how_its_gates_end():
    blocks = [SEBlock(8), SEBlock(8, squeeze="none"), SEBlock(8, excitation="tanh")]
    sites = find_sites(nn.Sequential(*blocks, SEBlock(8, squeeze="max", excitation="relu")))
    assert [site.squeezed for site in sites] == [True, False, True, True]
    assert [site.excitation for site in sites] == ["sigmoid", "sigmoid", "tanh", "relu"]


@torch.inference_mode()
def test_a_block_works_inside_any_module_and_a_probe_hears_it():
    with seeded():
        block = SEBlock(6, squeeze="max", r=2)
        model = nn.Sequential(nn.Conv2d(3, 6, 3), block, nn.Flatten()).eval()
    x = randn(1, 3, 9, 9)
    probe = Probe(model)
    with probe.ask([INTACT, IDENTITY], features_of=["1"]) as captured:
        intact, identity = model(x.expand(2, -1, -1, -1))
    u = model[0](x)
    torch.testing.assert_close(captured.z["1"][0], u.amax((2, 3))[0])
    torch.testing.assert_close(intact, block(u)[0].flatten())
    torch.testing.assert_close(identity, u[0].flatten())
