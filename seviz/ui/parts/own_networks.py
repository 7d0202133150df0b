"""A visitor's own networks, as the page keeps them: in the visitor's state, and nowhere else.

Their files lie in the app's own folder, which is not served, as long as a state holds them. Nobody
else's work finds them (`seviz.zoo.catalogue.with_networks`).
"""

import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from shutil import move, rmtree
from tempfile import mkdtemp
from weakref import WeakSet, finalize

from seviz import limits
from seviz.errors import UserError
from seviz.passes.dispatch import ZOO
from seviz.phrases import brief
from seviz.ui.parts.own_folder import private_folder
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.shards import INDEX, WEIGHTS, listed_shards
from seviz.zoo.weights import listed as names_words

VARIABLE = "SEVIZ_ALLOW_UPLOADS"
PRIVATE = "private"  # says of a Space what the code can't see
YES, NO = ("1", "true", "yes"), ("", "0", "false", "no")
MB = 1_000_000
LONGEST = 60  # characters of a file's name
NOT_HERE = (
    "This page takes no networks: the server was started without --allow-uploads; open yours with "
    "seviz app --checkpoint FILE --arch ARCH on your own machine."
)
PICKLE = (
    "{} is not a {} file; on your own machine, seviz convert FILE OUT.safetensors turns a file of "
    "torch.save into one, which is then sent."
)

ONE = (
    f"Send one {WEIGHTS} file, or shards with their index (*{INDEX}) in one choice, and with them "
    "at most one .txt file of class names."
)

_allowed = threading.Event()


def allow(option: bool) -> str:
    """Take networks from visitors from now on, or none; returns a notice, or "".

    option: as given at the launch; UserError where they may not be taken. Else the environment
    says it, and is told in the notice why they are not taken. On a Space they are only taken where
    the environment says that it is private: anybody may come to a public one, and a Space does not
    know which it is.
    """
    _allowed.clear()
    said = os.environ.get(VARIABLE, "").lower()
    try:
        if _wanted(option, said):
            _check_private(said)
            _allowed.set()
    except UserError as error:
        if option:
            raise
        return str(error)
    return ""


def _wanted(option: bool, said: str) -> bool:
    if said not in (*YES, *NO, PRIVATE):
        raise UserError(f"{VARIABLE} is “{brief(said)}”; give 1, or {PRIVATE} on a private Space.")
    return option or said not in NO


def _check_private(said: str) -> None:
    if "SPACE_ID" in os.environ and said != PRIVATE:
        raise UserError(
            "Networks are not uploaded to a public Space, and a Space can't see whether it is "
            f"public; where yours is private, set {VARIABLE}={PRIVATE} in its settings."
        )
    if os.environ.get("GRADIO_SHARE", "").lower() == "true":
        raise UserError(
            "Networks are not uploaded to a page with a public address, which GRADIO_SHARE makes; "
            "unset it, or leave out --allow-uploads."
        )


def allowed() -> bool:
    """Tell whether visitors may upload networks."""
    return _allowed.is_set()


def check_allowed() -> None:
    """Raise UserError where visitors may upload no networks."""
    if not allowed():
        raise UserError(NOT_HERE)


