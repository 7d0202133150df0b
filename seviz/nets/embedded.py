"""The pair of networks whose weights are part of seviz: their facts (`seviz.nets.slim` is them).

The embedded network is an SE-ResNet with the article's [3, 4, 6, 3] bottlenecks, so its sixteen SE
blocks have the article's names (SE_2_1 … SE_5_3). It is narrow, and made for 64×64 images: after a
3×3 stem of stride 2 without pooling, stages 2 to 5 have 32, 16, 8 and 4 pixels a side. Its twin has
the same blocks without SE, and was trained by the same recipe.
"""

import json
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parent / "assets"  # an installed package has its assets inside instead
ASSETS = CHECKOUT if (CHECKOUT / "classes.tsv").is_file() else PACKAGE / "assets"
ARCHITECTURE = "seresnet50_slim"
TWIN_ARCHITECTURE = "resnet50_slim"
TAG = "tiny_in200"
EMBEDDED_NAME = f"{ARCHITECTURE}.{TAG}"
TWIN_NAME = f"{TWIN_ARCHITECTURE}.{TAG}"
DATA = "Tiny-ImageNet-200"
# In timm's terms, how images are brought to the input of all networks whose weights ship.
PREPROCESSING: dict[str, Any] = {
    "input_size": (3, 64, 64),
    "interpolation": "box",  # the filter of timm that costs photographs least
    "mean": (0.485, 0.456, 0.406),
    "std": (0.229, 0.224, 0.225),
    "crop_pct": 1.0,
    "crop_mode": "center",
}


def run_facts(architecture: str) -> dict[str, Any]:
    """Read the recipe and the figures of the run that trained an embedded network."""
    facts: dict[str, Any] = json.loads((ASSETS / f"{architecture}.json").read_text("utf-8"))
    return facts


def cfg(architecture: str) -> dict[str, Any]:
    """Describe the weights of a network of the pair in timm's terms."""
    return {
        "file": str(ASSETS / f"{architecture}.safetensors"),
        "num_classes": len((ASSETS / "classes.tsv").read_text("utf-8").splitlines()),
        **PREPROCESSING,
        "pool_size": (4, 4),
        "first_conv": "conv1",
        "classifier": "fc",
        "license": "imagenet-non-commercial",
        "description": f"ResNet [3, 4, 6, 3] of widths 16-224, trained on {DATA}.",
    }
