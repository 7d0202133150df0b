"""The edits of a gate, Tensor to Tensor, pure.

A rule takes the gates s that the rows computed (N×C×1×1) and returns the gates that replace them.
It is applied to every row of the batch; then a mask selects the rows that are edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seviz.records.arms import Rule


@dataclass(frozen=True)
class Change:
    """An edit at one block: its rule, and the rows and channels that it changes.

    mask is a boolean N×1×1×1 or N×C×1×1: `torch.where` needs no wait for the device, as indexing
    would on CUDA. recorded holds gates that were recorded before, 1×C for all rows or N×C, by the
    rule that uses them.
    """

    rule: Rule
    mask: Tensor
    recorded: Mapping[Rule, Tensor]


def edit(s: Tensor, changes: Sequence[Change]) -> Tensor:
    """Apply changes in order to gates s (N×C×1×1); other rows and channels keep their bits."""
    for change in changes:
        s = torch.where(change.mask, _apply(change.rule, s, change.recorded), s)
    return s


def mask(rows: Tensor, channels: Sequence[tuple[int, int]], count: int) -> Tensor:
    """Mark rows (N, boolean) and channels of half-open ranges, all for none; count: of channels."""
    if not channels:
        return rows.view(-1, 1, 1, 1)
    chosen = np.zeros(count, np.bool_)  # a tensor takes 50 times as long to fill by ranges
    for first, stop in channels:
        chosen[first:stop] = True
    return rows.view(-1, 1, 1, 1) & torch.from_numpy(chosen).to(rows.device).view(1, -1, 1, 1)


def _apply(rule: Rule, s: Tensor, recorded: Mapping[Rule, Tensor]) -> Tensor:
    match rule.name:
        case "identity":  # no recalibration: s·U = U
            return torch.ones_like(s)
        case "set":
            return torch.full_like(s, rule.value)
        case "scale":
            return s * rule.value
        case "uniform":  # the scale is kept, the selection between channels is not
            return s.mean(1, keepdim=True).expand_as(s)
        case "shuffle":  # the same values, on other channels
            generator = torch.Generator().manual_seed(int(rule.value))
            return s[:, torch.randperm(s.shape[1], generator=generator).to(s.device)]
        case "mix":
            assert rule.of is not None
            return torch.lerp(s, _apply(rule.of, s, recorded), rule.value)
        case "static" | "resample":
            return recorded[rule].to(s)[..., None, None].expand_as(s)
    raise ValueError(f"no rule {rule.name}")
