"""The one way to the device: a task, a network's key and plain data in; plain data out.

Everything the app computes passes through `ask`, so the same app runs on a CPU, on a GPU, and on
ZeroGPU, where device work is done by forked processes that share only files with this one.
"""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from seviz.errors import UserError
from seviz.passes.batch_size import out_of_memory
from seviz.zoo.catalogue import find
from seviz.zoo.device import on_gpu
from seviz.zoo.models import LoadedModel, Zoo

P = ParamSpec("P")
R = TypeVar("R")

ZOO = Zoo()  # this process's networks; a forked process goes on with its own copy


def ask(
    task: Callable[Concatenate[LoadedModel, P], R], key: str, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run task(network, *args, **kwargs) where the device is; UserError as the task raises it.

    task is a function of a module, and its arguments and result are picklable: records, not
    tensors. The network's weights must be on this machine or are downloaded first (`fetch`).
    """
    key = fetch(key)
    outcome = _run(task, key, *args, **kwargs)
    if isinstance(outcome, UserError):
        raise outcome
    result: R = outcome
    return result


def fetch(key: str) -> str:
    """Bring a network's weights onto this machine, in this process, and return its key.

    Its progress bar is for people, and no GPU waits for it. UserError where they can't be had.
    """
    source = find(key)
    if source.key not in ZOO:
        source.fetch()
    return source.key


@on_gpu
def _run(task: Callable[..., Any], key: str, *args: Any, **kwargs: Any) -> Any:
    """Do the work; a UserError is returned, as its text would be lost between processes."""
    try:
        return task(ZOO.get(key), *args, **kwargs)
    except UserError as error:
        return error
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
        return UserError("The device's memory does not suffice for this; take a smaller network.")
