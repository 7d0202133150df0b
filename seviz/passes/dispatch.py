"""Runs a task with a network on the device: plain data in, plain data out.

Everything that the app computes with a network goes through `ask`, so the same app runs on a CPU,
on a GPU, and on ZeroGPU, where forked processes that share only files with this one do the work.
A question is one task, however many passes it takes, so it asks for a GPU once.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from seviz.errors import UserError
from seviz.passes import processes
from seviz.passes.answer_cache import AnswerCache
from seviz.passes.cores import shared_cores
from seviz.passes.estimate import PassRows, seconds
from seviz.passes.gpu_seconds import (
    ON_CPU,
    count_rows,
    cpu_seconds,
    gpu_seconds,
    gpu_time,
    is_small,
)
from seviz.passes.refusals import offer_cpu
from seviz.records.arms import Arm
from seviz.watch import untimed
from seviz.zoo.catalogue import find, visitors, with_networks
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.device import ZERO_GPU, device, device_words, forked
from seviz.zoo.memory import Zoo
from seviz.zoo.models import LoadedModel, load_twin
from seviz.zoo.sources import Source

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", bound=Callable[..., Any])

_PLAIN: set[Callable[..., Any]] = {seconds}  # tasks that need no gates
ZOO = Zoo()  # this process's networks; a forked process has its own copy
ANSWERS = AnswerCache()


def without_gates(task: T) -> T:
    """Decorate a task that can be asked of a network without SE, too."""
    _PLAIN.add(task)
    return task


def ask(
    task: Callable[Concatenate[LoadedModel, P], R], key: str, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run task(network, *args, **kwargs) in the process that has the device; raises as the task.

    task is a module's function with picklable arguments and result: records, not tensors. Weights
    that are not on this machine are downloaded first (`fetch`).
    """
    key = fetch(key, plain=task in _PLAIN)
    run = _send if ZERO_GPU and not forked() else _run
    asked = {name: value for name, value in kwargs.items() if name != "watch"}
    outcome = ANSWERS.answer(lambda: run(task, key, *args, **kwargs), find(key), task, args, asked)
    if isinstance(outcome, UserError):
        raise outcome
    result: R = outcome
    return result


def fetch(key: str, arms: Iterable[Arm] = (), *, plain: bool = False) -> str:
    """Download a network's weights where they are missing, and return its key.

    arms: what will be asked about; where the twin is among them, its weights are downloaded, too.
    It runs in this process, so people see its progress and no GPU is held meanwhile. On ZeroGPU it
    also loads the network, as the processes that will work with it are forked from this one.
    plain: a network without SE will do, too.
    UserError where the weights can't be had, or the network has no gates.
    """
    source = find(key)
    if not plain:
        source.check_gates()
    twin = source.twin if any(arm.is_twin for arm in arms) else None
    with untimed():
        if source.key not in ZOO:
            source.fetch()
        if twin:
            twin.fetch()
    if ZERO_GPU:
        _load(source.key, twin=twin is not None, plain=plain)
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


def device_for(key: str) -> str:
    """Return what people call the device on which a network is asked: a GPU's card, or the CPU."""
    return processes.card() if borrows(key) else device_words()


def expected_seconds(key: str, rows: PassRows, *, most: float | None = None) -> float:
    """Estimate the seconds in which rows pass a network; 0 for few. most: as of `seconds`."""
    source = find(key)
    if not ZERO_GPU:
        return ask(seconds, key, rows, most=most)
    return (gpu_time if borrows(key) else cpu_seconds)(source, rows.weight)


def known_seconds(key: str, rows: PassRows, *, most: float | None = None) -> float | None:
    """Estimate as `expected_seconds` does, of a network that is at hand; None of any other.

    Nothing is downloaded or loaded for it.
    """
    return expected_seconds(key, rows, most=most) if ZERO_GPU or key in ZOO else None


def borrows(key: str) -> bool:
    """Tell whether a network is asked on a GPU that ZeroGPU lends."""
    return ZERO_GPU and not (processes.WANTS_CPU.get() or is_small(find(key)))


def _load(key: str, *, twin: bool, plain: bool) -> None:
    """Load a network into this process, with its twin if asked for."""
    loaded = ZOO.get(key, plain=plain)
    if twin:
        load_twin(loaded)


def _send(task: Callable[..., Any], key: str, *args: Any, **kwargs: Any) -> Any:
    """Let a process that is forked from this one run the task, on the CPU or on a lent GPU."""
    loaded = ZOO.get(key, plain=task in _PLAIN)
    rows = count_rows(task, loaded, *args, **kwargs)
    work = partial(_run_for, visitors(), task, key, *args, **kwargs)
    if rows == ON_CPU or not borrows(loaded.key):
        return processes.run_on_cpu(work)
    return processes.run_on_gpu(
        work,
        of=(loaded.source, Source in loaded.cache),
        seconds=gpu_seconds(loaded.source, rows),
        offer=offer_cpu(cpu_seconds(loaded.source, rows)),
    )


def _run_for(
    networks: tuple[Checkpoint, ...], task: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Run the task in a forked process, which does not know the visitor's networks."""
    with with_networks(networks):
        return _run(task, *args, **kwargs)


def _run(task: Callable[..., Any], key: str, *args: Any, **kwargs: Any) -> Any:
    """Run the task; return a UserError, as one that is raised loses its text between processes."""
    try:
        loaded = ZOO.get(key, plain=task in _PLAIN)
        if loaded.device != device():  # this process was lent a GPU after the network was loaded
            loaded = ZOO.move(key, device())
        with shared_cores():
            return task(loaded, *args, **kwargs)
    except UserError as error:
        return error
    except RuntimeError as error:
        from seviz.passes.batch_size import out_of_memory

        if not out_of_memory(error):
            raise
        return UserError("The device's memory does not suffice for this; take a smaller network.")


if ZERO_GPU:  # the Space does not start where it lends no GPU to anything
    processes.borrower(None, False)
