"""Functions of TorchScript that a mode of torch hears: meanwhile they run as they were written.

What `torch.jit.script` makes of a function calls nothing that a mode hears. It keeps the function
itself, which computes the same, and whose calls are heard.
"""

import threading
from collections.abc import Callable
from typing import Any

from torch.jit import ScriptFunction
from torch.overrides import TorchFunctionMode

CALL = ScriptFunction.__call__


class _OfThread(threading.local):
    """How many modes a thread is in: other threads run their functions as TorchScript."""

    modes = 0


_of_thread = _OfThread()
_lock = threading.Lock()
_modes = 0  # of all threads


class ScriptMode(TorchFunctionMode):
    """A mode that hears functions of TorchScript too; one of `torch.jit.trace` is kept closed."""

    def __enter__(self) -> "ScriptMode":
        """Begin to hear."""
        _change(1)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        """Hear no more."""
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        _change(-1)


def _change(by: int) -> None:
    """Count a mode that begins or ends; without any, torch's class is as it was."""
    global _modes
    _of_thread.modes += by
    with _lock:
        _modes += by
        setattr(ScriptFunction, "__call__", _call if _modes else CALL)  # noqa: B010 - a method


def _call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Run a function as it was written, in a thread that is in a mode; else as TorchScript."""
    written = _written(function) if _of_thread.modes else None
    return CALL(function, *args, **kwargs) if written is None else written(*args, **kwargs)


def _written(function: Any) -> Callable[..., Any] | None:
    """Return the function that TorchScript compiled, where it keeps it; None for one of a trace.

    A trace is what the function computed once, which it may not compute again. It gets no name.
    """
    kept: dict[str, Any] = vars(function)
    return kept.get("_torchdynamo_inline") if "__name__" in kept else None
