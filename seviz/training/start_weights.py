"""The weights that a run starts from: those of an earlier run."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.files import hexdigest
from seviz.training.widen import widen
from seviz.zoo.weights import check_file


def fingerprint(weights: Path) -> str:
    """Return the first digits of a file's sha256; UserError where it is no file of weights."""
    check_file(weights)
    return hexdigest(weights)[:16]


def load_start(model: nn.Module, weights: Path) -> dict[str, Any]:
    """Load the weights of an earlier run; returns the facts in the .json beside them, if any.

    Weights in float16 become float32, and those of a narrower network with the same blocks are
    widened. UserError where they don't fit.
    """
    found, wanted = load_file(weights), model.state_dict()
    if not _fit(found, wanted):
        name = type(model).__name__
        raise UserError(f"{weights} does not fit {name}; give weights of --model.")
    if any(found[name].shape != wanted[name].shape for name in wanted):
        found = widen(found, wanted)
    model.load_state_dict(found)
    beside = weights.with_suffix(".json")
    facts: dict[str, Any] = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    return facts


def _fit(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> bool:
    """Tell whether weights have the network's names and classes, and at most its channels."""
    return (
        found.keys() == wanted.keys()
        and found["fc.bias"].shape == wanted["fc.bias"].shape
        and all(
            len(found[name].shape) == len(value.shape)
            and all(a <= b for a, b in zip(found[name].shape, value.shape, strict=True))
            for name, value in wanted.items()
        )
    )
