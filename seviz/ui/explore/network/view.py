"""From a file of weights that a visitor sent to a network in the visitor's own list."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import gradio as gr

from seviz import limits
from seviz.errors import UserError
from seviz.files import write_whole
from seviz.phrases import brief
from seviz.ui.explore.network.layout import Parts, told
from seviz.ui.parts import html
from seviz.ui.parts.notify import notify
from seviz.ui.parts.own_networks import (
    ONE,
    OwnNetworks,
    Sent,
    check_allowed,
    own_networks_of,
)
from seviz.ui.parts.sent_files import SENT, Uploaded, delete
from seviz.ui.state import Asked, Sought
from seviz.zoo.catalogue import with_networks
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.labels import read_text
from seviz.zoo.settings import Settings
from seviz.zoo.uploaded import open_upload

N = TypeVar("N", int, float)
Updates = dict[Any, Any]  # {component: value}
MB = 1_000_000
TEXT = ".txt"
NAMES = "class-names.txt"
MISSING = "Send the .safetensors file first: choose it, or drop it on the field."
NO_ARCHITECTURE = (
    "Name the architecture of {}, as timm or torchvision calls it, such as seresnet50; the file "
    "says it only where seviz has folded the network."
)


class Fields(NamedTuple):
    """What a visitor says about the weights, as texts; a client may have forged some of it."""

    architecture: object = ""
    labels: object = ""
    size: object = ""
    mean: object = ""
    std: object = ""
    head: object = ""


class Handlers:
    """What the field does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts, choices: Callable[[], Any]) -> None:
        """Keep the components; choices: lists the networks that the visitor can open."""
        self.asked, self.parts, self.choices = asked, parts, choices

    def take(self, files: Any, networks: Any) -> Any:
        """Keep the weights that were sent, in place of those before that were not opened."""
        files = files if isinstance(files, list) else []
        try:
            check_allowed()
            sent, names = _read(files)
        except UserError as error:
            return notify(error)
        finally:
            delete(files)
        said = f"{sent.file.name} is here ({sent.bytes / MB:,.1f} MB)."
        updates: Updates = {
            self.asked.networks: replace(own_networks_of(networks), sent=sent),
            self.parts.sent: html.hint(said),
            self.parts.told: "",
        }
        return updates | ({} if names is None else {self.parts.labels: names})

    def open(self, networks: Any, *fields: Any) -> Iterator[Any]:
        """Open the weights, list the network for this visitor, and let Explore show it."""
        p, own = self.parts, own_networks_of(networks)
        yield {p.told: html.hint("The weights are read and checked …")}
        try:
            source, sent = _opened(own, Fields(*fields))
        except UserError as error:
            notify(error)
            yield {p.told: html.hint(str(error))}
            return
        now = own.with_opened(source, sent)
        with with_networks(now.sources):
            choices = self.choices()
        yield {
            self.asked.networks: now,
            self.asked.model: gr.Dropdown(choices=choices),
            self.asked.wanted: Sought(source.key),
            p.told: told(source.notes),
        }


def _read(files: list[Uploaded]) -> tuple[Sent, str | None]:
    """Return the weights that were sent, and the text of class names, if any."""
    texts = [path for path, name in files if name.lower().endswith(TEXT)]
    weights = [(path, name) for path, name in files if path not in texts]
    if not weights or len(texts) > 1:
        raise UserError(ONE)
    names = None
    for path in texts:
        try:
            names = read_text(path)
        except UserError as error:  # where it is on the server, is not for its visitors
            raise UserError(str(error).replace(str(path), "The file of class names")) from error
    return Sent(*weights), names


def _opened(own: OwnNetworks, said: Fields) -> tuple[Checkpoint, Sent]:
    """Open the weights that were sent last; the same network where they are opened again."""
    check_allowed()
    if own.sent is None:
        raise UserError(MISSING)
    source = open_upload(
        own.sent.file,
        _architecture(said.architecture, own.sent.file),
        _settings(said, own.sent.file),
    )
    for known, sent in own.opened:
        if sent is own.sent and replace(known, key=source.key) == source:
            return known, sent
    return source, own.sent


def _architecture(given: object, file: Path) -> str:
    from seviz.zoo.description import read_description

    name = _text("The architecture", given).strip()
    if not name and read_description(file) is None:
        raise UserError(NO_ARCHITECTURE.format(file.name))
    return name


def _settings(said: Fields, file: Path) -> Settings:
    """Return what is said about the weights; the class names are written beside them."""
    labels = file.with_name(NAMES)
    labels.unlink(missing_ok=True)
    names = said.labels if isinstance(said.labels, str) else ""
    if names.strip():
        write_whole(labels, names.encode("utf-8", "replace"))
    return Settings(
        labels=labels if names.strip() else None,
        head=_text("The head", said.head) or None,
        size=_numbers("The input size", said.size, int),
        mean=_numbers("The mean", said.mean, float),
        std=_numbers("The deviation", said.std, float),
    )


def _numbers(name: str, given: object, kind: Callable[[str], N]) -> tuple[N, ...] | None:
    """Read numbers that spaces or commas separate; None where nothing is given."""
    text = _text(name, given)
    try:
        return tuple(map(kind, text.replace(",", " ").split())) or None
    except ValueError as error:
        example = "224" if kind is int else "0.5, or 0.485 0.456 0.406"
        raise UserError(f"{name} is “{brief(text)}”; give numbers, such as {example}.") from error


def _text(name: str, given: object) -> str:
    """Return a field's text, "" of one that was never filled; UserError where it is none."""
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UserError(f"{name} is no text; fill the field again.")
    limits.TEXT.check(len(given), f"{name} has")
    return given


def connect(asked: Asked, parts: Parts, choices: Callable[[], Any]) -> None:
    """Connect the field's events to handlers; none of them is part of the public API."""
    handlers = Handlers(asked, parts, choices)
    private: dict[str, Any] = {"api_visibility": "private"}
    parts.drop.select(
        handlers.take,
        [parts.files, asked.networks],
        [asked.networks, parts.sent, parts.labels, parts.told],
        js=SENT,
        show_progress_on=[parts.sent],
        **private,
    )
    parts.open.click(
        handlers.open,
        [asked.networks, *parts.fields],
        [asked.networks, asked.model, asked.wanted, parts.told],
        show_progress_on=[parts.told],
        **private,
    )
