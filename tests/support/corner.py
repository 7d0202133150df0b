"""A network by hand, about pictures of 32×32, whose right explanations are known."""

from dataclasses import replace

import numpy as np
import torch
from networks import random_network
from timm.layers import SEModule
from torch import nn

from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

SIDE = 32
HALF = SIDE // 2
GATE = 1 / (1 + np.exp(-9.0))  # all gates, whatever the picture


class Corner(nn.Module):
    """Class 1 where the upper left quarter of the picture is bright.

    Class 0 has a logit of 12, and `lower` more where the lower left quarter is bright. Nothing else
    counts.
    """

    def __init__(self, lower: float = 0.0) -> None:
        super().__init__()
        self.se = SEModule(3, rd_channels=1)
        nn.init.zeros_(self.se.fc2.weight)
        nn.init.constant_(self.se.fc2.bias, 9.0)
        self.fc = nn.Linear(3 * SIDE * SIDE, 2)
        weight = torch.zeros(2, 3, SIDE, SIDE)
        weight[1, :, :HALF, :HALF] = 24 / (3 * HALF**2)
        weight[0, :, HALF:, :HALF] = lower / (3 * HALF**2)
        self.fc.weight.data = weight.flatten(1)
        self.fc.bias.data = torch.tensor([12.0, 0.0])
        self.num_classes = 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.se(x).flatten(1))


def made_corner(lower: float = 0.0) -> LoadedModel:
    """Open the network as if it had been loaded."""
    model = random_network(lambda: Corner(lower))
    return replace(prepare(wrap("corner", model)), input_size=(3, SIDE, SIDE))


def bright() -> np.ndarray:
    """Make a picture that is bright but for a far corner, so that only the network prefers one."""
    pixels = np.ones((3, SIDE, SIDE), np.float32)
    pixels[:, -4:, -4:] = 0
    return pixels


def right_map() -> np.ndarray:
    """Make the map that says where class 1 is seen."""
    map_ = np.zeros((SIDE, SIDE), np.float32)
    map_[:HALF, :HALF] = 1
    return map_
