"""Somebody's weights as they are stored: one safetensors file, or shards that an index lists.

The index is Hugging Face's: JSON with a `weight_map` from each tensor's name to the file, beside
the index, that holds it. Its `metadata` is not used: what its `total_size` counts differs between
the programs that write indexes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from seviz.errors import UserError
from seviz.phrases import brief, join_list
from seviz.zoo.weights import COUNTERS, listed, read_bytes, tensors

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = ".safetensors"  # at the end of a file's name
INDEX = ".safetensors.index.json"
LARGEST_INDEX = 20 << 20  # bytes; a line for each of 100,000 tensors takes half of them


class Stored(NamedTuple):
    """Weights as they are stored: their tensors by name, and what identifies all of them.

    digest: the sha256 of the file; of shards, that of their list, as `digest_of_shards` has it.
    """

    tensors: dict[str, Tensor]
    digest: str


def weights_file(path: Path) -> Path:
    """Return a file of weights, or the index of a folder of shards; UserError without one.

    A folder may also hold one safetensors file. What is no folder is returned as it is.
    """
    if not path.is_dir():
        return path
    try:
        files = sorted(file for file in path.iterdir() if not file.name.startswith("."))
    except OSError as error:
        raise UserError(f"{path} can't be opened; check its permissions.") from error
    for ending in (INDEX, WEIGHTS):
        found = [file for file in files if file.name.endswith(ending)]
        if len(found) > 1:
            names = listed(file.name for file in found)
            raise UserError(f"{path} holds {len(found)} files of weights ({names}); name one.")
        if found:
            return found[0]
    raise UserError(f"{path} holds no {WEIGHTS} file, and no index of shards (*{INDEX}).")


def read_stored(file: Path) -> Stored:
    """Read weights, of which an index lists the shards; UserError where they can't be read."""
    if not _is_index(file):
        content = read_bytes(file)
        return Stored(tensors(file, content), hashlib.sha256(content).hexdigest())
    found: dict[str, Tensor] = {}
    digests = {}
    for shard, names in _shards(file).items():
        content = read_bytes(shard)
        digests[shard.name] = hashlib.sha256(content).hexdigest()
        held = tensors(shard, content)
        _check_holds(file, shard, held, listed_there=names)
        found |= held
    return Stored(found, digest_of_shards(digests))


def digest_of_shards(digests: Mapping[str, str]) -> str:
    """Return the sha256 of the list of shards, with the sha256 of each.

    `sha256sum *.safetensors | sha256sum` prints the same in a folder of these shards alone, where
    LC_ALL is C. The index is not in it, as it says nothing that the shards do not.
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def stored_bytes(file: Path) -> int:
    """Count the bytes of a file of weights, or of all shards of an index."""
    files = _shards(file) if _is_index(file) else (file,)
    return sum(each.stat().st_size for each in files)


def weight_files(path: Path) -> tuple[Path, ...]:
    """List all files that weights are in: one file, or an index and its shards.

    path: as of `weights_file`, with its errors.
    """
    file = weights_file(path)
    return (file, *_shards(file)) if _is_index(file) else (file,)


def listed_shards(index: Path) -> tuple[str, ...]:
    """Return the names of the shards that an index lists, also of those that are missing.

    UserError where it is no index, or names a file elsewhere.
    """
    return tuple(shard.name for shard in _listed(index))


def number_format(weights: Iterable[tuple[str, Tensor]]) -> str:
    """Name the formats of weights' numbers, most of them first: “bfloat16 and float32”."""
    formats: Counter[str] = Counter()
    for name, value in weights:
        if not name.endswith(COUNTERS) and value.is_floating_point():
            formats[str(value.dtype).removeprefix("torch.")] += value.numel()
    return join_list(name for name, _ in formats.most_common()) if formats else ""


def _is_index(file: Path) -> bool:
    return file.name.endswith(".json")


def _shards(index: Path) -> dict[Path, set[str]]:
    """Return the shards as of `_listed`; UserError also where one is missing."""
    shards = _listed(index)
    if missing := sorted(shard.name for shard in shards if not shard.is_file()):
        raise UserError(
            f"{index} lists {len(shards)} shards, of which {len(missing)} are not beside it: "
            f"{listed(missing)}; bring all of them into its folder."
        )
    return shards


def _listed(index: Path) -> dict[Path, set[str]]:
    """Return the shards that an index lists, each with the names of its tensors.

    UserError where it is no index, or names a file elsewhere.
    """
    shards: dict[Path, set[str]] = {}
    for tensor, name in _read_index(index).items():
        _check_name(index, name)
        shards.setdefault(index.parent / name, set()).add(tensor)
    return dict(sorted(shards.items()))


def _read_index(index: Path) -> dict[str, Any]:
    """Read the map from tensors to shards; UserError where the file has none."""
    if not index.is_file():
        raise UserError(f"{index} is not a file; give the path of a {INDEX} file.")
    try:
        with index.open("rb") as stream:
            content = stream.read(LARGEST_INDEX + 1)
    except OSError as error:
        raise UserError(f"{index} can't be opened; check its permissions.") from error
    if len(content) > LARGEST_INDEX:
        raise UserError(f"{index} is larger than {LARGEST_INDEX >> 20} MB; it is no index.")
    try:
        said = json.loads(content, object_pairs_hook=_once)
    except _TwiceError as error:
        raise UserError(f"{index} names {brief(str(error))} twice; get the index anew.") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{index} is not JSON, or is damaged; get the index anew.") from error
    weight_map = said.get("weight_map") if isinstance(said, dict) else None
    if not isinstance(weight_map, dict) or not weight_map:
        raise UserError(
            f"{index} has no “weight_map”, from tensors to the files that hold them; give the "
            f"index of safetensors shards, such as model{INDEX}."
        )
    return weight_map


class _TwiceError(Exception):
    """Its text is a name that an object of a JSON text has twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object, in which each name stands once: json takes the last of several."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise _TwiceError(name)
        made[name] = value
    return made


def _check_name(index: Path, name: object) -> None:
    """Raise UserError unless a name is that of a safetensors file beside the index."""
    if not isinstance(name, str):
        raise UserError(f"{index} lists {brief(str(name))} as a shard; shards are names of files.")
    plain = name not in ("", "..") and Path(name).name == name and name.isprintable()
    if not plain or "\\" in name or ":" in name:  # which separate folders and drives on Windows
        raise UserError(
            f"{index} lists “{brief(name)}”, which is not the name of a file beside it; shards lie "
            "in the folder of their index."
        )
    if not name.endswith(WEIGHTS):
        raise UserError(
            f"{index} lists “{brief(name)}”, which is no {WEIGHTS} file; `seviz convert` turns a "
            "file of torch.save into one."
        )


def _check_holds(index: Path, shard: Path, held: Iterable[str], *, listed_there: set[str]) -> None:
    """Raise UserError unless a shard holds the tensors that its index lists there, and no others.

    Else which of two tensors of a name is read would be known to the index alone.
    """
    if lacking := sorted(listed_there.difference(held)):
        raise UserError(
            f"{shard.name} lacks {len(lacking)} of the {len(listed_there)} tensors that "
            f"{index.name} lists there: {listed(lacking)}; bring shards and index of one network."
        )
    if others := sorted({*held} - listed_there):
        raise UserError(
            f"{shard.name} holds {len(others)} tensors that {index.name} does not list there: "
            f"{listed(others)}; bring shards and index of one network."
        )
