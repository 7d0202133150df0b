"""On a ZeroGPU Space, networks work in forked processes: with a GPU that is lent, or on the CPU.

Both inherit the memory of the process that forks them, with the networks in it; arguments and
results are pickled. The forking process itself runs no network: the first gradient of a process,
on the CPU too, makes torch count its GPUs, and processes forked afterwards could use none.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from seviz.errors import UserError
from seviz.passes import refusals
from seviz.watch import check_asker
from seviz.zoo.device import take_gpu
from seviz.zoo.sources import Source

TICK = 0.2  # seconds between two looks whether somebody still waits
WANTS_CPU: ContextVar[bool] = ContextVar("wants_cpu", default=False)  # who asks takes the CPU
Work = Callable[[], Any]  # what it returns, and the function itself, are pickled


@contextmanager
def prefer_cpu(wanted: bool) -> Iterator[None]:
    """Let what is asked meanwhile be answered on the CPU if that is wanted; only ZeroGPU asks."""
    before = WANTS_CPU.set(wanted or WANTS_CPU.get())
    try:
        yield
    finally:
        WANTS_CPU.reset(before)


def run_on_cpu(work: Work) -> Any:
    """Run work() in a process of its own, which ends where its asker waits no more.

    UserError as `seviz.watch.check_asker`, and where the process is lost.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        future = pool.submit(work)
        try:
            while wait([future], TICK).not_done:
                check_asker()
            return future.result()
        except BrokenProcessPool as error:
            raise UserError(refusals.LOST) from error
        except BaseException:
            for process in list(pool._processes.values()):  # from Python 3.14: kill_workers()
                process.kill()
            raise


def run_on_gpu(work: Work, *, of: tuple[Source, bool], seconds: int, offer: str) -> Any:
    """Run work() in a process that ZeroGPU lends a GPU for so many seconds.

    of: the network, and whether its twin is in memory. offer: as of `refusals.refusal`. UserError
    where no GPU is lent, or is taken back.
    """
    try:
        return borrower(*of)(seconds, work)
    except Exception as error:  # the package raises its own and Gradio's
        if sentence := refusals.sentence(error, seconds, offer=offer):
            raise UserError(sentence) from error
        raise


def card() -> str:
    """Return the name of the GPU that ZeroGPU lends."""
    import torch

    return torch.cuda.get_device_name()  # the package says it without one


@cache
def borrower(source: Source | None, twin: bool) -> Callable[[int, Work], Any]:
    """Return the function that works with a network on a GPU; twin: also with its twin.

    The package keeps the processes of one function, and may give them further work. They know no
    network that was loaded after they were forked. So each has a function of its own.
    """
    from spaces import GPU

    del source, twin

    def lent(seconds: int, work: Work) -> Any:
        del seconds
        take_gpu()
        return work()

    borrowed: Callable[[int, Work], Any] = GPU(duration=lambda seconds, _: seconds)(lent)
    return borrowed
