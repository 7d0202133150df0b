"""Repeats work on the CPU where the device has too little memory for one row."""

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
CPU_NOTE = "The device’s memory did not suffice for this, so it was computed on the CPU."


def fall_back_to_cpu(work: Work[P, R]) -> Work[P, R]:
    """Decorate work with a network: where the device's memory does not suffice, it runs on the CPU.

    The record that the work returns, or each of a list, then has CPU_NOTE as its note. UserError
    where the CPU's memory does not suffice either.
    """

    @wraps(work)
    def run(loaded: LoadedModel, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(loaded, *args, **kwargs)
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
        try:
            if on_gpu(loaded):
                noted: R = _add_note(work(on_cpu(loaded), *args, **kwargs))
                return noted
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
        raise UserError("The memory does not suffice for this; take a smaller network.")

    return run


def _add_note(result: Any) -> Any:
    if isinstance(result, list):
        return [replace(record, note=CPU_NOTE) for record in result]
    return replace(result, note=CPU_NOTE)


def on_gpu(loaded: LoadedModel) -> bool:
    """Tell whether a network is on another device than the CPU."""
    return loaded.device.type != "cpu"
