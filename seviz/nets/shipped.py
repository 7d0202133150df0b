"""The variants whose weights are part of seviz (assets/lab).

Only variants with SE can be opened, as the others have no gates. The plain hosts are their twins:
the same networks without SE, trained by the same recipe.
"""

from functools import cache
from pathlib import Path
from typing import Any

from seviz.nets.embedded import DATA, PREPROCESSING
from seviz.nets.results import FILE, WEIGHTS, VariantFigures, results
from seviz.nets.variants import VARIANTS

TAG = "tiny_in"


@cache
def shipped_results() -> dict[str, VariantFigures]:
    """Return the figures of the variants whose weights are shipped, by key."""
    if not FILE.exists():
        return {}
    return {
        key: figures
        for key, figures in results().variants.items()
        if key in VARIANTS and weights_file(key).exists()
    }


def openable_keys() -> tuple[str, ...]:
    """Return the keys of the shipped variants with SE, in the order of the studies."""
    return tuple(key for key in shipped_results() if not VARIANTS[key].plain)


def accuracy_images() -> str:
    """Describe the images on which the study measured accuracy."""
    return f"{len(results().classes)} classes of {DATA}"


def timm_name(key: str) -> str:
    """Return the name by which a variant is registered with timm."""
    return f"{key}.{TAG}"


def weights_file(key: str) -> Path:
    """Return the path of a variant's weights, whether or not they are shipped."""
    return WEIGHTS / f"{key}.safetensors"


def cfg(key: str) -> dict[str, Any]:
    """Describe the weights of a variant in timm's terms."""
    return {
        "file": str(weights_file(key)),
        "num_classes": len(results().classes) if FILE.exists() else 1000,
        **PREPROCESSING,
        "pool_size": (4, 4),
        "classifier": "fc",
        "license": "imagenet-non-commercial",
        "description": f"{VARIANTS[key].title}, trained on {DATA}.",
    }
