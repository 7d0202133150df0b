"""The sentences of errors as a script needs them: of arguments, where the command has options."""

import copy
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar, get_args

from seviz.errors import UserError
from seviz.phrases import brief, join_list

P = ParamSpec("P")
R = TypeVar("R")

ARGUMENTS = {  # by what sentences for the command line say; a longer text stands before its start
    "by python -m seviz profile and give them by --profile, or in Python by ": "by ",
    "`python -m seviz profile`": "network.profile",
    "--beside opens it beside": "network.compare_with sets it beside",
    "--arch ARCH": 'architecture="…"',
    "--arch": "architecture",
    "--columns IMAGE LABEL": 'columns=["IMAGE", "LABEL"]',
    "--columns jpg FIELD": 'columns=["jpg", "FIELD"]',
    "--columns": "columns",
    "--download": "download=True",
    "--head": "head",
    "--input-size": "input_size",
    "--labels none": "labels=False",
    "--labels": "labels",
    "--limit": "limit",
    "--loaders": "loaders",
    "--mean": "mean",
    "--root": "root",
    "--skip-unreadable": "skip_unreadable=True",
    "--split": "split",
    "--std": "std",
    "--steps": "steps",
    "in GRADIO_SERVER_PORT": "as port",
}
KINDS: dict[Any, tuple[type, str]] = {  # of plain arguments: what they are, and their name
    str: (str, "a text"),
    int: (Integral, "a whole number"),
    float: (Real, "a number"),
    bool: (bool, "True or False"),
    type(None): (type(None), "None"),
}
OPTION = re.compile("|".join(map(re.escape, ARGUMENTS)))


def names_arguments(asked: Callable[P, R]) -> Callable[P, R]:
    """Decorate a public function, whose errors then name its arguments in place of options.

    A plain argument (a text, a number) of another kind than its annotation is a UserError.
    """
    signature = inspect.signature(asked)
    plain = dict(_plain(signature))

    @wraps(asked)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_kinds(plain, signature.bind(*args, **kwargs).arguments)
        try:
            return asked(*args, **kwargs)
        except UserError as error:
            sentence = OPTION.sub(lambda found: ARGUMENTS[found[0]], str(error))
            if sentence == str(error):
                raise
            told = copy.copy(error)  # the error may be kept, to be told to others
            told.args = (sentence, *error.args[1:])
            raise told from error

    return ask


def _plain(signature: inspect.Signature) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the names of plain arguments, each with the kinds that it may be."""
    for name, parameter in signature.parameters.items():
        kinds = get_args(parameter.annotation) or (parameter.annotation,)
        if all(kind in KINDS for kind in kinds):
            yield name, kinds


def _check_kinds(plain: Mapping[str, tuple[Any, ...]], given: Mapping[str, Any]) -> None:
    """Raise UserError for an argument of a kind that it can't be; a bool is no number."""
    for name, value in given.items():
        kinds = plain.get(name, ())
        counts = (isinstance(value, KINDS[kind][0]) for kind in kinds)
        known = bool in kinds if isinstance(value, bool) else any(counts)
        if kinds and not known:
            said = join_list([KINDS[kind][1] for kind in kinds], " or ")
            raise UserError(f"{name} is {brief(repr(value))}; give {said}.")
