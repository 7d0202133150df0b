"""Files of folded networks, made without folding."""

import json
from pathlib import Path
from typing import Any

import torch
from networks import awake
from safetensors.torch import save_file

from seviz.gates.sites import find_sites
from seviz.zoo import catalogue
from seviz.zoo.description import KEY, Description, Origin, Preprocessing
from seviz.zoo.folded import without_blocks

ARCHITECTURE = "seresnet18"
BLOCKS = tuple(f"SE_{stage}_{block}" for stage in (2, 3, 4, 5) for block in (1, 2))
PATHS = tuple(f"layer{stage}.{block}.se" for stage in (1, 2, 3, 4) for block in (0, 1))


def made_description(count: int = 2, **changes: Any) -> Description:
    """Describe a network whose last `count` blocks are folded, the last one as a fixed scale."""
    said: dict[str, Any] = {
        "architecture": ARCHITECTURE,
        "blocks": BLOCKS[-count:],
        "removed": PATHS[-count:-1],
        "scaled": ((PATHS[-1], 512),),
        "preprocessing": Preprocessing((64, 64), (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        "head": "softmax",
        "labels": ("ant", "bee", "cat"),
        "folders": ("n1", "n2", "n3"),
        "origin": Origin("made", "a" * 64, "static", "made gates"),
    }
    return Description(**said | changes)


def made_weights(description: Description) -> dict[str, torch.Tensor]:
    """Draw the weights of a folded network with three classes."""
    model = without_blocks(awake(ARCHITECTURE, num_classes=3), description)
    for name, values in model.state_dict().items():
        if name.endswith(".scale"):
            values.copy_(torch.linspace(0, 1, len(values)))
    return model.state_dict()


def write_folded(path: Path, weights: dict[str, torch.Tensor], said: object) -> Path:
    """Write a file; said: a description, or what stands in its place, as JSON."""
    text = said.to_json() if isinstance(said, Description) else json.dumps(said)
    save_file(weights, path, {KEY: text})
    return path


def write_folded_embedded(path: Path) -> Path:
    """Write random weights of the embedded network's architecture, with all gates folded."""
    source = catalogue.find("embedded")
    sites = find_sites(source.skeleton())
    description = made_description(
        architecture=source.architecture,
        blocks=tuple(site.name for site in sites),
        removed=tuple(site.path for site in sites),
        origin=Origin(source.identity, source.digest, "static", "made gates"),
        scaled=(),
        preprocessing=Preprocessing.of(source.config),
        labels=source.labels,
        folders=source.folders,
    )
    model = without_blocks(source.skeleton(), description)
    return write_folded(path, model.state_dict(), description)
