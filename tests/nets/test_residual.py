import pytest
import torch
from networks import awake, randn
from timm.models.resnet import Bottleneck, downsample_conv
from torch import nn

from seviz.nets.residual import INTEGRATIONS, Standard

X = randn(2, 8, 6, 6, seed=1)


class Marked(nn.Module):
    """Stands for an SE block: no other part of a residual block does what it does."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 3 * x - 1


def made(name: str, projected: bool) -> Standard:
    """A residual block of 8 channels in and 16 out, or of 8 in and out."""

    def block() -> Standard:
        planes = 4 if projected else 2
        downsample = downsample_conv(8, 16, 1, stride=2) if projected else None
        return INTEGRATIONS[name](8, planes, stride=2 if projected else 1, downsample=downsample)

    return awake(block)


def relu(x: torch.Tensor) -> torch.Tensor:
    return x.clamp(min=0)


def drawn(block: Standard, se: nn.Module, name: str) -> torch.Tensor:
    """What the article's diagrams say, part by part."""

    def branch(x: torch.Tensor, inner: nn.Module) -> torch.Tensor:
        x = relu(block.bn1(block.conv1(x)))
        x = relu(inner(block.bn2(block.conv2(x))))
        return block.bn3(block.conv3(x))

    nothing = nn.Identity()
    shortcut = X if block.downsample is None else block.downsample(X)
    match name:
        case "standard":
            return relu(se(branch(X, nothing)) + shortcut)
        case "pre":
            return relu(branch(se(X), nothing) + shortcut)
        case "post":
            return se(relu(branch(X, nothing) + shortcut))
        case "identity":
            return relu(branch(X, nothing) + se(shortcut))
    return relu(branch(X, se) + shortcut)


@pytest.mark.parametrize("name", INTEGRATIONS)
@pytest.mark.parametrize("projected", [False, True])
@torch.inference_mode()
def test_the_order_of_operations_is_the_one_that_is_drawn(name: str, projected: bool):
    block = made(name, projected)
    block.se = Marked()
    torch.testing.assert_close(block(X), drawn(block, Marked(), name))


@torch.inference_mode()
def test_the_integrations_differ_from_one_another():
    outputs = []
    for name in INTEGRATIONS:
        block = made(name, projected=False)
        block.se = Marked()
        outputs.append(block(X))
    for i, one in enumerate(outputs):
        assert not any(torch.allclose(one, other, rtol=1e-3) for other in outputs[:i])


@pytest.mark.parametrize("name", INTEGRATIONS)
@torch.inference_mode()
def test_without_se_every_integration_is_timms_bottleneck(name: str):
    block = made(name, projected=True)
    plain = Bottleneck(8, 4, stride=2, downsample=downsample_conv(8, 16, 1, stride=2)).eval()
    plain.load_state_dict(block.state_dict())
    torch.testing.assert_close(block(X), plain(X))


def test_each_place_has_its_own_number_of_channels():
    channels = {name: made(name, projected=True).se_channels for name in INTEGRATIONS}
    assert channels == {"standard": 16, "pre": 8, "post": 16, "identity": 16, "3x3": 4}
