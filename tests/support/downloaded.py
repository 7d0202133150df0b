"""A network of the catalogue whose weights are here without a download: a small random one."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from networks import awake
from torch import nn

from seviz.zoo import catalogue
from seviz.zoo.sources import Figures, Source, Wrapped


@dataclass(frozen=True, kw_only=True)
class Downloaded(Wrapped):
    """A module in memory that is said to lie in a file of the Hub's cache; None: it does not."""

    file: Path | None
    kind = "hub"

    @property
    def local_file(self) -> Path | None:
        return self.file


def downloaded(patch: pytest.MonkeyPatch, key: str, file: Path | None) -> Source:
    """Let the catalogue have a random network of a key in place of the published one."""
    module, published = _small(), catalogue.find(key)
    network = Downloaded(
        key=key,
        title=published.title,
        group=published.group,
        architecture=published.architecture,
        figures=Figures(sum(p.numel() for p in module.parameters())),
        module=module,
        file=file,
    )
    others = [source for source in catalogue._built_in() if source.key != key]
    patch.setattr(catalogue, "_built_in", lambda: (*others, network))
    return network


@cache
def _small() -> nn.Module:
    """Make the network once; each of its sources builds a copy."""
    return awake("seresnet50_slim")
