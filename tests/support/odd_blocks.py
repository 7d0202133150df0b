"""SE blocks as people write them, under names that tell nothing, and what only looks like them."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from networks import seeded
from torch import Tensor, nn
from torch.nn import functional as f

CHANNELS = 8


def scripted(function: Any) -> Any:
    """Make a function of TorchScript, as networks of some years ago have them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch says that it goes
        return torch.jit.script(function)


@scripted
def swish(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


@scripted
def scaled(x: Tensor, pre: Tensor) -> Tensor:
    return x * pre.sigmoid()[:, :, None, None]


class Functional(nn.Module):
    """Pools, activates and gates by functions; Linear layers with views."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(CHANNELS, 2), nn.Linear(2, CHANNELS)

    def gates(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.b(f.relu(self.a(x.mean((2, 3))))))

    def forward(self, x: Tensor) -> Tensor:
        n, c, _, _ = x.size()
        y = f.adaptive_avg_pool2d(x, 1).view(n, c)
        return x * torch.sigmoid(self.b(f.relu(self.a(y)))).view(n, c, 1, 1)


class HardSigmoid(nn.Module):
    """Writes a hard sigmoid in three steps, and a swish in two."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(CHANNELS, 4, 1), nn.Conv2d(4, CHANNELS, 1)

    def gates(self, x: Tensor) -> Tensor:
        return f.hardsigmoid(self.b(f.silu(self.a(x.mean((2, 3), keepdim=True)))))

    def forward(self, x: Tensor) -> Tensor:
        y = self.a(x.mean(3, keepdim=True).mean(2, keepdim=True))
        y = self.b(y * torch.sigmoid(y))
        return x * (f.relu6(y + 3) / 6)


class Permuted(nn.Module):
    """Works on channels last, as code with einops does, and gates from the right."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(CHANNELS, 4), nn.Linear(4, CHANNELS)

    def gates(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.b(f.gelu(self.a(x.mean((2, 3))))))

    def forward(self, x: Tensor) -> Tensor:
        y = x.permute(0, 2, 3, 1)
        s = self.b(f.gelu(self.a(y.mean((1, 2))))).sigmoid()
        return (s[:, None, None, :] * y).permute(0, 3, 1, 2)


class Summed(Functional):
    """Squeezes a view of its maps, and multiplies by an Einstein sum."""

    def forward(self, x: Tensor) -> Tensor:
        z = torch.mean(x.view(*x.shape[:2], -1), -1)
        return torch.einsum("bchw,bc->bchw", x, torch.sigmoid(self.b(f.relu(self.a(z)))))


class OneProjection(nn.Module):
    """Has one projection, and multiplies in place."""

    def __init__(self) -> None:
        super().__init__()
        self.p = nn.Linear(CHANNELS, CHANNELS)

    def gates(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.p(x.mean((2, 3))))

    def forward(self, x: Tensor) -> Tensor:
        return x.mul_(self.p(x.flatten(2).mean(-1)).sigmoid()[..., None, None])


class Normed(nn.Module):
    """Has a norm behind both projections, as a public face anti-spoofing network does."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.a, self.b = nn.Conv2d(CHANNELS, 2, 1), nn.Conv2d(2, CHANNELS, 1)
        self.n, self.m = nn.BatchNorm2d(2), nn.BatchNorm2d(CHANNELS)
        self.r, self.g = nn.ReLU(inplace=True), nn.Sigmoid()

    def gates(self, x: Tensor) -> Tensor:
        return self.g(self.m(self.b(self.r(self.n(self.a(self.pool(x)))))))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gates(x)


class Inline(nn.Module):
    """A residual block that computes SE itself, as a popular repository for CIFAR does."""

    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
        self.a, self.b = nn.Conv2d(CHANNELS, 2, 1), nn.Conv2d(2, CHANNELS, 1)

    def features(self, x: Tensor) -> Tensor:
        return f.relu(self.c(x))

    def gates(self, u: Tensor) -> Tensor:
        return torch.sigmoid(self.b(f.relu(self.a(u.mean((2, 3), keepdim=True)))))

    def forward(self, x: Tensor) -> Tensor:
        u = f.relu(self.c(x))
        w = f.avg_pool2d(u, u.size(2))
        w = torch.sigmoid(self.b(f.relu(self.a(w))))
        return u * w + x


class InSequential(nn.Module):
    """Keeps squeeze and excitation in an nn.Sequential, and multiplies in the block around it."""

    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
        layers = (nn.Conv2d(CHANNELS, 2, 1), nn.ReLU(), nn.Conv2d(2, CHANNELS, 1), nn.Sigmoid())
        self.w = nn.Sequential(nn.AdaptiveAvgPool2d(1), *layers)

    def features(self, x: Tensor) -> Tensor:
        return self.c(x)

    def gates(self, u: Tensor) -> Tensor:
        return self.w(u)

    def forward(self, x: Tensor) -> Tensor:
        u = self.c(x)
        return x + u * self.w(u)


class WrittenOut(Functional):
    """Writes its sigmoid out in operators."""

    def forward(self, x: Tensor) -> Tensor:
        s = 1 / (1 + torch.exp(-self.b(f.relu(self.a(x.mean((2, 3)))))))
        return x * s[..., None, None]


class Parameters(nn.Module):
    """Has no module as a part: matrices, and einsum to squeeze and to multiply."""

    def __init__(self) -> None:
        super().__init__()
        self.w1 = nn.Parameter(torch.zeros(2, CHANNELS))
        self.w2 = nn.Parameter(torch.zeros(CHANNELS, 2))

    def gates(self, x: Tensor) -> Tensor:
        return torch.sigmoid(f.relu(x.mean((2, 3)) @ self.w1.T) @ self.w2.T)

    def forward(self, x: Tensor) -> Tensor:
        z = torch.einsum("bchw->bc", x) / (x.shape[2] * x.shape[3])
        s = 1 / (1 + torch.exp(-(torch.relu(z @ self.w1.T) @ self.w2.T)))
        return torch.einsum("bchw,bc->bchw", x, s)


class Scripted(nn.Module):
    """Activates, gates and multiplies by functions of TorchScript."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(CHANNELS, 4), nn.Linear(4, CHANNELS)

    def gates(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.b(f.silu(self.a(x.mean((2, 3))))))

    def forward(self, x: Tensor) -> Tensor:
        return scaled(x, self.b(swish(self.a(x.mean((2, 3))))))


class ReluGates(nn.Module):
    """Has ReLU gates, which may be larger than 1."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.end = nn.Linear(CHANNELS, 4), nn.Linear(4, CHANNELS), nn.ReLU()

    def gates(self, x: Tensor) -> Tensor:
        return self.end(self.b(torch.tanh(self.a(x.mean((2, 3))))))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gates(x)[..., None, None]


class Clamped(nn.Module):
    """Cuts its gates off below 0 and above 1."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(CHANNELS, 4), nn.Linear(4, CHANNELS)
        self.least, self.most = 0, 1

    def gates(self, x: Tensor) -> Tensor:
        y = 3 * self.b(f.relu(self.a(x.mean((2, 3)))))
        return torch.clamp(y, self.least, self.most)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gates(x)[..., None, None]


class CutHardSigmoid(HardSigmoid):
    """Writes a hard sigmoid as a line that is cut off below 0 and above 1."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.b(f.silu(self.a(x.mean((2, 3), keepdim=True))))
        return x * torch.clamp((y + 3) / 6, 0, 1)


class Clipped(Clamped):
    """Cuts its gates off below 0 and above 2, so that they are no known gates."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 2


BLOCKS = (Functional, HardSigmoid, Permuted, Summed, OneProjection, Normed, Inline, InSequential)
BLOCKS += (WrittenOut, Parameters, Scripted, ReluGates, Clamped, CutHardSigmoid)


class Softmax(Functional):
    """Ends in a softmax over channels."""

    def forward(self, x: Tensor) -> Tensor:
        s = torch.softmax(self.b(f.relu(self.a(x.mean((2, 3))))), 1)
        return x * s[..., None, None]


class Doubled(Functional):
    """Doubles its sigmoid, so that what multiplies is no known gate."""

    def forward(self, x: Tensor) -> Tensor:
        s = 2 * torch.sigmoid(self.b(f.relu(self.a(x.mean((2, 3))))))
        return x * s[..., None, None]


class HalfGated(nn.Module):
    """Gates the first half of its channels."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(CHANNELS, 2), nn.Linear(2, CHANNELS // 2)

    def forward(self, x: Tensor) -> Tensor:
        s = torch.sigmoid(self.b(f.relu(self.a(x.mean((2, 3))))))
        gated, rest = x.split(CHANNELS // 2, 1)
        return torch.cat([gated * s[..., None, None], rest], 1)


class Added(Functional):
    """Adds its features to those that it gates."""

    def forward(self, x: Tensor) -> Tensor:
        return x + super().forward(x)


class SigmoidTwice(Normed):
    """Passes one sigmoid module twice: behind the first projection, and as the gate."""

    def forward(self, x: Tensor) -> Tensor:
        return x * self.g(self.b(self.g(self.a(self.pool(x)))))


class OfOthers(Functional):
    """Multiplies other features than those that it pools."""

    def forward(self, x: Tensor) -> Tensor:
        s = torch.sigmoid(self.b(f.relu(self.a(x.mean((2, 3))))))
        return f.relu(x) * s[..., None, None]


class ThreeProjections(Functional):
    """Has three projections."""

    def __init__(self) -> None:
        super().__init__()
        self.third = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        s = torch.sigmoid(self.b(self.third(f.relu(self.a(x.mean((2, 3)))))))
        return x * s[..., None, None]


class TwoSqueezes(Functional):
    """Sums the excitations of the mean and of the maximum, in one order or the other, like CBAM."""

    def __init__(self, swapped: bool = False) -> None:
        super().__init__()
        self.swapped = swapped

    def excite(self, z: Tensor) -> Tensor:
        return self.b(f.relu(self.a(z)))

    def forward(self, x: Tensor) -> Tensor:
        pools = [x.mean((2, 3)), x.amax((2, 3))]
        one, other = map(self.excite, pools[::-1] if self.swapped else pools)
        return x * torch.sigmoid(one + other)[..., None, None]


class TwoProjections(Functional):
    """Sums what two projections make of one descriptor."""

    def forward(self, x: Tensor) -> Tensor:
        z = x.mean((2, 3))
        s = torch.sigmoid(self.b(self.a(z)) + z)
        return x * s[..., None, None]


class Spatial(nn.Module):
    """Gates positions, not channels."""

    def __init__(self) -> None:
        super().__init__()
        self.p = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.p(x.mean(1, keepdim=True)))


class OfMaps(nn.Module):
    """Gates each position of each channel: nothing is squeezed."""

    def __init__(self) -> None:
        super().__init__()
        self.p = nn.Conv2d(CHANNELS, CHANNELS, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.p(x))


class Network(nn.Module):
    """A small network of a stem, blocks in `layer1` and a head of five classes."""

    num_classes = 5

    def __init__(self, *blocks: nn.Module) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 3, padding=1)
        self.layer1 = nn.Sequential(*blocks)
        self.head = nn.Linear(CHANNELS, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer1(f.relu(self.stem(x))).mean((2, 3)))


def network(*kinds: Callable[[], nn.Module], seed: int = 0) -> Network:
    """Make a network of blocks, in eval mode, with the weights of a seed."""
    with seeded(seed):
        model = Network(*(kind() for kind in kinds))
        for parameter in model.parameters():
            nn.init.normal_(parameter, 0, 0.5)
    return model.eval().requires_grad_(False)


def shared(kind: Callable[[], nn.Module], seed: int = 0) -> Network:
    """Make a network that uses one block two times, with a convolution between."""
    with seeded(seed):
        block, between = kind(), nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
    model = network(nn.Identity, nn.Identity, nn.Identity, seed=seed)
    model.layer1 = nn.Sequential(block, between, block)
    return model.eval().requires_grad_(False)
