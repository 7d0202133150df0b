"""The edits of a gate, Tensor to Tensor, pure.

A rule takes the gates s that the rows themselves computed (N×C×1×1) and returns what takes their
place; it is applied to every row of the batch, and the rows it is meant for are selected after.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from seviz.records import Arm

Rule = Callable[[Tensor], Tensor]

RULES: dict[str, Rule] = {
    "identity": torch.ones_like,  # no recalibration: s·U = U
}


def edit(s: Tensor, arms: Sequence[Arm], rows: Sequence[Tensor]) -> Tensor:
    """Apply each arm's edits to its own rows of s.

    rows[a] is a boolean N×1×1×1: the rows of the batch that belong to arms[a]. Rows without edits
    keep their values bit by bit. A selection instead of indexing keeps CUDA from waiting.
    """
    for arm, mine in zip(arms, rows, strict=True):
        for change in arm.edits:
            s = torch.where(mine, RULES[change.rule](s), s)
    return s
