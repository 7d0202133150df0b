"""Weights of a wider network made from a narrower one's (Net2WiderNet, arXiv 1511.05641).

Each channel of the wide network copies one of the narrow network's, and the weights that read a
channel with n copies are divided by n: so both compute the same, but for a little noise by which
the copies become different in training.
"""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

NOISE = 0.03  # in standard deviations of a tensor's weights; without it, copies would stay equal
BLOCK = re.compile(r"(layer(\d)\.(\d+))\.(conv1|conv2|conv3|bn\d|downsample|se\.fc1|se\.fc2)\b")
WRITES = {"conv1": "first", "bn1": "first", "conv2": "second", "bn2": "second", "se.fc1": "hidden"}
READS = {"conv2": "first", "conv3": "second", "se.fc2": "hidden"}


def widen(
    narrow: Mapping[str, Tensor], wide: Mapping[str, Tensor], *, noise: float = NOISE, seed: int = 0
) -> dict[str, Tensor]:
    """Make weights of the wide network's shapes from the narrow network's (both: state_dicts).

    Both are bottleneck ResNets of timm's of the same depth; KeyError where not.
    """
    copies = _Copies(torch.Generator().manual_seed(seed))
    return {name: copies.widen(name, narrow[name], wide[name].shape, noise=noise) for name in wide}


class _Copies:
    """For each space of channels: the narrow channel that each wide channel copies."""

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator
        self._sources: dict[str, Tensor] = {}

    def widen(self, name: str, weight: Tensor, shape: torch.Size, *, noise: float) -> Tensor:
        """Copy a weight's channels until it has the shape."""
        if not weight.shape:  # a count
            return weight
        written, read = _spaces(name)
        wide = weight.float()[self._sources_of(written, weight.shape[0], shape[0])]
        if len(shape) > 1:
            sources = self._sources_of(read, weight.shape[1], shape[1])
            counts = sources.bincount(minlength=weight.shape[1])[sources]
            wide = wide[:, sources] / counts.view(1, -1, *[1] * (len(shape) - 2))
            wide += noise * wide.std() * torch.randn(wide.shape, generator=self._generator)
        return wide

    def _sources_of(self, space: str, narrow: int, wide: int) -> Tensor:
        """Return each wide channel's source: all narrow channels once, then random ones."""
        if space not in self._sources:
            more = [
                torch.randperm(narrow, generator=self._generator) for _ in range(wide // narrow)
            ]
            self._sources[space] = torch.cat([torch.arange(narrow), *more])[:wide]
        return self._sources[space]


def _spaces(name: str) -> tuple[str, str]:
    """Return the space of channels that a weight writes, and the one that it reads."""
    if (match := BLOCK.match(name)) is None:
        return ("stem", "colours") if name.startswith(("conv1", "bn1")) else ("classes", "layer4")
    block, stage, index, part = match.groups()
    before = "stem" if stage == "1" else f"layer{int(stage) - 1}"
    entering = before if index == "0" else f"layer{stage}"
    residual = {"conv1": entering, "downsample": entering}.get(part, f"layer{stage}")
    writes = f"{block}.{WRITES[part]}" if part in WRITES else f"layer{stage}"
    return writes, f"{block}.{READS[part]}" if part in READS else residual
