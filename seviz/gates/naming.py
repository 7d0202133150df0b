"""Names blocks as the article does, where their paths tell the stage."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seviz.records.sites import Places, Site

# In ResNets of torchvision and timm, layer1 is the article's stage 2; blocks count from 0.
RESNET_BLOCK = re.compile(r"(?:^|\.)layer(\d+)\.(\d+)(?:\.|$)")


@dataclass(frozen=True)
class Located:
    """An SE block, where its tensors are, and after how many functions of a pass it comes."""

    site: Site
    places: Places
    depth: int = 0


def with_names(found: Sequence[Located]) -> tuple[Located, ...]:
    """Name blocks as the article does, where their paths tell the stage; no two get one name.

    Blocks of one residual block are named by their paths; the uses of one module are numbered, and
    blocks that one module computes itself are named by what their z enters.
    """
    named = [_name(at) for at in found]
    for name in (_path, _numbered, _entry):
        count = Counter(at.site.name for at in named)
        named = [
            at if count[at.site.name] == 1 else _renamed(at, name(at), stage=None, block=None)
            for at in named
        ]
    return tuple(named)


def _path(at: Located) -> str:
    return at.site.path


def _entry(at: Located) -> str:
    return f"{at.places.first.replace(':', '.')}#{at.site.use + 1}"  # a colon ends an arm's name


def _numbered(at: Located) -> str:
    return f"{at.site.path}#{at.site.use + 1}"


def _name(at: Located) -> Located:
    if match := RESNET_BLOCK.search(at.site.path):
        stage, block = int(match[1]) + 1, int(match[2]) + 1
        return _renamed(at, f"{at.site.kind}_{stage}_{block}", stage=stage, block=block)
    return at


def _renamed(at: Located, name: str, *, stage: int | None, block: int | None) -> Located:
    return replace(at, site=replace(at.site, name=name, stage=stage, block=block))
