"""What a file of a folded network says of itself: one JSON text in its safetensors metadata.

A file may come from anybody, so each value is checked, and none of them makes memory or code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.phrases import brief
from seviz.records.numbers import SIGMOID, SOFTMAX

KEY, VERSION = "seviz_folded", 1
LARGEST_HEADER = 100_000_000  # bytes, as safetensors has it
LARGEST = 2048  # pixels of an input's side
LEAST_STD = 0.001  # by less, pixels would be divided into numbers without sense
LONGEST = 1000  # characters of a text
MOST = 100_000  # items of a list
FILTERS = ("bicubic", "bilinear", "box", "hamming", "lanczos", "nearest")
CUTS = ("border", "center", "squash")


class Wrong(Exception):
    """Its text is a clause: what is wrong in a description."""


@dataclass(frozen=True)
class Preprocessing:
    """How photographs become the network's input, in timm's terms; size: height and width."""

    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str = "bicubic"
    crop_pct: float = 1.0
    crop_mode: str = "center"

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Preprocessing:
        """Take what is needed from a preprocessing in timm's terms."""
        known = {k: config[k] for k in ("interpolation", "crop_pct", "crop_mode") if k in config}
        return cls(
            tuple(config["input_size"][1:]), tuple(config["mean"]), tuple(config["std"]), **known
        )

    def config(self, channels: int) -> dict[str, Any]:
        """Return it as timm has it."""
        said = asdict(self)
        return {"input_size": (channels, *said.pop("size")), **said}


@dataclass(frozen=True)
class Origin:
    """What a network was folded from.

    network: its name in files; weights: their sha256, None where they were in no file; rule: of the
    gates that were folded in; statistics: over which images these are, as words.
    """

    network: str
    weights: str | None
    rule: str
    statistics: str


@dataclass(frozen=True)
class Description:
    """A folded network.

    architecture: timm's or torchvision's; blocks: the names of those that were folded; removed: the
    paths at which nothing is left of them; scaled: those at which a fixed scale is, and its
    channels. labels and folders: as of `Source`, None where not known; tuned: how it was trained
    since, in words, "" where it was not.
    """

    architecture: str
    blocks: tuple[str, ...]
    removed: tuple[str, ...]
    scaled: tuple[tuple[str, int], ...]
    preprocessing: Preprocessing
    head: str
    labels: tuple[str, ...] | None
    folders: tuple[str, ...] | None
    origin: Origin
    tuned: str = ""

    def to_json(self) -> str:
        """Write it as `read_description` reads it."""
        said = {"version": VERSION, **asdict(self), "scaled": dict(self.scaled)}
        return json.dumps(said, ensure_ascii=False)


def read_description(file: Path) -> Description | None:
    """Read what a file says of itself; None where it is no file of a folded network.

    UserError where it is one, and its description is wrong.
    """
    text = _metadata(file).get(KEY)
    if text is None:
        return None
    try:
        return _parse(text)
    except Wrong as wrong:
        raise UserError(
            f"{file} is the file of a folded network, but its description is wrong: {wrong}; get "
            "the file anew, or fold the network again."
        ) from wrong


def _metadata(file: Path) -> dict[str, Any]:
    """Return the metadata of a safetensors file; empty where it has none, or is no such file."""
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if length > min(LARGEST_HEADER, os.fstat(stream.fileno()).st_size):
                return {}
            found = json.loads(stream.read(length))
    except (OSError, ValueError, RecursionError):
        return {}
    metadata = found.get("__metadata__") if isinstance(found, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _parse(text: object) -> Description:
    try:
        said = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError) as error:
        raise Wrong("it is no JSON") from error
    if not isinstance(said, dict):
        raise Wrong("it is no JSON object")
    if (version := said.get("version")) != VERSION:
        raise Wrong(f"it is of version {brief(str(version))}, and this seviz reads {VERSION}")
    origin, scaled = _get(said, "origin", dict), _get(said, "scaled", dict)
    return Description(
        architecture=_text(said, "architecture"),
        blocks=_texts(said, "blocks"),
        removed=_texts(said, "removed"),
        scaled=tuple((path, _get(scaled, path, int)) for path in scaled),
        preprocessing=_preprocessing(_get(said, "preprocessing", dict)),
        head=_one_of(said, "head", (SOFTMAX, SIGMOID)),
        labels=_optional(said, "labels", _texts),
        folders=_optional(said, "folders", _texts),
        origin=Origin(
            _text(origin, "network"),
            _optional(origin, "weights", _text),
            _text(origin, "rule"),
            _text(origin, "statistics"),
        ),
        tuned=_text(said, "tuned"),
    )


def _preprocessing(said: Mapping[str, Any]) -> Preprocessing:
    size = _get(said, "size", list)
    if len(size) != 2 or not all(type(n) is int and 0 < n <= LARGEST for n in size):
        raise Wrong(f"“size” is height and width, of 1 to {LARGEST} pixels")
    return Preprocessing(
        (size[0], size[1]),
        _numbers(said, "mean", 0),
        _numbers(said, "std", LEAST_STD),
        _one_of(said, "interpolation", FILTERS),
        _number(said.get("crop_pct"), "crop_pct", 0.01),
        _one_of(said, "crop_mode", CUTS),
    )


def _get(said: Mapping[str, Any], name: str, kind: type) -> Any:
    """Return a value of exactly one type, which JSON has."""
    value = said.get(name)
    if type(value) is not kind:
        words = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}
        raise Wrong(f"“{brief(name)}” is missing, or is not {words[kind]}")
    return value


def _optional(
    said: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any], str], Any]
) -> Any:
    return None if said.get(name) is None else read(said, name)


def _text(said: Mapping[str, Any], name: str) -> str:
    text: str = _get(said, name, str)
    if len(text) > LONGEST:
        raise Wrong(f"“{name}” has more than {LONGEST:,} characters")
    return text


def _texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    items: list[Any] = _get(said, name, list)
    if len(items) > MOST or not all(type(i) is str and 0 < len(i) <= LONGEST for i in items):
        raise Wrong(f"“{name}” is a list of texts")
    if len(set(items)) < len(items):
        raise Wrong(f"“{name}” names something twice")
    return tuple(items)


def _one_of(said: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
    value = _text(said, name)
    if value not in known:
        raise Wrong(f"“{name}” is {' or '.join(known)}")
    return value


def _numbers(said: Mapping[str, Any], name: str, least: float) -> tuple[float, ...]:
    values: list[Any] = _get(said, name, list)
    if len(values) not in (1, 3):
        raise Wrong(f"“{name}” has one number, or one for each of three channels")
    return tuple(_number(value, name, least) for value in values)


def _number(value: object, name: str, least: float) -> float:
    if type(value) not in (int, float) or not least <= value <= 1:  # type: ignore[operator]
        raise Wrong(f"“{name}” is from {least} to 1")
    return float(value)  # type: ignore[arg-type]
