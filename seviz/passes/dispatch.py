"""Runs a task with a network on the device: plain data in, plain data out.

Everything that the app computes with a network goes through `ask`, so the same app runs on a CPU,
on a GPU, and on ZeroGPU, where forked processes that share only files with this one use the device.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from seviz.errors import UserError
from seviz.passes.answer_cache import AnswerCache
from seviz.records.arms import Arm
from seviz.watch import untimed
from seviz.zoo.catalogue import find
from seviz.zoo.device import on_gpu
from seviz.zoo.models import LoadedModel, Zoo

P = ParamSpec("P")
R = TypeVar("R")

ZOO = Zoo()  # this process's networks; a forked process has its own copy
ANSWERS = AnswerCache()


def ask(
    task: Callable[Concatenate[LoadedModel, P], R], key: str, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run task(network, *args, **kwargs) in the process that has the device; raises as the task.

    task is a module's function with picklable arguments and result: records, not tensors. Weights
    that are not on this machine are downloaded first (`fetch`).
    """
    key = fetch(key)
    asked = {name: value for name, value in kwargs.items() if name != "watch"}
    outcome = ANSWERS.answer(lambda: _run(task, key, *args, **kwargs), find(key), task, args, asked)
    if isinstance(outcome, UserError):
        raise outcome
    result: R = outcome
    return result


def fetch(key: str, arms: Iterable[Arm] = ()) -> str:
    """Download a network's weights where they are missing, and return its key.

    arms: what will be asked about; where the twin is among them, its weights are downloaded, too.
    It runs in this process, so people see its progress and no GPU is held meanwhile. UserError
    where the weights can't be had, or the network has no gates.
    """
    source = find(key)
    if not source.has_gates:
        raise UserError(
            f"{source.title} has no Squeeze-and-Excitation block; choose a network with SE "
            "blocks, such as an SE-ResNet."
        )
    with untimed():
        if source.key not in ZOO:
            source.fetch()
        if source.twin and any(arm.is_twin for arm in arms):
            source.twin.fetch()
    return source.key


def fetch_arms(key: str, arms: Sequence[Arm]) -> tuple[list[Arm], str]:
    """Download what arms need, so that a twin that can't be had costs no other arm its answer.

    Return the arms that can be asked about, and a sentence about those that can't, or "". UserError
    where the network itself can't be had.
    """
    key = fetch(key)
    try:
        fetch(key, arms)
    except UserError as error:
        return [arm for arm in arms if not arm.is_twin], str(error)
    return list(arms), ""


@on_gpu
def _run(task: Callable[..., Any], key: str, *args: Any, **kwargs: Any) -> Any:
    """Run the task; return a UserError, as one that is raised loses its text between processes."""
    try:
        return task(ZOO.get(key), *args, **kwargs)
    except UserError as error:
        return error
    except RuntimeError as error:
        from seviz.passes.batch_size import out_of_memory

        if not out_of_memory(error):
            raise
        return UserError("The device's memory does not suffice for this; take a smaller network.")
