"""What to do where a device has too little memory for one row."""

from collections.abc import Callable
from typing import TypeVar

from seviz.errors import UserError
from seviz.passes.batch_size import out_of_memory
from seviz.zoo.models import LoadedModel, on_cpu

R = TypeVar("R")
MOVED = "The device’s memory did not suffice for this, so it was computed on the CPU."


def or_on_cpu(loaded: LoadedModel, work: Callable[[LoadedModel], R]) -> tuple[R, str]:
    """Do work with a network; where its device has no memory for one row, with it on the CPU.

    Returns what the work does, and what people should know of how it was done, or "". UserError
    where the CPU's memory does not suffice either.
    """
    try:
        return work(loaded), ""
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
    try:
        if on_gpu(loaded):
            return work(on_cpu(loaded)), MOVED
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
    raise UserError("The memory does not suffice for this; take a smaller network.")


def on_gpu(loaded: LoadedModel) -> bool:
    """Tell whether a network runs elsewhere than on the CPU."""
    return loaded.device.type != "cpu"
