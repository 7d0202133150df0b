"""Where a run starts: from nothing, or from the weights that an earlier run has shipped."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import nn

from seviz.checkpoint import check_file
from seviz.digest import hexdigest
from seviz.errors import UserError


def fingerprint(weights: Path) -> str:
    """Tell one file of weights from another: the start of its sha256. UserError if it is none."""
    check_file(weights)
    return hexdigest(weights)[:16]


def begin(model: nn.Module, weights: Path) -> dict[str, Any]:
    """Load the weights of an earlier run; returns the facts that stand beside them, if they do.

    Weights that were shipped in float16 go on in float32. UserError where they don't fit.
    """
    try:
        model.load_state_dict(load_file(weights))
    except RuntimeError as error:
        name = type(model).__name__
        raise UserError(f"{weights} does not fit this {name}; name weights of --model.") from error
    beside = weights.with_suffix(".json")
    facts: dict[str, Any] = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    return facts
