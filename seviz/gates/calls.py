"""Calls of functions inside a module's forward, as modules that can be hooked.

A block's gate may be `torch.sigmoid(x)` in the code of its class, where no module can be hooked. So
while that class's forward runs, a mode of torch hears all calls of torch's functions, and passes
the calls that are asked about through a `Call`, which is a module.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode


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


class Listening(TorchFunctionMode):
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
        place = next(i for i, value in enumerate(args) if isinstance(value, Tensor))

        def run(x: Tensor) -> Any:
            return func(*args[:place], x, *args[place + 1 :], **kwargs)

        return call(args[place], run)


def function_name(func: Any) -> str:
    """Return a function's name without its marks for Python and for work in place: mul_ is mul."""
    return str(getattr(func, "__name__", func)).strip("_")
