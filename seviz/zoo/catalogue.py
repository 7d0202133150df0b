"""The networks that can be opened, and what is known of each before it is loaded.

The embedded one, timm's SE networks that have weights, a checkpoint that somebody brings, and the
laboratory's.
"""

import difflib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import huggingface_hub
import timm
import torch
from timm.models import get_pretrained_cfg, split_model_name_tag
from timm.models._pretrained import PretrainedCfg

from seviz.errors import UserError
from seviz.nets import shipped as lab
from seviz.nets.embedded import (
    ARCHITECTURE,
    ASSETS,
    DATA,
    EMBEDDED_NAME,
    TWIN_ARCHITECTURE,
    TWIN_NAME,
    trained,
)
from seviz.records.entry import Entry
from seviz.zoo.checkpoint import Checkpoint

EMBEDDED = "embedded"  # the key of the network that needs no download
TWIN = "twin"  # its twin without SE: can be measured, but has no gates to open
OWN = "checkpoint"  # the key of somebody's own network
HUB_FILE = "model.safetensors"
GROUPS = {"seresnet": "SE-ResNet", "seresnext": "SE-ResNeXt", "senet": "SENet"}
FAMILY = re.compile(r"^(legacy_)?(seresnet|seresnext|senet)(\w*\d\w*)$")
OTHERS = {  # a few networks of other kinds whose blocks hold SE
    "efficientnet_b0.ra_in1k": "EfficientNet-B0",
    "efficientnetv2_rw_t.ra2_in1k": "EfficientNetV2-T",
    "ese_vovnet19b_dw.ra_in1k": "eSE-VoVNet-19b-dw",
    "mobilenetv3_large_100.ra_in1k": "MobileNetV3-large",
    "regnety_016.tv2_in1k": "RegNetY-1.6GF",
    "regnety_032.ra_in1k": "RegNetY-3.2GF",
    "resnetrs50.tf_in1k": "ResNet-RS-50",
    "semnasnet_100.rmsp_in1k": "MnasNet-A1",
}

_own: Checkpoint | None = None


class Published(NamedTuple):
    """A network's line in assets/networks.tsv; accuracies in %, None where none is published."""

    parameters: int
    top1: float | None
    top5: float | None


def bring(checkpoint: Checkpoint) -> str:
    """Put somebody's own network into the catalogue of this process; returns its key."""
    global _own
    _own = checkpoint
    return OWN


def own() -> Checkpoint | None:
    """Return the checkpoint that was brought."""
    return _own


def all_keys() -> tuple[str, ...]:
    """Keys of the catalogue: the embedded network, somebody's own, then by group and name.

    Networks without SE can be measured, but are not listed, as they have no gates to open.
    """
    return (EMBEDDED, *([OWN] if _own else []), *_known(), *OTHERS, *lab.to_open())


@cache
def _known() -> tuple[str, ...]:
    known = [
        name
        for name in timm.list_models(pretrained=True)
        if FAMILY.match(_architecture(name)) and name in published()  # a newer timm may have more
    ]
    order = list(GROUPS.values())
    return tuple(sorted(known, key=lambda name: order.index(group(name))))


def find(key: str) -> str:
    """Return the catalogue's key for a name as people type it, with or without its tag.

    Raises UserError with the nearest keys where there is none.
    """
    if key in all_keys() or key in lab.shipped():
        return key
    for ours, name in ((EMBEDDED, EMBEDDED_NAME), (TWIN, TWIN_NAME)):
        if key in (ours, name, _architecture(name)):
            return ours
    if untagged := [known for known in all_keys() if _architecture(known) == key]:
        return untagged[0]  # timm lists an architecture's default tag first
    near = difflib.get_close_matches(key, all_keys(), 3, cutoff=0.5) or [EMBEDDED]
    raise UserError(f"There is no network “{key}”; did you mean {' or '.join(near)}?")


def timm_name(key: str) -> str:
    """Return the name under which timm knows a network of the catalogue."""
    if key in lab.shipped():
        return lab.timm_name(key)
    return {EMBEDDED: EMBEDDED_NAME, TWIN: TWIN_NAME}.get(key, key)


def title(key: str) -> str:
    """Return a network's name for people, such as “SE-ResNet-50 · a1_in1k”."""
    if key == EMBEDDED:
        return "SE-ResNet-50 slim · embedded"
    if key == TWIN:
        return "ResNet-50 slim · the twin without SE"
    if key == OWN:
        return f"{_brought().file.name} · {_brought().architecture}"
    if key in lab.shipped():
        return lab.title(key)
    tag = split_model_name_tag(key)[1]
    if key in OTHERS:
        return f"{OTHERS[key]} · {tag}"
    legacy, _, variant = _family(key)
    name = f"{group(key)}-{variant.replace('_', ' ')}"
    return f"{name} · {'legacy ' if legacy else ''}{tag}"


