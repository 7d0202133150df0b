"""Calls of functions inside a module's forward, as modules that can be hooked.

A block's gate may be `torch.sigmoid(x)` in the code of its class, where no module can be hooked. So
while that class's forward runs, a mode of torch hears all calls of torch's functions, and passes
the calls that are asked about through a `Call`, which is a module.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.scripts import ScriptMode


class Call(nn.Module):
    """One call of a function: hooks of this module get its first tensor, and what it returns."""

    def __init__(self, function: str) -> None:
        """Stand for a call of a function, as `function_name` names it."""
        super().__init__()
        self.function = function

    def forward(self, x: Tensor, run: Callable[[Tensor], Any]) -> Any:
        """Return what `run` makes of x."""
        return run(x)

    def extra_repr(self) -> str:
        """Return the function's name."""
        return self.function


class Listening(ScriptMode):
    """Passes calls through `Call` modules: by function, and how often it was called before."""

    def __init__(self, calls: Mapping[tuple[str, int], Call]) -> None:
        """Start to count at 0."""
        super().__init__()
        self.calls, self.count = calls, Counter[str]()

    def __torch_function__(  # noqa: PLR0917 - as torch calls it
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run a function, through a module where it is asked about."""
        kwargs = kwargs or {}
        name = function_name(func)
        call = self.calls.get((name, self.count[name]))
        self.count[name] += 1
        if call is None:
            return func(*args, **kwargs)
        given: dict[int | str, Any] = {**dict(enumerate(args)), **kwargs}
        place = _data(name, given)

        def run(x: Tensor) -> Any:
            now = {**given, place: x}
            return func(*(now[i] for i in range(len(args))), **{key: now[key] for key in kwargs})

        return call(given[place], run)


def _data(name: str, given: Mapping[int | str, Any]) -> int | str:
    """Return which argument of a function is its first tensor that is no weight of the network."""
    tensors = [key for key, value in given.items() if isinstance(value, Tensor)]
    data = [key for key in tensors if not isinstance(given[key], nn.Parameter)]
    if not (data or tensors):
        raise UserError(
            f"The function “{name}” takes its tensors as a list, so seviz can't edit them; "
            "register another part of the block."
        )
    return (data or tensors)[0]


def is_function(name: str) -> bool:
    """Tell whether torch has a function, a tensor's method or an operator of a name."""
    methods = name, f"__{name}__"
    return any(hasattr(home, name) for home in (torch, nn.functional)) or any(
        hasattr(Tensor, method) for method in methods
    )


def function_name(func: Any) -> str:
    """Return a function's name without its marks for Python and for work in place: mul_ is mul."""
    return str(getattr(func, "__name__", func)).strip("_")
