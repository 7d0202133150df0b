"""Where a run starts: from nothing, or from the weights that an earlier run has shipped."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.files import hexdigest
from seviz.training.widen import widened
from seviz.zoo.checkpoint import check_file


def fingerprint(weights: Path) -> str:
    """Tell one file of weights from another: the start of its sha256. UserError if it is none."""
    check_file(weights)
    return hexdigest(weights)[:16]


def load_start(model: nn.Module, weights: Path) -> dict[str, Any]:
    """Load the weights of an earlier run; returns the facts that stand beside them, if they do.

    Weights that were shipped in float16 go on in float32, and those of a narrower network of the
    same plan are widened. UserError where they don't fit.
    """
    found, wanted = load_file(weights), model.state_dict()
    if not _fit(found, wanted):
        name = type(model).__name__
        raise UserError(f"{weights} does not fit {name}; give weights of --model.")
    if any(found[name].shape != wanted[name].shape for name in wanted):
        found = widened(found, wanted)
    model.load_state_dict(found)
    beside = weights.with_suffix(".json")
    facts: dict[str, Any] = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    return facts


def _fit(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> bool:
    """Tell whether weights have the network's names, its classes, and no more channels than it."""
    return (
        found.keys() == wanted.keys()
        and found["fc.bias"].shape == wanted["fc.bias"].shape
        and all(
            len(found[name].shape) == len(value.shape)
            and all(a <= b for a, b in zip(found[name].shape, value.shape, strict=True))
            for name, value in wanted.items()
        )
    )
