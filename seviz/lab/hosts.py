"""The article's hosts, small, for 64×64 images: VGG, Inception and ResNet, with SE or without.

Each is built plain, with `nn.Identity()` wherever the article puts a SE block; `place` then makes
SE blocks there. The last feature map is 4×4 for 64×64 images.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import ClassVar

from timm.layers import ConvNormAct
from timm.models.resnet import downsample_conv
from torch import Tensor, nn
from torchvision.models.googlenet import BasicConv2d, Inception

from seviz.lab.residual import INTEGRATIONS, Standard

WIDTHS = {2: 8, 3: 16, 4: 32, 5: 64}  # the ResNet's planes by stage: C = 32, 64, 128, 256
BLOCKS = 2  # residual blocks a stage


class Gated(nn.Sequential):
    """A transformation and the place for a SE block behind it: what the article calls F_tr and SE.

    It is how SE enters a network without shortcuts (figure 2): VGG behind the ReLU of each
    convolution, Inception behind each whole module.
    """

    def __init__(self, transform: nn.Module, channels: int) -> None:
        """Leave the place empty; channels: C of what the transformation gives."""
        super().__init__(OrderedDict(transform=transform, se=nn.Identity()))
        self.se_channels = channels


class Host(nn.Module):
    """What the hosts have in common: they end in global average pooling and one linear layer."""

    num_features: int

    def __init__(self, features: int, num_classes: int) -> None:
        """Make the head for that many channels of features."""
        super().__init__()
        self.num_features, self.num_classes = features, num_classes
        self.fc = nn.Linear(features, num_classes)

    def forward_features(self, x: Tensor) -> Tensor:
        """Return the last feature map of N×3×64×64 images, N×features×4×4."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Return N×num_classes logits."""
        out: Tensor = self.fc(self.forward_features(x).mean((2, 3)))
        return out

    def places(self) -> Iterable[tuple[int, nn.Module]]:
        """List the modules with a place for a SE block, `se`, each with its stage."""
        raise NotImplementedError

    def no_weight_decay(self) -> set[str]:
        """Name the weights that stay undecayed: the gates', as in the embedded network."""
        return {name for name, _ in self.named_parameters() if ".se." in name}


def begin(host: Host) -> None:
    """Give a plain host's convolutions He's initial weights; SE blocks keep torch's own."""
    for module in host.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


def place(host: Host, make: Callable[[int], nn.Module], stages: Iterable[int] = ()) -> None:
    """Put make(C) at each of the host's places for a SE block; stages: only there, none for all."""
    chosen = tuple(stages)
    for stage, holder in host.places():
        if not chosen or stage in chosen:
            holder.se = make(int(holder.se_channels))  # type: ignore[arg-type]


class VGG(Host):
    """A VGG of seven 3×3 convolutions in five stages, each behind a maximum pooling but the first.

    SE goes behind the ReLU of every convolution (section 3.3).
    """

    PLAN = ((16,), (32,), (64,), (96, 96), (128, 128))

    def __init__(self, num_classes: int = 1000, in_chans: int = 3) -> None:
        """Build it plain."""
        super().__init__(self.PLAN[-1][-1], num_classes)
        self.pool = nn.MaxPool2d(2)
        self.stages = nn.Sequential()
        for widths in self.PLAN:
            stage = nn.Sequential()
            for width in widths:
                stage.append(Gated(ConvNormAct(in_chans, width, 3), width))
                in_chans = width
            self.stages.append(stage)

    def forward_features(self, x: Tensor) -> Tensor:
        """Run the stages, halving the map before each but the first."""
        for depth, stage in enumerate(self.stages):
            x = stage(self.pool(x) if depth else x)
        return x

    def places(self) -> Iterable[tuple[int, nn.Module]]:
        """Every convolution."""
        return [(d, unit) for d, stage in enumerate(self.stages, 1) for unit in stage.children()]


class InceptionNet(Host):
    """A GoogLeNet of six of torchvision's Inception modules, 3a to 5b, two a map size.

    SE goes behind each module as a whole (figure 2).
    """

    # By stage, of each module: 1×1, 3×3 reduced, 3×3, 5×5 reduced, 5×5, pooled.
    PLAN: ClassVar[dict[int, tuple[tuple[int, ...], ...]]] = {
        3: ((16, 24, 32, 4, 8, 8), (32, 32, 48, 8, 16, 16)),
        4: ((48, 32, 64, 8, 24, 24), (64, 48, 96, 12, 32, 32)),
        5: ((80, 64, 112, 16, 32, 32), (96, 64, 128, 16, 32, 32)),
    }

    def __init__(self, num_classes: int = 1000, in_chans: int = 3) -> None:
        """Build it plain."""
        last = self.PLAN[5][-1]
        super().__init__(sum((last[0], last[2], last[4], last[5])), num_classes)
        self.pool = nn.MaxPool2d(2)
        self.stem = nn.Sequential(
            BasicConv2d(in_chans, 16, kernel_size=3, stride=2, padding=1),
            BasicConv2d(16, 32, kernel_size=3, padding=1),
        )
        self.stages, width = nn.Sequential(), 32
        for plans in self.PLAN.values():
            stage = nn.Sequential()
            for plan in plans:
                module = Inception(width, *plan)
                width = plan[0] + plan[2] + plan[4] + plan[5]
                stage.append(Gated(module, width))
            self.stages.append(stage)

    def forward_features(self, x: Tensor) -> Tensor:
        """Run the stem and the stages, halving the map before each."""
        x = self.stem(x)
        for stage in self.stages:
            x = stage(self.pool(x))
        return x

    def places(self) -> Iterable[tuple[int, nn.Module]]:
        """Every Inception module."""
        return [(d, unit) for d, stage in enumerate(self.stages, 3) for unit in stage.children()]


class ResNet(Host):
    """A ResNet of eight bottlenecks, two a stage; integration: see `seviz.lab.residual`.

    Its stages are called layer1 to layer4, as in torchvision and timm; the article counts them from
    2, so layer1.0.se is its SE_2_1.
    """

    def __init__(
        self, num_classes: int = 1000, in_chans: int = 3, integration: str = "standard"
    ) -> None:
        """Build it plain."""
        super().__init__(4 * WIDTHS[5], num_classes)
        width = 4 * WIDTHS[2]
        self.stem = ConvNormAct(in_chans, width, 3, stride=2)
        for stage, planes in WIDTHS.items():
            blocks = nn.Sequential()
            for index in range(BLOCKS):
                stride = 2 if index == 0 and stage > 2 else 1
                blocks.append(_bottleneck(INTEGRATIONS[integration], width, planes, stride))
                width = 4 * planes
            self.add_module(f"layer{stage - 1}", blocks)

    def forward_features(self, x: Tensor) -> Tensor:
        """Run the stem and the stages."""
        x = self.stem(x)
        for stage in WIDTHS:
            x = self.get_submodule(f"layer{stage - 1}")(x)
        return x

    def places(self) -> Iterable[tuple[int, nn.Module]]:
        """Every residual block."""
        return [
            (stage, block)
            for stage in WIDTHS
            for block in self.get_submodule(f"layer{stage - 1}").children()
        ]


def _bottleneck(kind: type[Standard], inplanes: int, planes: int, stride: int) -> Standard:
    downsample = None
    if stride > 1 or inplanes != 4 * planes:
        downsample = downsample_conv(inplanes, 4 * planes, 1, stride=stride)
    return kind(inplanes, planes, stride=stride, downsample=downsample)


HOSTS: dict[str, type[Host]] = {"vgg": VGG, "inception": InceptionNet, "resnet": ResNet}
