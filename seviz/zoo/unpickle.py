"""Reads a pickle of torch.save, in a process of its own: `python -m seviz.zoo.unpickle IN OUT`.

It prints one line of JSON: the number of tensors that it wrote, or the reason why it wrote none.
Unpickling is limited to tensors and plain values (weights_only), and nothing in it is ever called.
"""

import argparse
import collections
import json
import pathlib
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from seviz.phrases import brief, join_list

ASKED = re.compile(r"GLOBAL ([\w.]+)|but got <class '([^']+)'>|unrecognized function (.+)")
NEWER = "Unsupported operand 149"  # the frames of pickle's protocols 4 and 5
LISTED = 3  # names in a sentence
MOST = 4  # times the file's size: tensors that share memory are written each by itself
DAMAGED = "it is damaged, or not of torch.save"
ONLY = "save the weights alone: torch.save(model.state_dict(), FILE)"


class NoWeights(Exception):
    """Its text is a clause: why a file gives no weights, and what would be right."""


class Ignored:
    """Stands for a numpy value, which is never made: only tensors are written."""

    def __init__(self, *arguments: Any) -> None:
        """Take what numpy would; NoWeights for a type whose arrays hold any objects."""
        if arguments and isinstance(arguments[0], str) and arguments[0].startswith("O"):
            raise NoWeights(f"it holds a numpy array of objects, and is not read; {ONLY}")

    def __setstate__(self, state: Any) -> None:
        """Take what numpy would."""


# Plain values that training scripts save beside the weights, besides those that torch allows.
PLAIN: list[Any] = [collections.defaultdict, argparse.Namespace, pathlib.PosixPath]
PLAIN += [(Ignored, f"numpy.{name}") for name in ("ndarray", "dtype")]
PLAIN += [
    (Ignored, f"numpy.{core}.multiarray.{name}")
    for core in ("core", "_core")
    for name in ("scalar", "_reconstruct")
]


def convert(source: Path, target: Path, prefix: str) -> int:
    """Write the tensors under a prefix as safetensors; returns their number."""
    found: dict[str, torch.Tensor] = {}
    firsts = set()  # parts of names
    for name, tensor in _named_tensors(_read(source)):
        firsts.add("".join(name.partition(".")[:2]))
        if name.startswith(prefix) and name != prefix:
            if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
                raise NoWeights(f"{name!a} is sparse, quantized or without values; {ONLY}")
            if name.removeprefix(prefix) in found:
                raise NoWeights(f"it holds two tensors that are named {name!a}; {ONLY}")
            found[name.removeprefix(prefix)] = tensor
    if not firsts:
        raise NoWeights(f"it holds no tensors by name; {ONLY}")
    if not found:
        some = join_list([f"“{brief(first)}”" for first in sorted(firsts)[:LISTED]])
        begin = some if len(firsts) <= LISTED else f"{some} and others"
        raise NoWeights(
            f"no name of its tensors starts with “{brief(prefix)}”; they do with {begin}"
        )
    if sum(t.numel() * t.element_size() for t in found.values()) > MOST * source.stat().st_size:
        raise NoWeights(f"its tensors are larger than the file; {ONLY}")
    whole = torch.contiguous_format
    content = save({k: v.detach().clone(memory_format=whole) for k, v in found.items()})
    target.write_bytes(content)  # whose error, as of a full disk, tells the reason
    return len(found)


def _read(source: Path) -> Any:
    """Return what a file holds: a pickle, or safetensors."""
    try:
        return load_file(source)
    except SafetensorError:
        pass
    try:
        if zipfile.is_zipfile(source):
            _check_archive(source)
        with torch.serialization.safe_globals(PLAIN):
            return torch.load(source, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        raise NoWeights(f"{_why(str(error))}; {ONLY}") from error
    except OSError as error:  # torch looks for parts of the file where it ended before
        raise NoWeights(f"{DAMAGED}; {ONLY}") from error


def _check_archive(source: Path) -> None:
    """Raise NoWeights where a zip is no file of torch.save, which has a pickle and is as large."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
    parts = {entry.filename.partition("/")[2] for entry in entries}
    if "constants.pkl" in parts or any(part.startswith("code/") for part in parts):
        raise NoWeights(f"it is a TorchScript archive, which holds a program; {ONLY}")
    if "data.pkl" not in parts:
        raise NoWeights(f"it is a zip, but not of torch.save; {ONLY}")
    if sum(entry.file_size for entry in entries) > source.stat().st_size:
        raise NoWeights("it is compressed, which torch.save never does")


def _why(error: str) -> str:
    """Say in a clause what torch's error tells about a pickle that it does not read."""
    if asked := ASKED.search(error):
        return f"it asks for {brief(next(filter(None, asked.groups())))}, and is not read"
    return "it is a pickle of protocol 4 or later, and is not read" if NEWER in error else DAMAGED


def _named_tensors(value: Any, prefix: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the tensors in nested dictionaries by their dotted names; optimizers have numbers."""
    for name, item in value.items() if isinstance(value, dict) else ():
        if isinstance(name, Ignored) and isinstance(item, (dict, torch.Tensor)):
            raise NoWeights(f"names in it are numpy values, not texts; {ONLY}")
        if isinstance(name, str):
            if isinstance(item, torch.Tensor):
                yield prefix + name, item
            else:
                yield from _named_tensors(item, f"{prefix}{name}.")


def main(source: str, target: str, prefix: str) -> None:
    """Convert, and print the outcome."""
    try:
        outcome: dict[str, object] = {"tensors": convert(Path(source), Path(target), prefix)}
    except NoWeights as error:
        outcome = {"reason": str(error)}
    except MemoryError:
        outcome = {"reason": "the memory does not suffice for it"}
    except OSError as error:
        outcome = {"reason": error.strerror or str(error)}
    except Exception:  # a hostile or damaged file raises nearly anything
        outcome = {"reason": f"{DAMAGED}; {ONLY}"}
    print(json.dumps(outcome))


if __name__ == "__main__":
    main(*sys.argv[1:])
