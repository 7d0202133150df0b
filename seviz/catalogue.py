"""The networks that can be opened: the embedded one, and timm's SE networks that have weights."""

import difflib
import re
from functools import cache
from pathlib import Path

import huggingface_hub
import timm
import torch
from timm.models import get_pretrained_cfg, split_model_name_tag
from timm.models._pretrained import PretrainedCfg

from seviz.embedded import EMBEDDED_NAME
from seviz.errors import UserError
from seviz.records import Entry

EMBEDDED = "embedded"  # the key of the network that needs no download
HUB_FILE = "model.safetensors"
GROUPS = {"seresnet": "SE-ResNet", "seresnext": "SE-ResNeXt", "senet": "SENet"}
FAMILY = re.compile(r"^(legacy_)?(seresnet|seresnext|senet)(\w*\d\w*)$")


@cache
def all_keys() -> tuple[str, ...]:
    """Keys of the catalogue, the embedded network first, then by group and name."""
    known = [
        name
        for name in timm.list_models(pretrained=True)
        if FAMILY.match(_architecture(name)) and name != EMBEDDED_NAME
    ]
    order = list(GROUPS.values())
    return (EMBEDDED, *sorted(known, key=lambda name: order.index(_group(name))))


def find(key: str) -> str:
    """Return the catalogue's key for a name as people type it, with or without its tag.

    Raises UserError with the nearest keys where there is none.
    """
    if key in all_keys():
        return key
    if key == EMBEDDED_NAME or key == _architecture(EMBEDDED_NAME):
        return EMBEDDED
    if untagged := [known for known in all_keys() if _architecture(known) == key]:
        return untagged[0]  # timm lists an architecture's default tag first
    near = difflib.get_close_matches(key, all_keys(), 3, cutoff=0.5) or [EMBEDDED]
    raise UserError(f"There is no network “{key}”; did you mean {' or '.join(near)}?")


def timm_name(key: str) -> str:
    """Return the name under which timm knows a network of the catalogue."""
    return EMBEDDED_NAME if key == EMBEDDED else key


def title(key: str) -> str:
    """Return a network's name for people, such as “SE-ResNet-50 · a1_in1k”."""
    if key == EMBEDDED:
        return "SE-ResNet-50 slim · embedded"
    tag = split_model_name_tag(key)[1]
    legacy, _, variant = _family(key)
    name = f"{_group(key)}-{variant.replace('_', ' ')}"
    return f"{name} · {'legacy ' if legacy else ''}{tag}"


def source(key: str) -> tuple[str, str]:
    """Say where weights come from: (embedded, file), (hub, repository) or (release, address)."""
    cfg = _cfg(key)
    if cfg.file:
        return "embedded", cfg.file
    if cfg.hf_hub_id:
        return "hub", str(cfg.hf_hub_id)
    return "release", str(cfg.url)


def local_file(key: str) -> Path | None:
    """Return the file of a network's weights on this machine; None where it must be downloaded."""
    kind, origin = source(key)
    if kind == "hub":
        found = huggingface_hub.try_to_load_from_cache(origin, HUB_FILE)
        return Path(found) if isinstance(found, str) else None
    path = Path(origin) if kind == "embedded" else release_file(origin)
    return path if path.exists() else None


def release_file(url: str) -> Path:
    """Return where torch.hub keeps the file of a release URL."""
    return Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[-1]


@cache
def parameters(key: str) -> int:
    """Count a network's parameters, without allocating them (about 0.1 s)."""
    model = timm.create_model(
        _architecture(timm_name(key)), device="meta", num_classes=_cfg(key).num_classes
    )
    return sum(p.numel() for p in model.parameters())


def entry(key: str) -> Entry:
    """Return the catalogue's entry of a key; UserError where there is none."""
    key = find(key)
    cfg = _cfg(key)
    architecture, tag = split_model_name_tag(timm_name(key))
    kind, origin = source(key)
    return Entry(
        key=key,
        title=title(key),
        group=_group(key),
        source=kind,
        origin=Path(origin).name if kind == "embedded" else origin,
        architecture=architecture,
        tag=tag,
        parameters=parameters(key),
        input_size=cfg.input_size,
        licence=cfg.license or "unknown",
        cached=local_file(key) is not None,
    )


def _cfg(key: str) -> PretrainedCfg:
    cfg = get_pretrained_cfg(timm_name(key))
    assert cfg is not None, key
    return cfg


def _architecture(name: str) -> str:
    return str(split_model_name_tag(name)[0])


def _group(key: str) -> str:
    if key == EMBEDDED:
        return "embedded"
    return GROUPS[_family(key)[1]]


def _family(key: str) -> tuple[str, str, str]:
    match = FAMILY.match(_architecture(key))
    assert match is not None, key
    legacy, family, variant = match.groups()
    return legacy or "", family, variant
