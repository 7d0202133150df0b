"""The variants whose weights are part of seviz (assets/lab), registered with timm.

Only variants with SE can be opened, as the others have no gates. The plain hosts are their twins:
the same networks without SE, trained by the same recipe.
"""

from functools import cache, partial
from pathlib import Path
from typing import Any

from timm.models import build_model_with_cfg, generate_default_cfgs, register_model

from seviz.nets.embedded import DATA
from seviz.nets.hosts import Host
from seviz.nets.results import FILE, WEIGHTS, VariantFigures, results
from seviz.nets.variants import SIDE, VARIANTS

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


def _cfg(key: str) -> dict[str, Any]:
    return {
        "file": str(weights_file(key)),
        "num_classes": len(results().classes) if FILE.exists() else 1000,
        "input_size": (3, SIDE, SIDE),
        "pool_size": (4, 4),
        "crop_pct": 1.0,
        "interpolation": "box",  # the filter of timm that costs photographs least
        "classifier": "fc",
        "license": "imagenet-non-commercial",
        "description": f"{VARIANTS[key].title}, trained on {DATA}.",
    }


default_cfgs = generate_default_cfgs({timm_name(key): _cfg(key) for key in VARIANTS})


def _build(key: str, pretrained: bool = False, **kwargs: Any) -> Host:
    model: Host = build_model_with_cfg(VARIANTS[key].build, key, pretrained, **kwargs)
    return model


for _key in VARIANTS:
    _entry: Any = partial(_build, _key)
    _entry.__name__, _entry.__module__ = _key, __name__  # timm reads both
    register_model(_entry)
