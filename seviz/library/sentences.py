"""The sentences of errors as a script needs them: of arguments, where the command has options."""

import copy
import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from seviz.errors import UserError

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
    "in GRADIO_SERVER_PORT": "as port",
}
OPTION = re.compile("|".join(map(re.escape, ARGUMENTS)))


def names_arguments(asked: Callable[P, R]) -> Callable[P, R]:
    """Decorate a public function, whose errors then name its arguments in place of options."""

    @wraps(asked)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
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
