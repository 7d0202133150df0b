"""Compares the SE blocks that are found by structure with those that are found by class.

Every architecture of timm and torchvision passes one image, also those without SE: what is found by
structure should be what the classes tell, and nothing else should be called SE.
"""

import gc
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from seviz.bench.architectures import (
    MOST_PARAMETERS,
    images,
    make,
    seeded,
    smallest_side,
    write_line,
)
from seviz.errors import UserError
from seviz.gates.hooks import record
from seviz.gates.kinds import names_of
from seviz.gates.structure import find_blocks
from seviz.phrases import first_line
from seviz.records.sites import SE


@dataclass(frozen=True)
class Comparison:
    """What was found in one architecture, by the paths of modules.

    by_class: how many SE blocks are of a known class; missed: those of them that structure does not
    find; others: modules that structure calls SE, of a class that is no SE; relatives: how many
    blocks are of a class of a relative, such as ECA; unclear: what structure does not tell for
    sure; left_out: why the architecture was not tried, or "".
    """

    name: str
    side: int = 0
    by_class: int = 0
    missed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    relatives: int = 0
    unclear: tuple[str, ...] = ()
    left_out: str = ""
    seconds: float = 0.0


def compare_all(chosen: Iterable[str], state: Path) -> Iterator[Comparison]:
    """Compare architectures, and write each into `state`, a file of one JSON line each.

    Those that are there already are passed over, so a run that was ended can go on.
    """
    known = {found.name for found in read(state)}
    for name in chosen:
        if name in known:
            continue
        found = compare(name)
        write_line(state, asdict(found))
        yield found
        gc.collect()


def read(state: Path) -> list[Comparison]:
    """Read the comparisons that were written."""
    lines = state.read_text("utf-8").splitlines() if state.exists() else []
    return [_from_json(json.loads(line)) for line in lines]


def compare(name: str) -> Comparison:
    """Compare both ways for one architecture, with the weights of a seed."""
    start = time.perf_counter()
    parameters = sum(p.numel() for p in make(name, device="meta").parameters())
    if parameters > MOST_PARAMETERS:
        return Comparison(name, left_out="more than 60 M parameters")
    with seeded(0):
        model = make(name)
    try:
        side = smallest_side(model)
    except UserError as error:
        return Comparison(name, left_out=first_line(str(error)))
    with torch.no_grad():
        found = find_blocks(record(model, lambda: model(images(side, 1))))
    kinds = {path: names.kind for path, m in model.named_modules() if (names := names_of(m))}
    by_class = {path for path, kind in kinds.items() if kind == SE}
    clear = {block.path for block in found if not block.unclear and block.kind == SE}
    return Comparison(
        name,
        side=side,
        by_class=len(by_class),
        missed=tuple(sorted(by_class - clear)),
        others=tuple(sorted(clear - kinds.keys())),
        relatives=len(kinds) - len(by_class),
        unclear=tuple(f"{block.path} {block.unclear}" for block in found if block.unclear),
        seconds=round(time.perf_counter() - start, 1),
    )


def _from_json(values: dict[str, object]) -> Comparison:
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Comparison(**{**values, **lists})  # type: ignore[arg-type]
