"""What to do where a device has too little memory for one row."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from seviz.errors import UserError
from seviz.passes.batch_size import out_of_memory
from seviz.zoo.models import LoadedModel, on_cpu

P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[Concatenate[LoadedModel, P], R]
MOVED = "The device’s memory did not suffice for this, so it was computed on the CPU."


def or_on_cpu(work: Work[P, R]) -> Work[P, R]:
    """Decorate work with a network: where its device has no memory for one row, the CPU does it.

    The record that the work returns, or each of a list, then says so in its note. UserError where
    the CPU's memory does not suffice either.
    """

    @wraps(work)
    def somewhere(loaded: LoadedModel, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(loaded, *args, **kwargs)
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
        try:
            if on_gpu(loaded):
                moved: R = _noted(work(on_cpu(loaded), *args, **kwargs))
                return moved
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
        raise UserError("The memory does not suffice for this; take a smaller network.")

    return somewhere


def _noted(found: Any) -> Any:
    if isinstance(found, list):
        return [replace(one, note=MOVED) for one in found]
    return replace(found, note=MOVED)


def on_gpu(loaded: LoadedModel) -> bool:
    """Tell whether a network runs elsewhere than on the CPU."""
    return loaded.device.type != "cpu"
