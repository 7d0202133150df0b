from collections.abc import Callable
from copy import deepcopy
from functools import partial

import numpy as np
import pytest
import torch
import torchvision
from made_fold import made_gates, off, with_scales
from networks import awake, draw_norms, randn, random_network
from timm.layers import BatchNormAct2d, ScaledStdConv2d
from torch import nn

from seviz.folding.absorb import BEFORE, BEHIND, STAYS, absorb
from seviz.nets.scale import ChannelScale
from seviz.nets.variants import VARIANTS

LAB = {key: partial(variant.build, 5) for key, variant in VARIANTS.items()}
FAMILIES = {  # what `awake` takes, and how many scales stay
    "SE-ResNet": ("seresnet50_slim", 0),
    "SE-ResNeXt": ("seresnext26d_32x4d", 0),
    "SENet": ("legacy_seresnet18", 0),
    "EfficientNet": ("efficientnet_b0", 0),
    "MobileNetV3": ("mobilenetv3_small_050", 0),
    "MobileNetV3 of torchvision": (torchvision.models.mobilenet_v3_small, 0),
    "RegNetY": ("regnety_002", 0),
    "SE-VGG": (LAB["lab_vgg_se"], 0),
    "SE-Inception": (LAB["lab_inception_se"], 0),
    "SE-ResNet of the laboratory": (LAB["lab_resnet_se"], 0),
    "PRE": (LAB["lab_resnet_pre"], 0),
    "POST": (LAB["lab_resnet_post"], 4),
    "Identity": (LAB["lab_resnet_identity"], 5),
    "3×3": (LAB["lab_resnet_3x3"], 0),
    "maximum squeeze": (LAB["lab_resnet_max"], 0),
    "ReLU gates": (LAB["lab_resnet_relu"], 0),
    "tanh gates": (LAB["lab_resnet_tanh"], 0),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_logits_of_every_family_stay_and_its_scales_go(family: str):
    make, stay = FAMILIES[family]
    model = awake(make)
    least = -1.0 if family == "tanh gates" else 0.0
    scaled, paths = with_scales(model, made_gates(model, least=least))
    x = randn(2, 3, 64, 64)
    with torch.inference_mode():
        expected = scaled(x)
        ways = absorb(scaled, paths)
        found = scaled(x)
    assert off(found, expected) < 2e-6
    left = [path for path, way in ways.items() if way == STAYS]
    assert (list(ways), len(left)) == (paths, stay)
    kinds = {path: type(scaled.get_submodule(path)) for path in paths}
    assert kinds == {path: ChannelScale if path in left else nn.Identity for path in paths}


class Tiny(nn.Module):
    """A convolution, norm, activation, scale and another convolution, then the mean and a head."""

    def __init__(self, act: Callable[[], nn.Module], skips: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        self.bn, self.act = nn.BatchNorm2d(4), act()
        self.se, self.skips = ChannelScale(4), skips
        self.last = nn.Conv2d(4, 4, 1)
        self.head = nn.Linear(4, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        u = self.act(self.bn(self.conv(x)))
        y = self.se(u)
        y = y + self.last(y) + u if self.skips else self.last(y)
        return self.head(y.mean((2, 3)))


SCALE = np.float32([0.25, 0.0, 1.5, 0.75])


def tiny(act: Callable[[], nn.Module], *, scale: np.ndarray = SCALE, skips: bool = False) -> Tiny:
    model = random_network(partial(Tiny, act, skips))
    draw_norms(model)
    model.se.scale.copy_(torch.from_numpy(scale))
    return model.eval()


def by_hand(model: Tiny, x: torch.Tensor) -> np.ndarray:
    """What `tiny` with a ReLU says, in float64."""
    w = {name: value.double().numpy() for name, value in model.state_dict().items()}
    windows = np.lib.stride_tricks.sliding_window_view(x.double().numpy(), (3, 3), (2, 3))
    u = np.einsum("nchwij,ocij->nohw", windows, w["conv.weight"])
    u = (u - w["bn.running_mean"][:, None, None]) / np.sqrt(w["bn.running_var"] + 1e-5)[
        :, None, None
    ]
    u = np.maximum(u * w["bn.weight"][:, None, None] + w["bn.bias"][:, None, None], 0)
    u = u * w["se.scale"][:, None, None]
    y = np.einsum("nchw,oc->nohw", u, w["last.weight"][:, :, 0, 0]).mean((2, 3)) + w["last.bias"]
    return y @ w["head.weight"].T + w["head.bias"]


def test_it_says_what_float64_by_hand_says_and_the_norm_before_the_relu_has_the_scale():
    model, x = tiny(nn.ReLU), randn(2, 3, 6, 6)
    before = deepcopy(model.state_dict())
    expected = by_hand(model, x)
    assert absorb(model, ["se"]) == {"se": BEFORE}
    after = model.state_dict()
    np.testing.assert_allclose(model(x).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        after["bn.weight"], before["bn.weight"] * torch.from_numpy(SCALE), rtol=1e-6
    )
    np.testing.assert_allclose(
        after["bn.bias"], before["bn.bias"] * torch.from_numpy(SCALE), rtol=1e-6
    )
    assert torch.equal(after["last.weight"], before["last.weight"])


@pytest.mark.parametrize(
    ("act", "scale"),
    [(nn.SiLU, SCALE), (nn.Hardswish, SCALE), (nn.ReLU, -SCALE)],
    ids=["SiLU", "Hardswish", "ReLU of negative gates"],
)
def test_what_an_activation_bars_goes_into_what_follows(act, scale: np.ndarray):
    model, x = tiny(act, scale=scale), randn(2, 3, 6, 6)
    before, expected = deepcopy(model.state_dict()), model(x)
    assert absorb(model, ["se"]) == {"se": BEHIND}
    after = model.state_dict()
    assert off(model(x), expected) < 1e-6
    assert torch.equal(after["bn.weight"], before["bn.weight"])
    expected_weight = before["last.weight"] * torch.from_numpy(scale)[None, :, None, None]
    torch.testing.assert_close(after["last.weight"], expected_weight)


@pytest.mark.parametrize("act", [nn.ReLU, nn.SiLU])
def test_a_scale_stays_where_another_place_uses_the_tensor(act):
    model, x = tiny(act, skips=True), randn(2, 3, 6, 6)
    before, expected = deepcopy(model.state_dict()), model(x)
    assert absorb(model, ["se"]) == {"se": STAYS}
    assert torch.equal(model(x), expected)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def chain(*modules: nn.Module) -> nn.Sequential:
    model = nn.Sequential(*modules)
    draw_norms(model)
    for module in model:
        if isinstance(module, ChannelScale):
            module.scale.copy_(torch.linspace(0.1, 1.5, len(module.scale)))
    return model.eval()


CHAINS = {
    "a convolution without norm": (lambda s: [nn.Conv2d(3, 6, 3), s], BEFORE),
    "a norm with a ReLU inside": (
        lambda s: [nn.Conv2d(3, 6, 3), BatchNormAct2d(6), s, nn.GELU()],
        BEFORE,
    ),
    "a norm with a SiLU inside": (
        lambda s: [nn.Conv2d(3, 6, 3), BatchNormAct2d(6, act_layer=nn.SiLU), s, nn.GELU()],
        STAYS,
    ),
    "groups behind": (
        lambda s: [nn.Conv2d(3, 6, 3), nn.SiLU(), s, nn.Conv2d(6, 4, 1, groups=2)],
        BEHIND,
    ),
    "depthwise behind": (
        lambda s: [nn.Conv2d(3, 6, 3), nn.SiLU(), s, nn.Conv2d(6, 12, 3, groups=6, padding=1)],
        BEHIND,
    ),
    "a head of all places": (
        lambda s: [
            nn.Conv2d(3, 6, 3),
            nn.SiLU(),
            s,
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(24, 5),
        ],
        BEHIND,
    ),
    "weights made anew at each pass": (
        lambda s: [ScaledStdConv2d(3, 6, 3), s, ScaledStdConv2d(6, 4, 1)],
        STAYS,
    ),
    "a norm by groups": (lambda s: [nn.Conv2d(3, 6, 3), nn.GroupNorm(2, 6), s, nn.GELU()], STAYS),
    "nothing behind": (lambda s: [nn.SiLU(), nn.Conv2d(3, 6, 1), nn.SiLU(), s], STAYS),
    "rows flattened": (
        lambda s: [nn.Conv2d(3, 6, 3), nn.SiLU(), s, nn.Flatten(2), nn.Linear(16, 5)],
        STAYS,
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_where_a_scale_can_go(name: str):
    make, goes = CHAINS[name]
    scale = ChannelScale(6)
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(1)
        modules = make(scale)
    path, x = str(modules.index(scale)), randn(2, 3, 6, 6)
    model = chain(*modules)
    expected = model(x)
    assert absorb(model, [path]) == {path: goes}
    assert off(model(x), expected) < 1e-6


def test_a_scale_between_two_scales_is_absorbed_with_both():
    model = chain(nn.Conv2d(3, 6, 3), ChannelScale(6), nn.ReLU(), ChannelScale(6))
    expected = model(x := randn(1, 3, 6, 6))
    assert absorb(model, ["1", "3"]) == {"1": BEFORE, "3": BEFORE}
    assert off(model(x), expected) < 1e-6


class Twice(nn.Module):
    """The same convolution before a scale and elsewhere, or the same scale twice."""

    def __init__(self, shares: str) -> None:
        super().__init__()
        self.conv, self.other, self.se = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1), ChannelScale(3)
        self.shares = shares
        if shares == "weights":
            self.other.weight = self.conv.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.se(self.conv(x))
        again = {"convolution": self.conv, "scale": self.se, "weights": self.other}[self.shares]
        return torch.sin(y) + again(x)


@pytest.mark.parametrize("shares", ["convolution", "scale", "weights"])
def test_what_is_used_twice_is_left_as_it_is(shares: str):
    model = random_network(partial(Twice, shares)).eval()
    model.se.scale.copy_(torch.tensor([0.5, 0.25, 2.0]))
    expected = model(x := randn(1, 3, 4, 4))
    assert absorb(model, ["se"]) == {"se": STAYS}
    assert torch.equal(model(x), expected)


class Deciding(Tiny):
    """A network whose calls depend on values, which can't be traced."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) if x.sum() > -1e9 else x


def test_where_nothing_can_be_traced_all_scales_stay():
    model = random_network(partial(Deciding, nn.ReLU)).eval()
    assert absorb(model, ["se"]) == {"se": STAYS}