def twin_of(key: str) -> str | None:
    """Return the key of the plain network that was trained as this one was, if there is one."""
    if key in lab.shipped():
        return lab.twin(key)
    return TWIN if key == EMBEDDED else None


def temperature(key: str) -> float | None:
    """Return what a network's logits are divided by for honest probabilities, where measured."""
    if key in lab.shipped():
        return lab.shipped()[key].temperature
    return trained(ARCHITECTURE)["history"][-1].get("temperature") if key == EMBEDDED else None


def identity(key: str) -> str:
    """Return what tells a network from all others in a file that outlives this process."""
    return title(key) if key == OWN else key


def group(key: str) -> str:
    """Return the family that a network is listed under."""
    if key in (EMBEDDED, TWIN):
        return "embedded"
    if key == OWN:
        return "your own"
    if key in lab.shipped():
        return lab.GROUP
    return "other" if key in OTHERS else GROUPS[_family(key)[1]]


def source(key: str) -> tuple[str, str]:
    """Say where weights come from, by kind and place.

    (embedded, file), (checkpoint, file), (hub, repository) or (release, address).
    """
    if key == OWN:
        return "checkpoint", str(_brought().file)
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
    path = release_file(origin) if kind == "release" else Path(origin)
    return path if path.exists() else None


def release_file(url: str) -> Path:
    """Return where torch.hub keeps the file of a release URL."""
    return Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[-1]


@cache
def published() -> dict[str, Published]:
    """Read the table of parameters and accuracies (see its head for source and date)."""
    rows = (ASSETS / "networks.tsv").read_text("utf-8").splitlines()
    cells = [row.split("\t") for row in rows if not row.startswith(("#", "key\t"))]
    return _ours() | {
        key: Published(int(count), float(top1) if top1 else None, float(top5) if top5 else None)
        for key, count, top1, top5 in cells
    }


def _ours() -> dict[str, Published]:
    """Read what was measured on the embedded pair, and of the laboratory the weights that ship."""
    facts = {EMBEDDED: trained(ARCHITECTURE), TWIN: trained(TWIN_ARCHITECTURE)}
    pair = {
        key: Published(run["parameters"], *(100 * run["history"][-1][k] for k in ("top1", "top5")))
        for key, run in facts.items()
    }
    return pair | {
        key: Published(
            found.parameters,
            100 * found.top1[found.shipped_seed],
            100 * found.top5[found.shipped_seed],
        )
        for key, found in lab.shipped().items()
    }


def entry(key: str) -> Entry:
    """Return the catalogue's entry of a key; UserError where there is none."""
    key = find(key)
    kind, origin = source(key)
    if key == OWN:
        mine = _brought()
        architecture, tag, licence = mine.architecture, "", "unknown"
        input_size, facts = mine.input_size, Published(mine.parameters, None, None)
    else:
        cfg = _cfg(key)
        architecture, tag = split_model_name_tag(timm_name(key))
        licence, input_size, facts = cfg.license or "unknown", cfg.input_size, published()[key]
    return Entry(
        key=key,
        title=title(key),
        group=group(key),
        source=kind,
        origin=origin if kind in ("hub", "release") else Path(origin).name,
        architecture=architecture,
        tag=tag,
        parameters=facts.parameters,
        input_size=input_size,
        licence=licence,
        top1=facts.top1,
        top5=facts.top5,
        measured_on=_measured_on(key),
        cached=local_file(key) is not None,
    )


def _measured_on(key: str) -> str:
    """Name the data set whose validation images the accuracies of a network are of."""
    if key in lab.shipped():
        return lab.measured_on()
    return DATA if group(key) == "embedded" else "ImageNet-1k"


def entries() -> list[Entry]:
    """Return all entries, in the order of their keys."""
    return [entry(key) for key in all_keys()]


def _brought() -> Checkpoint:
    if _own is None:
        raise UserError("No checkpoint was given; start with --checkpoint FILE --arch ARCH.")
    return _own


def _cfg(key: str) -> PretrainedCfg:
    cfg = get_pretrained_cfg(timm_name(key))
    assert cfg is not None, key
    return cfg


def _architecture(name: str) -> str:
    return str(split_model_name_tag(name)[0])


def _family(key: str) -> tuple[str, str, str]:
    match = FAMILY.match(_architecture(key))
    assert match is not None, key
    legacy, family, variant = match.groups()
    return legacy or "", family, variant