class Sent:
    """Weights that a visitor sent; their files are deleted when nothing holds this any more.

    file: the weights, or the index of their shards; bytes: of all files.
    """

    def __init__(self, *uploads: tuple[Path, str]) -> None:
        """Move uploads away from those that are served, each with the visitor's name for it.

        UserError where they are not one safetensors file, or shards with their index, or there is
        no room for them.
        """
        first = _first_of([name for _, name in uploads])
        self.bytes = sum(upload.stat().st_size for upload, _ in uploads)
        limits.NETWORK.check(-(-self.bytes // MB), "this has")
        if (self.bytes + sum(held.bytes for held in list(HELD))) // MB > limits.NETWORKS.value:
            raise UserError(limits.NETWORKS.example)
        folder = Path(mkdtemp(dir=private_folder()))
        self.file = folder / _plain(first)
        _start_to_clean_up()
        finalize(self, _GONE.put, self.file)
        for upload, name in uploads:
            move(upload, folder / _plain(name))
        if len(uploads) > 1:
            _check_shards(self.file)
        HELD.add(self)


HELD: WeakSet[Sent] = WeakSet()  # by all visitors
_GONE: SimpleQueue[Path] = SimpleQueue()  # files; what a finalizer may do in any thread is to put


@dataclass(frozen=True, eq=False)  # compared by identity: the page detects a change by it
class OwnNetworks:
    """A visitor's networks, the latest first, each with its file, and the file that came last."""

    sent: Sent | None = None
    opened: tuple[tuple[Checkpoint, Sent], ...] = ()

    @property
    def sources(self) -> tuple[Checkpoint, ...]:
        """Return the networks that were opened."""
        return tuple(source for source, _ in self.opened)

    def with_opened(self, source: Checkpoint, sent: Sent) -> "OwnNetworks":
        """Add a network; beyond as many as a visitor may have, the oldest are dropped."""
        kept = ((source, sent), *self.opened)[: max(1, limits.OWN_NETWORKS.value)]
        return OwnNetworks(sent, kept)


def own_networks_of(value: object) -> OwnNetworks:
    """Return what a state holds; nothing where a client forged it, or it was put away."""
    return value if isinstance(value, OwnNetworks) else OwnNetworks()


def networks_of(value: object) -> tuple[Checkpoint, ...]:
    """Return the networks of what a state holds."""
    return own_networks_of(value).sources


def _first_of(names: list[str]) -> str:
    """Return the name of the file to open: an index, or the only safetensors file.

    UserError where files of these names are not the weights of one network.
    """
    endings = [_ending(name) for name in names]
    if endings == [WEIGHTS]:
        return names[0]
    if endings.count(INDEX) != 1 or WEIGHTS not in endings:
        raise UserError(ONE)
    return names[endings.index(INDEX)]


def _ending(name: str) -> str:
    """Return how the name of weights, or of their index, ends; UserError of another file."""
    for ending in (INDEX, WEIGHTS):
        if name.lower().endswith(ending):
            return ending
    if name.lower().endswith(".json"):
        raise UserError(f"{name} is no index of shards, whose name ends in {INDEX}; leave it out.")
    raise UserError(PICKLE.format(name, WEIGHTS))


def _check_shards(index: Path) -> None:
    """Raise UserError unless the shards that an index lists are beside it, and no others."""
    try:
        listed = listed_shards(index)
    except UserError as error:  # where it is on the server, is not for its visitors
        raise UserError(str(error).replace(f"{index.parent}/", "")) from error
    sent = {file.name for file in index.parent.iterdir()} - {index.name}
    if missing := sorted({*listed} - sent):
        many = "one was" if len(missing) == 1 else f"{len(missing)} were"
        raise UserError(
            f"{index.name} lists {len(listed)} shards, of which {many} not sent: "
            f"{names_words(missing)}; send the index and all of its shards in one choice."
        )
    if others := sorted(sent.difference(listed)):
        raise UserError(
            f"{index.name} does not list {names_words(others)}; send the index and its own shards "
            "alone."
        )


def _plain(name: str) -> str:
    """Write a file's name with letters, digits, dots, dashes and underscores alone."""
    ending = _ending(name)
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in name[: -len(ending)])
    return f"{stem.lstrip('.')[:LONGEST] or 'network'}{ending}"


def _clean_up() -> None:
    """Delete files that no visitor has any more, and drop their networks from memory."""
    while True:
        file = _GONE.get()
        ZOO.forget(file)
        rmtree(file.parent, ignore_errors=True)


@cache
def _start_to_clean_up() -> None:
    threading.Thread(target=_clean_up, name="networks-gone", daemon=True).start()
