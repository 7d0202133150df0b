"""Random networks and images for tests: the same on every machine, alone and in any order.

Nothing else in the tests draws from PyTorch's global generator (`tests/test_seeds.py`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import timm
import torch
from torch import Tensor, nn

import seviz.nets.registry  # noqa: F401 - its networks are then among those of timm

# The two projections of an SE block, as timm, torchvision and this package spell them.
PROJECTIONS = (("fc1", "fc2"), ("conv_reduce", "conv_expand"), ("w1", "w2"))
Make = str | Callable[[], nn.Module]  # a name of timm's, or how else a network is made


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Let what draws from the global generator draw from a seed; the generator stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def random_network(make: Make, seed: int = 0, **options: object) -> nn.Module:
    """Make a module, or timm's network of a name, with the weights of a seed."""
    with seeded(seed):
        return timm.create_model(make, **options) if isinstance(make, str) else make()


def awake(make: Make, seed: int = 0, **options: object) -> nn.Module:
    """Make a random network in which every part matters, in eval mode."""
    model = random_network(make, seed, **options)
    draw_norms(model, seed)
    for module in model.modules():
        wake_gates(module)
    return model.eval()


def draw_norms(model: nn.Module, seed: int = 0) -> None:
    """Draw all batch norms, of which a fresh network has some at 0."""
    with seeded(seed):
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.0)
                nn.init.normal_(module.bias, 0, 0.2)
                nn.init.normal_(module.running_mean, 0, 0.1)
                nn.init.uniform_(module.running_var, 0.5, 1.5)


def wake_gates(module: nn.Module) -> None:
    """Let the gates of an SE block follow the image, whatever was drawn.

    The hidden units are w·z and −w·z by pairs, of which one is always on: with all of them off,
    gates would be the same for every image.
    """
    for names in PROJECTIONS:
        first, second = (getattr(module, name, None) for name in names)
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.Conv2d):
            half = first.out_channels // 2
            with torch.no_grad():
                first.weight[half : 2 * half] = -first.weight[:half]
                first.bias.zero_()


def randn(*shape: int, seed: int = 0) -> Tensor:
    """Draw numbers from the normal distribution of a seed."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
