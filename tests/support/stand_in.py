"""A function in another one's place, which notes what it is called with."""

import inspect
from typing import Any

import pytest


def stand_in(patch: pytest.MonkeyPatch, module: Any, name: str, answer: Any) -> list[dict]:
    """Let a module's function return a ready answer; returns the arguments of its calls, by name.

    Arguments are bound to the parameters of the function itself, defaults included, so a call that
    the function would refuse fails.
    """
    signature = inspect.signature(getattr(module, name))
    calls: list[dict] = []

    def called(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        calls.append(dict(bound.arguments))
        return answer

    patch.setattr(module, name, called)
    return calls
