"""Importing this makes the networks whose weights are part of seviz known to timm."""

from functools import partial
from typing import Any

import torch
from timm.models import build_model_with_cfg, generate_default_cfgs, register_model

from seviz.nets import embedded, shipped
from seviz.nets.hosts import Host
from seviz.nets.slim import resnet50_slim, seresnet50_slim
from seviz.nets.variants import VARIANTS


def _variant(key: str, pretrained: bool = False, *, device: str = "cpu", **kwargs: Any) -> Host:
    with torch.device(device):
        model: Host = build_model_with_cfg(VARIANTS[key].build, key, pretrained, **kwargs)
    return model


BUILDERS: dict[str, Any] = {
    embedded.ARCHITECTURE: seresnet50_slim,
    embedded.TWIN_ARCHITECTURE: resnet50_slim,
    **{key: partial(_variant, key) for key in VARIANTS},
}
default_cfgs = generate_default_cfgs(  # timm looks for them under this name
    {
        embedded.EMBEDDED_NAME: embedded.cfg(embedded.ARCHITECTURE),
        embedded.TWIN_NAME: embedded.cfg(embedded.TWIN_ARCHITECTURE),
        **{shipped.timm_name(key): shipped.cfg(key) for key in VARIANTS},
    }
)
for _name, _build in BUILDERS.items():
    _entry: Any = partial(_build)
    _entry.__name__, _entry.__module__ = _name, __name__  # timm reads both
    register_model(_entry)
