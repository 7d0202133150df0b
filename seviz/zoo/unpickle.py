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

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

# Plain values that training scripts save beside the weights, besides those that torch allows.
PLAIN: list[Any] = [
    collections.defaultdict,
    argparse.Namespace,
    pathlib.PosixPath,
    np.ndarray,
    np.dtype,
]
PLAIN += [getattr(np.dtypes, f"{name}DType") for name in ("Float64", "Float32", "Int64", "Int32")]
PLAIN += [
    (np.dtype("f8").type(0).__reduce__()[0], f"numpy.{core}.multiarray.scalar")
    for core in ("core", "_core")
]
ASKED = re.compile(r"GLOBAL ([\w.]+)")
MOST = 4  # times the file's size: tensors that share memory are written each by itself
DAMAGED = "it is damaged, or not of torch.save"
ONLY = "save the weights alone: torch.save(model.state_dict(), FILE)"


class NoWeights(Exception):
    """Its text is a clause: why a file gives no weights, and what would be right."""


def convert(source: Path, target: Path, prefix: str) -> int:
    """Write the tensors under a prefix as safetensors; returns their number."""
    found = {}
    for name, tensor in _named_tensors(_read(source)):
        if name.startswith(prefix) and name != prefix:
            if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
                raise NoWeights(f"{name!a} is sparse, quantized or without values; {ONLY}")
            found[name.removeprefix(prefix)] = tensor
    if not found:
        raise NoWeights(f"it holds no tensors by name{' there' if prefix else ''}; {ONLY}")
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
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            if sum(each.file_size for each in archive.infolist()) > source.stat().st_size:
                raise NoWeights("it is compressed, which torch.save never does")
    try:
        with torch.serialization.safe_globals(PLAIN):
            return torch.load(source, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        asked = ASKED.search(str(error))
        why = f"it asks for {asked[1]}, and is not read" if asked else DAMAGED
        raise NoWeights(f"{why}; {ONLY}") from error


def _named_tensors(value: Any, prefix: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the tensors in nested dictionaries by their dotted names; optimizers have numbers."""
    for name, item in value.items() if isinstance(value, dict) else ():
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
