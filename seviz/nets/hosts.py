"""Small versions of the article's hosts for 64×64 images: VGG, Inception and ResNet.

Each is built plain, with `nn.Identity()` wherever the article puts an SE block; `insert_se` then
puts SE blocks there. The last feature map is 4×4 for 64×64 images.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import ClassVar

from timm.layers import ConvNormAct
from timm.models.resnet import downsample_conv
from torch import Tensor, nn
from torch.nn.functional import max_pool2d
from torchvision.models.googlenet import BasicConv2d, Inception

from seviz.nets.residual import INTEGRATIONS, Standard


class GatedTransform(nn.Sequential):
    """A transformation, the article's F_tr, and the place for an SE block after it.

    It puts SE into networks without shortcuts: in VGG after the ReLU of each convolution
    (section 3.3), in Inception after each whole module (figure 2).
    """

    def __init__(self, transform: nn.Module, channels: int) -> None:
        """Leave the place empty; channels: C of the transformation's output."""
        super().__init__(OrderedDict(transform=transform, se=nn.Identity()))
        self.se_channels = channels


class Host(nn.Module):
    """A network of a stem, stages of units, average pooling and a linear classifier.

    The article's stage n is the module layer(n−1), as in timm's and torchvision's ResNet, so
    layer1.0.se is SE_2_1. Each unit has a place for an SE block, `se`, on se_channels channels.
    """

    pooled: tuple[int, ...] = ()  # stages that begin with a maximum pooling of 2×2

    def __init__(
        self,
        stem: nn.Module,
        stages: dict[int, list[nn.Module]],
        features: int,
        *,
        num_classes: int,
    ) -> None:
        """Assemble the parts; stages: units by the article's count; features: C after the last."""
        super().__init__()
        self.num_features, self.num_classes, self.stages = features, num_classes, tuple(stages)
        self.stem = stem
        for stage, units in stages.items():
            self.add_module(f"layer{stage - 1}", nn.Sequential(*units))
        self.fc = nn.Linear(features, num_classes)

    def forward_features(self, x: Tensor) -> Tensor:
        """Return the last feature map of N×3×64×64 images, N×features×4×4."""
        x = self.stem(x)
        for stage in self.stages:
            x = self.stage(stage)(max_pool2d(x, 2) if stage in self.pooled else x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Return N×num_classes logits."""
        logits: Tensor = self.fc(self.forward_features(x).mean((2, 3)))
        return logits

    def stage(self, stage: int) -> nn.Module:
        """Return a stage's units, by the article's count."""
        return self.get_submodule(f"layer{stage - 1}")

    def no_weight_decay(self) -> set[str]:
        """Return the SE blocks' weights; see `seviz.nets.embedded` for why they are not decayed."""
        return {name for name, _ in self.named_parameters() if ".se." in name}


def init_weights(host: Host) -> None:
    """Give a plain host's convolutions He's initial weights; SE blocks keep torch's own."""
    for module in host.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


def insert_se(host: Host, make: Callable[[int], nn.Module], stages: Iterable[int] = ()) -> None:
    """Put make(C) at each place for an SE block; stages: only in these, or in all if empty."""
    for stage in tuple(stages) or host.stages:
        for unit in host.stage(stage).children():
            unit.se = make(int(unit.se_channels))  # type: ignore[arg-type]


class VGG(Host):
    """A VGG of seven 3×3 convolutions in five stages; all but the first begin with a pooling."""

    PLAN: ClassVar = {1: (16,), 2: (32,), 3: (64,), 4: (96, 96), 5: (128, 128)}
    pooled = (2, 3, 4, 5)

    def __init__(self, num_classes: int = 1000, in_chans: int = 3) -> None:
        """Build the host without SE."""
        stages: dict[int, list[nn.Module]] = {stage: [] for stage in self.PLAN}
        for stage, widths in self.PLAN.items():
            for width in widths:
                stages[stage].append(GatedTransform(ConvNormAct(in_chans, width, 3), width))
                in_chans = width
        super().__init__(nn.Identity(), stages, in_chans, num_classes=num_classes)


class InceptionNet(Host):
    """A GoogLeNet of six of torchvision's Inception modules, 3a to 5b, two a stage."""

    PLAN: ClassVar = {  # of each module: 1×1, 3×3 reduced, 3×3, 5×5 reduced, 5×5, pooled
        3: ((16, 24, 32, 4, 8, 8), (32, 32, 48, 8, 16, 16)),
        4: ((48, 32, 64, 8, 24, 24), (64, 48, 96, 12, 32, 32)),
        5: ((80, 64, 112, 16, 32, 32), (96, 64, 128, 16, 32, 32)),
    }
    pooled = (3, 4, 5)

    def __init__(self, num_classes: int = 1000, in_chans: int = 3) -> None:
        """Build the host without SE."""
        stem = nn.Sequential(
            BasicConv2d(in_chans, 16, kernel_size=3, stride=2, padding=1),
            BasicConv2d(16, 32, kernel_size=3, padding=1),
        )
        stages: dict[int, list[nn.Module]] = {stage: [] for stage in self.PLAN}
        width = 32
        for stage, plans in self.PLAN.items():
            for plan in plans:
                module, width = Inception(width, *plan), plan[0] + plan[2] + plan[4] + plan[5]
                stages[stage].append(GatedTransform(module, width))
        super().__init__(stem, stages, width, num_classes=num_classes)


class ResNet(Host):
    """A ResNet of eight bottlenecks, two a stage; integration: see `seviz.nets.residual`."""

    PLANES: ClassVar = {2: 8, 3: 16, 4: 32, 5: 64}  # C is four times as many

    def __init__(
        self, num_classes: int = 1000, in_chans: int = 3, integration: str = "standard"
    ) -> None:
        """Build the host without SE."""
        kind, width = INTEGRATIONS[integration], 4 * self.PLANES[2]
        stem = ConvNormAct(in_chans, width, 3, stride=2)
        stages: dict[int, list[nn.Module]] = {}
        for stage, planes in self.PLANES.items():
            first = _bottleneck(kind, width, planes, stride=1 if stage == 2 else 2)
            width = 4 * planes
            stages[stage] = [first, _bottleneck(kind, width, planes, stride=1)]
        super().__init__(stem, stages, width, num_classes=num_classes)


def _bottleneck(kind: type[Standard], inplanes: int, planes: int, *, stride: int) -> Standard:
    """Make a residual block, with a projection on its shortcut where the shape changes."""
    downsample = None
    if stride > 1 or inplanes != 4 * planes:
        downsample = downsample_conv(inplanes, 4 * planes, 1, stride=stride)
    return kind(inplanes, planes, stride=stride, downsample=downsample)


HOSTS: dict[str, Callable[..., Host]] = {"vgg": VGG, "inception": InceptionNet, "resnet": ResNet}
