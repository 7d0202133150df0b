"""Somebody's file of weights: read, and its tensors matched to those of an architecture.

Training scripts write a network's tensors under prefixes (`module.`, `model.backbone.`), beside
other tensors (a loss's, an average's), and torch.compile and FSDP put names of wrappers in between.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from seviz.errors import UserError
from seviz.phrases import brief, join_list

if TYPE_CHECKING:
    from torch import Tensor

WRAPPERS = re.compile(r"(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
# Averages of the weights, which some scripts keep beside them: the weights themselves come first.
AVERAGES = re.compile(r"ema|swa|avg|average|shadow|teacher|momentum")
FORMATS = {"float16", "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2"}
COUNTERS = "num_batches_tracked"  # the batch norms' step counts, which evaluation does not use
LISTED = 3  # names in a sentence
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Match:
    """The tensors of a file that belong to a network.

    names: the network's names, each with the file's; prefix: what the file's have in front;
    left_out: the file's other tensors, which stand under none or another prefix.
    """

    names: dict[str, str]
    prefix: str
    left_out: tuple[str, ...]


def read_bytes(file: Path) -> bytes:
    """Return the content of a file of weights; UserError where it can't be read, or is a pickle."""
    if not file.is_file():
        raise UserError(f"{file} is not a file; give the path of a .safetensors file.")
    try:
        with file.open("rb") as stream:
            start = stream.read(9)  # of safetensors, the header's length and a brace
            if start[:2] == b"PK" or (start[:1] == b"\x80" and start[8:] != b"{"):
                out = file.with_suffix(".safetensors")
                if out == file:
                    out = file.with_name(f"{file.stem}-converted.safetensors")
                raise UserError(
                    f"{file} is a pickle, which may run any program when it is read; turn it into "
                    f"safetensors: python -m seviz convert {shlex.quote(str(file))} "
                    f"{shlex.quote(str(out))}"
                )
            return start + stream.read()
    except OSError as error:
        raise UserError(f"{file} can't be opened; check its permissions.") from error


def check_file(file: Path) -> None:
    """Raise UserError, which gives the reason, where a file is no safetensors file."""
    tensors(file, read_bytes(file))


def tensors(file: Path, content: bytes) -> dict[str, Tensor]:
    """Return the tensors of a file's content by name; UserError where it is no safetensors."""
    from safetensors.torch import load

    try:
        return load(content)
    except (SafetensorError, ValueError, RuntimeError, KeyError, OverflowError) as error:
        raise UserError(f"{file} is not a safetensors file, or is damaged.") from error


def match(names: Iterable[str], wanted: Collection[str]) -> Match:
    """Find under which prefix a file's names hold those of a network: most of them, if any.

    The order of the names, which safetensors reads in another one each time, does not matter.
    """
    bare: dict[str, str] = {}
    again = []  # names that differ from others by a wrapper's
    for name in sorted(names, key=lambda name: (bool(WRAPPERS.search(name)), name)):
        if bare.setdefault(WRAPPERS.sub("", name), name) != name:
            again.append(name)
    counts = Counter(prefix for name in bare for prefix, rest in _splits(name) if rest in wanted)
    full = [prefix for prefix, count in counts.items() if 2 * count > len(wanted)]
    prefix = min(
        full, key=lambda p: (-counts[p], p.count("."), bool(AVERAGES.search(p)), p), default=""
    )
    copies = tuple(other for other in full if len(other) > len(prefix))
    own = {
        name: original
        for name, original in bare.items()
        if name.startswith(prefix) and not (copies and name.startswith(copies))
    }
    return Match(
        names={name.removeprefix(prefix): original for name, original in own.items()},
        prefix=prefix,
        left_out=(*(name for name in bare if name not in own), *again),
    )


def _splits(name: str) -> Iterable[tuple[str, str]]:
    """Split a dotted name into a prefix, which may be empty, and the rest, in all ways."""
    ends = [0, *(found.end() for found in re.finditer(r"\.", name))]
    return ((name[:end], name[end:]) for end in ends)


def misfit(ours: Shapes, theirs: Shapes) -> str:
    """Say in a clause how a file's tensors differ from an architecture's; "" where they do not."""
    missing = [name for name in ours if name not in theirs]
    unknown = [name for name in theirs if name not in ours and not name.endswith(COUNTERS)]
    other = [
        f"{brief(name)} is {_size(theirs[name])} and should be {_size(shape)}"
        for name, shape in ours.items()
        if name in theirs and theirs[name] != shape
    ]
    clauses = [
        ("it lacks {} of the architecture's tensors", len(missing), listed(missing)),
        ("it holds {} that the architecture does not have", len(unknown), listed(unknown)),
        ("it holds {} of another shape", len(other), _few(other)),
    ]
    return "; ".join(f"{what.format(count)}: {names}" for what, count, names in clauses if count)


def check_values(file: Path, weights: Mapping[str, Tensor], *, whole: Collection[str] = ()) -> None:
    """Raise UserError, which names the first, where tensors hold no numbers or no finite ones.

    whole: the names of those that hold whole numbers in the network, such as positions.
    """
    for name, value in weights.items():
        if name.endswith(COUNTERS):
            continue
        kind = str(value.dtype).removeprefix("torch.")
        if name in whole:
            _check_whole(file, name, value)
            continue
        if kind not in FORMATS:
            raise UserError(
                f"In {file.name} {brief(name)} holds {kind} values; weights must be "
                "floating-point numbers, such as float32."
            )
        exact = value if kind == "float64" else value.float()
        if (odd := exact.isnan()).any():
            kind = "NaN"
        elif (odd := exact.isinf()).any():
            kind = "infinite numbers"
        elif (odd := exact.float().isinf()).any():
            kind = "numbers too large for float32"
        else:
            continue
        raise UserError(
            f"In {file.name} {brief(name)} holds {kind} ({int(odd.sum())} of {value.numel()}); "
            "bring weights from before the training diverged."
        )


def _check_whole(file: Path, name: str, value: Tensor) -> None:
    if value.is_floating_point() or value.is_complex():
        raise UserError(
            f"In {file.name} {brief(name)} holds {str(value.dtype).removeprefix('torch.')} values, "
            "and the architecture has whole numbers there; bring the weights as they were saved."
        )


def listed(names: Iterable[str]) -> str:
    """List the first names of tensors, as a terminal can show them."""
    return _few([brief(name) for name in names])


def _few(items: list[str]) -> str:
    more = len(items) - LISTED
    return ", ".join([*items[:LISTED], *([f"and {more} more"] if more > 0 else [])])


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"


def said_of(file: Path, found: Match) -> tuple[str, ...]:
    """Say what was taken off the names of a file's tensors, and which tensors are not used."""
    sentences = []
    wrapped = any(WRAPPERS.search(name) for name in found.names.values())
    if found.prefix or wrapped:
        taken = [f"“{brief(found.prefix)}”"] if found.prefix else []
        taken += ["wrappers such as “_orig_mod.”"] if wrapped else []
        sentences.append(f"The names of {file.name}'s tensors are read without {join_list(taken)}.")
    if found.left_out:
        sentences.append(
            f"{len(found.left_out)} other tensors of {file.name} are not used: "
            f"{listed(found.left_out)}."
        )
    return tuple(sentences)
