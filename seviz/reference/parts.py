"""What the processes of a run have gathered so far, in files: a killed one goes on from there.

Each process of each run writes a file of its own, of only what it gathered itself, and never
changes another's. A run reads what all earlier files have, and deals the rest. So neither a kill at
any moment nor another number of processes counts an image twice, or leaves one out.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load as from_bytes
from safetensors.numpy import save as to_bytes

from seviz.errors import UserError
from seviz.files import make_folder, write_whole
from seviz.photos.batch import Piece, Unreadable
from seviz.photos.loader import Loader
from seviz.reference.streams import Arrays

METADATA = "seviz_part"
Facts = Mapping[str, Any]  # of the whole work, as JSON: those of all its parts are equal


def parts_beside(out: Path) -> Path:
    """Return the folder of what has been gathered so far for a file."""
    return out.with_name(f"{out.name}.parts")


@dataclass
class Share:
    """Which images of a data set a process has taken, readable or not.

    pieces: by number, from which place to which, and whether the piece ended. seen: the images that
    were read, by label.
    """

    pieces: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    seen: Counter[int] = field(default_factory=Counter)
    unreadable: Unreadable = field(default_factory=Unreadable)

    @classmethod
    def of(cls, loader: Loader) -> "Share":
        """Return what a loader has yielded so far."""
        pieces = {
            piece.number: (
                piece.start,
                loader.taken[piece.number],
                piece.number in loader.ended,
            )
            for piece in loader.pieces
        }
        begun = {n: (at, to, end) for n, (at, to, end) in pieces.items() if to > at or end}
        return cls(begun, loader.seen, loader.unreadable)

    def merge(self, other: "Share") -> None:
        """Add another process's counts; pieces are compared by `rest`."""
        self.seen.update(other.seen)
        self.unreadable.merge(other.unreadable)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "pieces": [[number, *of] for number, of in self.pieces.items()],
            "seen": list(self.seen.items()),
            "unreadable": [self.unreadable.count, self.unreadable.first],
        }

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> "Share":
        """Return what `to_json` wrote."""
        pieces = {number: (at, to, end) for number, at, to, end in values["pieces"]}
        return cls(pieces, Counter(dict(values["seen"])), Unreadable(*values["unreadable"]))


def rest(pieces: Iterable[Piece], shares: Iterable[Share]) -> list[Piece]:
    """Return what no share has of some pieces; UserError where two shares have the same images."""
    parts: dict[int, list[tuple[int, int, bool]]] = {}
    for share in shares:
        for number, part in share.pieces.items():
            parts.setdefault(number, []).append(part)
    left = []
    for piece in pieces:
        at, ended = piece.start, False
        for start, to, end in sorted(parts.get(piece.number, [])):
            if start != at or ended:
                raise UserError(
                    "Two runs gathered the same images at once; delete the folder of parts beside "
                    "--out, and run one at a time."
                )
            at, ended = to, end
        if not ended:
            left.append(Piece(piece.number, at))
    return left


class Parts:
    """A folder of parts of one work, that of this process among them."""

    def __init__(self, folder: Path, facts: Facts) -> None:
        """Write nothing yet; facts: of the work, by what people call them."""
        self.folder, self._facts = folder, json.loads(json.dumps(facts))
        self._own = folder / f"{uuid.uuid4().hex}.safetensors"

    def shares(self) -> dict[str, Share]:
        """Return what has been gathered before, by the file's name.

        UserError where a file is of other work.
        """
        found = {}
        for file in sorted(self.folder.glob("*.safetensors")):
            try:
                with safe_open(file, "numpy") as opened:
                    metadata = json.loads((opened.metadata() or {})[METADATA])
                theirs, share = metadata["facts"], Share.of_json(metadata["share"])
            except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
                raise UserError(f"{file} is damaged; delete it, and run again.") from error
            if other := [name for name, fact in self._facts.items() if theirs.get(name) != fact]:
                raise UserError(
                    f"{self.folder} holds the beginning of another run, of other "
                    f"{' and '.join(other)}; delete it, or give what that run was given."
                )
            found[file.name] = share
        return found

    def read(self, name: str) -> Arrays:
        """Return the arrays of a file."""
        return dict(from_bytes((self.folder / name).read_bytes()))

    def write(self, share: Share, arrays: Arrays) -> None:
        """Write what this process has gathered, in place of what it wrote before, in one step."""
        make_folder(self.folder)
        metadata = {"facts": self._facts, "share": share.to_json()}
        write_whole(self._own, packed(arrays, {METADATA: json.dumps(metadata)}))


def packed(arrays: Arrays, metadata: dict[str, str] | None = None) -> bytes:
    """Return arrays as the content of a safetensors file."""
    # Safetensors takes the memory as it lies, which in an array may be transposed.
    return to_bytes({name: np.ascontiguousarray(of) for name, of in arrays.items()}, metadata)


def delete_parts(folder: Path) -> None:
    """Delete the parts of a work that is done, and their folder where nothing else is in it."""
    with suppress(OSError):  # other processes of the work delete them, too
        for file in folder.glob("*.safetensors"):
            file.unlink(missing_ok=True)
        folder.rmdir()


def delete_all_parts(folder: Path) -> None:
    """Delete the parts of all works of a run, each in a folder of its own in this one."""
    if folder.is_dir():
        for work in folder.iterdir():
            delete_parts(work)
    delete_parts(folder)
