"""The pair of networks whose weights are part of seviz, registered with timm.

The embedded network is an SE-ResNet with the article's [3, 4, 6, 3] bottlenecks, so its sixteen SE
blocks have the article's names (SE_2_1 … SE_5_3). It is narrow, and made for 64×64 images: after a
3×3 stem of stride 2 without pooling, stages 2 to 5 have 32, 16, 8 and 4 pixels a side. Its twin has
the same blocks without SE, and was trained by the same recipe.
"""

import json
from pathlib import Path
from typing import Any

from timm.models import ResNet, build_model_with_cfg, generate_default_cfgs, register_model
from timm.models.resnet import Bottleneck
from torch import nn

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parent / "assets"  # an installed package has its assets inside instead
ASSETS = CHECKOUT if (CHECKOUT / "classes.tsv").is_file() else PACKAGE / "assets"
ARCHITECTURE = "seresnet50_slim"
TWIN_ARCHITECTURE = "resnet50_slim"
TAG = "tiny_in200"
EMBEDDED_NAME = f"{ARCHITECTURE}.{TAG}"
TWIN_NAME = f"{TWIN_ARCHITECTURE}.{TAG}"
DATA = "Tiny-ImageNet-200"


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


def run_facts(architecture: str) -> dict[str, Any]:
    """Read the recipe and the figures of the run that trained an embedded network."""
    facts: dict[str, Any] = json.loads((ASSETS / f"{architecture}.json").read_text("utf-8"))
    return facts


def _cfg(architecture: str) -> dict[str, Any]:
    return {
        "file": str(ASSETS / f"{architecture}.safetensors"),
        "num_classes": len((ASSETS / "classes.tsv").read_text("utf-8").splitlines()),
        "input_size": (3, 64, 64),
        "pool_size": (4, 4),
        "crop_pct": 1.0,
        "interpolation": "box",  # the filter of timm that costs photographs least
        "first_conv": "conv1",
        "classifier": "fc",
        "license": "imagenet-non-commercial",
        "description": f"ResNet [3, 4, 6, 3] of widths 16-224, trained on {DATA}.",
    }


default_cfgs = generate_default_cfgs(
    {EMBEDDED_NAME: _cfg(ARCHITECTURE), TWIN_NAME: _cfg(TWIN_ARCHITECTURE)}
)


def _build(name: str, pretrained: bool, **kwargs: Any) -> SlimResNet:
    plan = {"block": Bottleneck, "layers": (3, 4, 6, 3), "channels": (16, 48, 96, 224)}
    model: SlimResNet = build_model_with_cfg(SlimResNet, name, pretrained, **plan, **kwargs)
    return model


@register_model  # type: ignore[untyped-decorator]
def seresnet50_slim(pretrained: bool = False, **kwargs: Any) -> SlimResNet:
    """Build the embedded SE-ResNet (N×3×64×64 images to N×200 logits)."""
    return _build(ARCHITECTURE, pretrained, block_args={"attn_layer": "se"}, **kwargs)


@register_model  # type: ignore[untyped-decorator]
def resnet50_slim(pretrained: bool = False, **kwargs: Any) -> SlimResNet:
    """Build the embedded network's twin without SE (N×3×64×64 images to N×200 logits)."""
    return _build(TWIN_ARCHITECTURE, pretrained, **kwargs)
