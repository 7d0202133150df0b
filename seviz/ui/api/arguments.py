"""What clients give, checked: Gradio publishes the types of arguments but does not enforce them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

from seviz import limits
from seviz.errors import UserError
from seviz.gates.grammar import parse_arm
from seviz.limits import Limit
from seviz.photos.file import read_file
from seviz.phrases import brief
from seviz.ui.parts.upload import refusal, uploaded_file
from seviz.zoo import catalogue


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a sentence for people into the error that clients get."""
    try:
        yield
    except UserError as error:
        raise refusal(error) from error


def key(model: Any) -> str:
    """Find a network of the catalogue; UserError with the nearest names."""
    return catalogue.find(text("model", model)).key


def counted(name: str, what: str, number: Any, *, limit: Limit) -> int:
    """Return a number of things; UserError where it is none, or above the limit."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise UserError(
            f"{name} is {brief(str(number))}; give a number of {what}: a whole number, 1 or more."
        )
    limit.check(number, f"{name} is")
    return number


def flag(name: str, given: Any) -> bool:
    """Return a yes or no; UserError where it is neither."""
    if not isinstance(given, bool):
        raise UserError(f"{name} is {brief(str(given))}; give true or false.")
    return given


def text(name: str, given: Any) -> str:
    """Return a text, also of a number; UserError where it is neither, or too long."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise UserError(f"{name} is {brief(str(given))}; give a text.")
    if isinstance(given, str):
        limits.TEXT.check(len(given), f"{name} has")
    return str(given)


def texts(name: str, given: Any, *, most: Limit, each: Limit = limits.TEXT) -> list[str]:
    """Return a list of texts; UserError where it is none, or its number or a text is too large."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise UserError(f"{name} is a list of names, such as [“intact”, “identity”].")
    most.check(len(given))
    for text_ in given:
        each.check(len(text_), "one has")
    return given


def strength_of(given: Any) -> float | None:
    """Return the strength of a change, None for its usual one; UserError where it is none."""
    if given is None or (isinstance(given, int | float) and not isinstance(given, bool)):
        return given
    raise UserError(f"strength is {brief(str(given))}; give a number, or none for the usual one.")


def arm_texts(given: Any) -> list[str]:
    """Return the texts of arms; UserError where they are none, name a file, or are too many."""
    arms = texts("arms", given, most=limits.ARMS, each=limits.ARM_TEXT)
    limits.EDITS.check(sum(len(parse_arm(no_file(arm)).edits) for arm in arms))
    return arms


def no_file(edits: str) -> str:
    """Return the text of edits; UserError where it names a file."""
    if "resample@" in edits:
        raise UserError("resample@FILE names a file of the server; it is for the command line.")
    return edits


def opened(photo: Any) -> Image.Image:
    """Read an uploaded file; UserError for anything else a client may name."""
    path = photo.get("path") if isinstance(photo, dict) else None
    uploaded = uploaded_file(str(path))
    if uploaded is None:
        raise UserError("photo is an uploaded file; gradio_client's handle_file(path) makes one.")
    return read_file(uploaded, uploaded.name)  # the server's folders are not told
