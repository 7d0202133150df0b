"""A researcher's small module, and photographs for it: the same on every machine."""

from typing import Any

import numpy as np
import torch
from networks import random_network
from torch import Tensor, nn

import seviz
from seviz.nets.block import SEBlock

SIDE = 16
CLASSES = ("disc", "square", "stripe")


class Classifier(nn.Module):
    """Two convolutions with an SE block each, and a head that reads positions, by `view`."""

    def __init__(self, channels: int = 3, classes: int = len(CLASSES)) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(channels, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU())
        self.se1 = SEBlock(8, r=2)
        self.second = nn.Sequential(nn.Conv2d(8, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU())
        self.se2 = SEBlock(16, r=4)
        self.head = nn.Linear(16 * (SIDE // 4) ** 2, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.se2(self.second(self.se1(self.first(x))))
        return self.head(x.view(len(x), -1))


def module(**options: Any) -> nn.Module:
    """Return a module in training mode."""
    return random_network(lambda: Classifier(**options)).train()


def pixels(seed: int = 0, shape: tuple[int, ...] = (20, 24, 3)) -> np.ndarray:
    """Return a photograph as an array of bytes."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def labelled(count: int = 12) -> list[tuple[np.ndarray, int]]:
    """Return photographs with the numbers of their classes."""
    return [(pixels(i), i % len(CLASSES)) for i in range(count)]


def wrapped(**options: Any) -> seviz.Network:
    """Return a new module, opened."""
    return seviz.wrap(module(), input_size=SIDE, **options)


def hooks(of: nn.Module) -> int:
    """Count the hooks of a module and all its parts."""
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in of.modules())


def state(of: nn.Module) -> list[Any]:
    """Return what may be changed in a module: modes, gradients, hooks, devices and orders."""
    modes = [m.training for m in of.modules()]
    tensors = [(p.requires_grad, p.device, p.stride()) for p in of.parameters()]
    return [modes, tensors, hooks(of)]


def expected_logits(of: nn.Module, image: np.ndarray) -> np.ndarray:
    """Return a copy's logits for an image (C×H×W), computed without seviz."""
    copied = random_network(lambda: Classifier(channels=len(image)))
    copied.load_state_dict(of.state_dict())
    with torch.no_grad():
        return copied.eval()(torch.from_numpy(image)[None])[0].numpy()
