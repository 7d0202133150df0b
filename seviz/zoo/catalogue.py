"""The catalogue of networks, and the look-up of a network by its key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from seviz.errors import UserError
from seviz.phrases import brief, did_you_mean
from seviz.records.entry import Entry
from seviz.zoo import registered
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.folded import Folded, original
from seviz.zoo.published import published_sources
from seviz.zoo.shards import INDEX, WEIGHTS
from seviz.zoo.sources import Source

UPLOAD = "upload-"  # at the start of the key of a network that a visitor uploaded
EMBEDDED, TWIN = registered.EMBEDDED, registered.TWIN
_own: dict[str, Source] = {}  # users' networks, by their keys
_removed: set[str] = set()  # keys of networks that were users' until they were closed
_beside: dict[str, Source] = {}  # networks that a folded one stands beside in place of the twin

# The networks of the visitor whose event this is: nobody else finds them, by whatever key.
_visitors: ContextVar[tuple[Checkpoint, ...]] = ContextVar("seviz_visitors", default=())


@contextmanager
def with_networks(networks: tuple[Checkpoint, ...]) -> Iterator[None]:
    """Let a visitor's own networks be found and listed meanwhile, by this visitor's work alone.

    Threads that copy the context know them, too; a process that is forked is told (`visitors`).
    """
    token = _visitors.set(networks)
    try:
        yield
    finally:
        _visitors.reset(token)


def visitors() -> tuple[Checkpoint, ...]:
    """Return the networks of the visitor whose event this is; none where there is no visitor."""
    return _visitors.get()


def add_checkpoint(checkpoint: Checkpoint) -> str:
    """Add a user's own network to the catalogue of this process; returns its key.

    Another file, or the same one with other contents or settings, gets another key, so that no
    network is ever answered by another: checkpoint, checkpoint-2 …
    """
    for key, known in _own.items():
        if replace(known, key=checkpoint.key) == checkpoint:
            return key
    return add_own(checkpoint).key


def add_own(source: Source) -> Source:
    """Add a user's network under its key, or key-2, key-3 … where that is taken; returns it so."""
    names = (source.key if n == 1 else f"{source.key}-{n}" for n in count(1))
    known = _sources().keys() | _removed
    key = next(name for name in names if name not in known)
    _own[key] = added = replace(source, key=key)
    return added


def remove_own(key: str) -> None:
    """Take a user's network out of the catalogue; its key is not given to another."""
    _own.pop(key, None)
    _removed.add(key)


def put_beside(folded: Checkpoint, text: str) -> str:
    """Let a folded network stand beside the one that it was folded from, in place of its twin.

    text: the other's key or name, as of `find`, or its weights, as of `names_weights`; returns its
    key. UserError where the first is not folded, or from other weights, or the two do not answer
    the same question about the same input.
    """
    if not isinstance(folded, Folded):
        raise UserError(
            f"{folded.file.name} is not a file of `seviz fold`; only a folded network is opened "
            "beside its original: leave out --beside."
        )
    source = find(add_checkpoint(original(folded, text)) if names_weights(text) else text)
    if not source.has_gates:
        raise UserError(f"{source.title} has no SE; --beside names the network with SE.")
    for what, ours, theirs in (
        ("classes", folded.class_count, source.class_count),
        ("images of", folded.pixels, source.pixels),
    ):
        if ours != theirs:
            raise UserError(
                f"{folded.file.name} and {source.title} differ: {what} {ours}, and {theirs}; give "
                "--beside the network that it was folded from."
            )
    origin = folded.description.origin.weights
    if None not in (origin, source.digest) and origin != source.digest:
        raise UserError(
            f"{folded.file.name} was folded from other weights than those of {source.title}, whose "
            "answers it can't be compared with; give --beside the network that it was folded from."
        )
    _beside[source.key] = replace(source, twin=folded)
    return source.key


def names_weights(name: object) -> bool:
    """Tell whether a name is that of weights in files, and not of a network of the catalogue.

    These are a safetensors file, an index of shards, or a folder; a network's key or name comes
    before a folder that is called the same.
    """
    if not isinstance(name, str | os.PathLike):
        return False
    text = os.fspath(name)
    if text.lower().endswith((WEIGHTS, INDEX)):
        return True
    return bool(text) and Path(text).is_dir() and _known(text) is None


def find(text: str) -> Source:
    """Return the network of a key, or of a name as people type it, with or without its tag.

    Raises UserError with the nearest keys where there is none.
    """
    if not isinstance(text, str):  # scripts may give anything
        raise UserError(f"A network is chosen by its key, such as “{EMBEDDED}”: give a text.")
    if found := _known(text):
        return found
    if text.startswith(UPLOAD):
        raise UserError(
            "This network was uploaded to a page that is gone, or to somebody else's; upload it "
            "again."
        )
    near = did_you_mean(text, all_keys(), otherwise=[EMBEDDED])
    raise UserError(f"There is no network “{brief(text)}”; {near}")


def twin_at_hand(key: str) -> bool:
    """Tell whether a network has a twin without SE whose weights are on this machine."""
    twin = find(key).twin
    return twin is not None and twin.local_file is not None


def all_sources() -> tuple[Source, ...]:
    """List all networks, those that can be opened first; the others have no SE.

    Two of them can be compared, whatever they are.
    """
    others = tuple(source for source in _sources().values() if not source.has_gates)
    return openable_sources() + others


def openable_sources() -> tuple[Source, ...]:
    """List the networks with SE: the embedded one, users' own, then others by group and name.

    Networks without SE can be measured, but not opened, as they have no gates.
    """
    return tuple(source for source in _sources().values() if source.has_gates)


def all_keys() -> tuple[str, ...]:
    """List the keys of the networks that can be opened."""
    return tuple(source.key for source in openable_sources())


def entries() -> list[Entry]:
    """Return the entries of the networks that can be opened."""
    return [source.entry() for source in openable_sources()]


def _known(text: str) -> Source | None:
    """Return the network of a key or name; None where there is none."""
    known = _sources()
    if text in known:
        return known[text]
    # timm lists an architecture's default tag first.
    return next((source for source in known.values() if text in source.names), None)


def _sources() -> dict[str, Source]:
    first, *rest = _built_in()
    sources = (first, *visitors(), *_own.values(), *rest)
    return {source.key: source for source in sources} | _beside


@cache
def _built_in() -> tuple[Source, ...]:
    """List all networks but a user's own."""
    published = published_sources()
    return (
        *registered.embedded_pair(),
        *published,
        *(source.twin for source in published if source.twin),
        *registered.laboratory_sources().values(),
    )
