"""The networks that can be opened: the one place where keys are read."""

from functools import cache

from seviz.errors import UserError
from seviz.phrases import did_you_mean
from seviz.records.entry import Entry
from seviz.zoo import registered
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.published import published
from seviz.zoo.sources import Source

EMBEDDED, TWIN = registered.EMBEDDED, registered.TWIN
_own: Checkpoint | None = None


def bring(checkpoint: Checkpoint) -> str:
    """Put somebody's own network into the catalogue of this process; returns its key."""
    global _own
    _own = checkpoint
    return checkpoint.key


def find(text: str) -> Source:
    """Return the network of a key, or of a name as people type it, with or without its tag.

    Raises UserError with the nearest keys where there is none.
    """
    known = _sources()
    if text in known:
        return known[text]
    for source in known.values():
        if text in source.names:
            return source  # timm lists an architecture's default tag first
    near = did_you_mean(text, all_keys(), otherwise=[EMBEDDED])
    raise UserError(f"There is no network “{text}”; {near}")


def to_open() -> tuple[Source, ...]:
    """List the embedded network, somebody's own, then others by group and name.

    Networks without SE can be measured, but are not listed, as they have no gates to open.
    """
    return tuple(source for source in _sources().values() if source.has_gates)


def all_keys() -> tuple[str, ...]:
    """List the keys of the networks that can be opened."""
    return tuple(source.key for source in to_open())


def entries() -> list[Entry]:
    """Return the entries of the networks that can be opened."""
    return [source.entry() for source in to_open()]


def _sources() -> dict[str, Source]:
    first, *rest = _fixed()
    sources = (first, *([_own] if _own else []), *rest)
    return {source.key: source for source in sources}


@cache
def _fixed() -> tuple[Source, ...]:
    """List the networks that every process knows."""
    return (*registered.embedded(), *published(), *registered.laboratory().values())
