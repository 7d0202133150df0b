"""What hooks tell of a network besides its gates: which modules a pass calls, and with what."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from seviz.gates.calls import Call, Listening
from seviz.gates.tape import Tape


def uses(model: nn.Module, kind: type[nn.Module], run: Callable[[], object]) -> Counter[nn.Module]:
    """Count how often `run` calls each module of a kind in this model.

    The hooks are removed at the end; no other thread may use the model meanwhile.
    """
    called: Counter[nn.Module] = Counter()

    def count(module: nn.Module, _: object) -> None:
        called[module] += 1

    chosen = (module for module in model.modules() if isinstance(module, kind))
    with _removed(module.register_forward_pre_hook(count) for module in chosen):
        run()
    return called


def output_shapes(
    modules: Iterable[nn.Module], run: Callable[[], object]
) -> dict[nn.Module, tuple[int, ...]]:
    """Return the shapes of what modules return while `run` calls them; () for what is no tensor.

    As of `uses`, no other thread may use the modules meanwhile.
    """
    shapes: dict[nn.Module, tuple[int, ...]] = {}

    def note(module: nn.Module, _: object, output: object) -> None:
        shapes[module] = tuple(output.shape) if isinstance(output, Tensor) else ()

    with _removed(module.register_forward_hook(note) for module in modules):
        run()
    return shapes


def record(model: nn.Module, run: Callable[[], object]) -> Tape:
    """Record what `run` makes a network compute; as of `uses`, no other thread may use it."""
    stored = chain(model.parameters(), model.buffers())
    tape = Tape({id(tensor): tuple(tensor.shape) for tensor in stored})
    handles: list[RemovableHandle] = []
    for path, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):  # it takes no hooks
            continue

        def enter(_: nn.Module, args: Any, kwargs: Any, path: str = path) -> None:
            with torch._C.DisableTorchFunction():  # the tape's own calls are not the network's
                tape.enter(path, (args, kwargs))

        def leave(_: nn.Module, __: Any, output: Any) -> None:
            with torch._C.DisableTorchFunction():
                tape.leave(output)

        handles.append(module.register_forward_pre_hook(enter, with_kwargs=True))
        handles.append(module.register_forward_hook(leave))
    with _removed(handles), tape:
        run()
    return tape


@contextmanager
def _removed(handles: Iterable[RemovableHandle]) -> Iterator[None]:
    """Take hooks off in the end, whatever happens."""
    put = list(handles)
    try:
        yield
    finally:
        for handle in put:
            handle.remove()


class _Heard(threading.local):
    """The modes of a thread's passes: threads may use one network at the same time."""

    def __init__(self) -> None:
        self.modes: list[Listening] = []


def listen(
    owner: nn.Module, calls: dict[tuple[str, int], Call], wanted: Callable[[], bool]
) -> list[RemovableHandle]:
    """Pass an owner's calls of functions through `Call` modules, in passes that are wanted."""
    heard = _Heard()

    def enter(_: nn.Module, __: Any) -> None:
        if wanted():
            heard.modes.append(Listening(calls))
            heard.modes[-1].__enter__()

    def leave(_: nn.Module, __: Any, ___: Any) -> None:
        if heard.modes:
            heard.modes.pop().__exit__(None, None, None)

    return [
        owner.register_forward_pre_hook(enter),
        owner.register_forward_hook(leave, always_call=True),
    ]
