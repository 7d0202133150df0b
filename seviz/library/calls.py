"""The line of Python that makes a result, as results tell it."""

import os
from typing import Any


class Line(str):
    """A line of Python, which stands in a call as it is."""

    __slots__ = ()


def call(name: str, /, *values: tuple[str, Any], **given: Any) -> str:
    """Write a call: what is positional comes as pairs of a name and a value.

    Of what is given by keyword, what is None, False, or empty is left out, as it is the default.
    A value that is more than text and numbers stands as a variable of its name.
    """
    positional = [_written(*pair) for pair in values]
    keywords = [f"{word}={_written(word, value)}" for word, value in given.items() if _says(value)]
    return f"{name}({', '.join([*positional, *keywords])})"


def _written(name: str, value: Any) -> str:
    if isinstance(value, Line):
        return value
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str | int | float):
        return repr(value)
    if isinstance(value, list | tuple) and all(isinstance(v, str | int | float) for v in value):
        return repr(list(value))
    return name


def _says(value: Any) -> bool:
    return not (
        value is None or value is False or (isinstance(value, str | list | tuple) and not value)
    )
