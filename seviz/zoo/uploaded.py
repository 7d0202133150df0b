"""A network that a visitor uploaded: opened like a user's own, and nobody else's to find."""

import re
import secrets
from dataclasses import replace
from pathlib import Path

from seviz import limits
from seviz.errors import UserError
from seviz.records.trace import NO_HEAD
from seviz.zoo.catalogue import UPLOAD
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.folded import open_weights
from seviz.zoo.settings import Settings

MB = 1_000_000
SINGLE = 4  # bytes of a number in float32
OPTIONS = {  # of the command line, as the page's fields are called
    "--arch": "architecture",
    "--labels": "names",
    "--head": "head",
    "--input-size": "input size",
    "--mean": "mean",
    "--std": "deviation",
}
OPTION = re.compile("|".join(OPTIONS))


def open_upload(file: Path, architecture: str, settings: Settings) -> Checkpoint:
    """Return the source of a file that was uploaded, under a key that nobody can guess.

    settings: its labels are a file beside the weights. UserError, which names no folder of the
    server, where it can't be opened, has no answers or gates, or is too large.
    """
    try:
        source = open_weights(file, architecture, settings)
        check_openable(source)
    except UserError as error:
        raise UserError(field_words(str(error).replace(f"{file.parent}/", ""))) from error
    limits.NETWORK.check(source.figures.parameters * SINGLE // MB, "as float32 it has")
    notes = tuple(map(field_words, source.notes))
    return replace(source, key=f"{UPLOAD}{secrets.token_hex(8)}", notes=notes)


def check_openable(source: Checkpoint) -> None:
    """Raise UserError where a page can't be opened with a network: without answers, or gates."""
    if not source.classes:
        raise UserError(f"{source.file.name}: {NO_HEAD}")
    if not source.has_gates:
        raise UserError(source.why_no_gates)


def field_words(text: str) -> str:
    """Name fields of the page in place of the command line's options."""
    return OPTION.sub(lambda found: OPTIONS[found[0]], text)
