"""The embedded pair's networks as modules (`seviz.nets.embedded` has their facts)."""

from typing import Any

from timm.models import ResNet, build_model_with_cfg
from timm.models.resnet import Bottleneck
from torch import nn

from seviz.nets.embedded import ARCHITECTURE, TWIN_ARCHITECTURE


class SlimResNet(ResNet):  # type: ignore[misc]  # timm is untyped
    """timm's ResNet with the stem of a network for small images."""

    def __init__(self, **kwargs: Any) -> None:
        """Take the arguments of timm's ResNet; only the stem differs."""
        super().__init__(**kwargs)
        width, device = self.bn1.num_features, self.bn1.weight.device
        self.conv1 = nn.Conv2d(3, width, 3, stride=2, padding=1, bias=False, device=device)
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out", nonlinearity="relu")
        self.maxpool = nn.Identity()

    def no_weight_decay(self) -> set[str]:
        """Return the weights of the SE blocks, to which timm's optimizers apply no weight decay.

        A norm after a convolution cancels the shrinking by decay; no norm follows these weights.
        Decayed at the convolutions' rate, the gates of half the blocks became constants.
        """
        return {name for name, _ in self.named_parameters() if ".se." in name}


def _build(name: str, pretrained: bool, **kwargs: Any) -> SlimResNet:
    plan = {"block": Bottleneck, "layers": (3, 4, 6, 3), "channels": (16, 48, 96, 224)}
    model: SlimResNet = build_model_with_cfg(SlimResNet, name, pretrained, **plan, **kwargs)
    return model


def seresnet50_slim(pretrained: bool = False, **kwargs: Any) -> SlimResNet:
    """Build the embedded SE-ResNet (N×3×64×64 images to N×200 logits)."""
    return _build(ARCHITECTURE, pretrained, block_args={"attn_layer": "se"}, **kwargs)


def resnet50_slim(pretrained: bool = False, **kwargs: Any) -> SlimResNet:
    """Build the embedded network's twin without SE (N×3×64×64 images to N×200 logits)."""
    return _build(TWIN_ARCHITECTURE, pretrained, **kwargs)
