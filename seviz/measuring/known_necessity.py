"""Which blocks networks need, where it is known: what ships, and what a file at the launch told."""

from functools import cache
from pathlib import Path

from seviz.errors import UserError
from seviz.measuring.necessity_file import load
from seviz.nets.embedded import ARCHITECTURE, ASSETS
from seviz.records.losses import SetNecessity
from seviz.zoo.catalogue import find, openable_sources
from seviz.zoo.sources import Source

FILE = ASSETS / f"{ARCHITECTURE}.necessity.json"  # of the embedded network

_brought: list[SetNecessity] = []


def known_necessity(key: str) -> SetNecessity | None:
    """Return which blocks a network needs over a data set; None where that was not measured."""
    source = find(key)
    known = [*_shipped(), *_brought]
    return next((found for found in reversed(known) if is_of(found, source)), None)


def is_of(found: SetNecessity, source: Source) -> bool:
    """Tell whether a network was measured, with the same weights where these are known."""
    same = found.weights is None or source.digest is None or found.weights == source.digest
    return found.network == source.identity and same


def bring(file: Path) -> None:
    """Make what a file of `necessity --out` tells known; UserError where no network here is its."""
    found = load(file)
    if not any(is_of(found, source) for source in openable_sources()):
        raise UserError(
            f"{file} is of “{found.network}” with other weights, or no network here is called so; "
            "measure the network anew by `seviz necessity --data`."
        )
    _brought.append(found)


@cache
def _shipped() -> tuple[SetNecessity, ...]:
    return (load(FILE),) if FILE.exists() else ()
