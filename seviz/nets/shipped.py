"""The variants that travel with seviz, registered with timm like any other network.

A variant is there where assets/lab holds its weights; only those with SE have gates to open. The
plain hosts are their twins: the same networks without SE, trained by the same recipe.
"""

from functools import cache, partial
from typing import Any

from timm.models import build_model_with_cfg, generate_default_cfgs, register_model

from seviz.nets.embedded import DATA
from seviz.nets.hosts import Host
from seviz.nets.results import FILE, WEIGHTS, Found, results
from seviz.nets.variants import SIDE, VARIANTS

TAG = "tiny_in"


@cache
def shipped() -> dict[str, Found]:
    """Return what was found of the variants whose weights are here, by key."""
    if not FILE.exists():
        return {}
    return {
        key: found
        for key, found in results().variants.items()
        if key in VARIANTS and weights(key).exists()
    }


def to_open() -> tuple[str, ...]:
    """Return the keys of those that have gates to open, in the order of the studies."""
    return tuple(key for key in shipped() if not VARIANTS[key].plain)


def measured_on() -> str:
    """Name the images that the study's accuracies are of."""
    return f"{len(results().classes)} classes of {DATA}"


def timm_name(key: str) -> str:
    """Return the name under which timm knows a variant."""
    return f"{key}.{TAG}"


def weights(key: str) -> Any:
    """Return the file of a variant's weights."""
    return WEIGHTS / f"{key}.safetensors"


def _cfg(key: str) -> dict[str, Any]:
    found = FILE.exists()
    return {
        "file": str(weights(key)),
        "num_classes": len(results().classes) if found else 1000,
        "input_size": (3, SIDE, SIDE),
        "pool_size": (4, 4),
        "crop_pct": 1.0,
        "interpolation": "box",  # of timm's filters, photographs lose the least by this one
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
