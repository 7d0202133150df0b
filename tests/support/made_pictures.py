"""Networks whose best pictures are known: one block behind a convolution with weights by hand."""

import torch
from torch import nn

from seviz.nets.block import SEBlock
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

SIDE = 32


class MadeNetwork(nn.Module):
    """U of a convolution, an SE block whose pre-activations are z, and a head of means."""

    def __init__(self, weight: torch.Tensor, activation: nn.Module) -> None:
        """Take the weight of the convolution, C×3×h×w, and what follows it."""
        super().__init__()
        channels, height = len(weight), weight.shape[2]
        self.convolution = nn.Conv2d(3, channels, weight.shape[2:], padding=height // 2)
        self.activation = activation
        self.se = SEBlock(channels, r=1)
        self.num_classes = channels
        self.pretrained_cfg = {"input_size": (3, SIDE, SIDE), "num_classes": channels}
        with torch.no_grad():
            self.convolution.weight.copy_(weight)
            self.convolution.bias.zero_()
            for projection in (self.se.w1, self.se.w2):
                projection.weight.copy_(torch.eye(channels)[..., None, None])
                projection.bias.zero_()
            self.se.w1.bias.fill_(10)  # so that no hidden unit is ever off
            self.se.w2.bias.fill_(-10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, N×C."""
        return self.se(self.activation(self.convolution(x))).mean((2, 3))


def red_or_blue() -> LoadedModel:
    """Make a network whose gate 0 opens for red without blue, and gate 1 for the contrary."""
    return _prepared(torch.tensor([[1.0, 0.0, -1.0], [-1.0, 0.0, 1.0]])[..., None, None])


def stripes() -> LoadedModel:
    """Make a network whose gates open for changes: 0 from row to row and not along a row."""
    down = torch.zeros(2, 3, 3, 3)
    down[0, :, 0, 1], down[0, :, 2, 1] = -1.0, 1.0
    down[1, :, 1, 0], down[1, :, 1, 2] = -1.0, 1.0
    loaded = _prepared(down, nn.ReLU())
    second = loaded.model.se.w2
    second.weight.data = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])[..., None, None]
    second.bias.data.zero_()
    return loaded


def _prepared(weight: torch.Tensor, activation: nn.Module | None = None) -> LoadedModel:
    network = MadeNetwork(weight, activation or nn.Identity())
    return prepare(wrap("made", network.eval().requires_grad_(False)))
