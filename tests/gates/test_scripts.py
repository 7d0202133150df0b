"""Functions of TorchScript run as they were written while a mode of the same thread hears them."""

import threading

import pytest
import torch
from odd_blocks import scripted
from torch import Tensor
from torch.jit import ScriptFunction

from seviz.gates.calls import function_name
from seviz.gates.scripts import ScriptMode

CALL = ScriptFunction.__call__


class Names(ScriptMode):
    """Notes which functions of torch are called."""

    def __init__(self):
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.names.append(function_name(func))
        return func(*args, **(kwargs or {}))


@scripted
def told(x: Tensor) -> Tensor:
    """Tell by a number whether it runs as TorchScript."""
    return x.sigmoid() * 0 + (1 if torch.jit.is_scripting() else 0)


def test_a_function_is_heard_while_a_mode_is_on_and_is_torchscript_before_and_after():
    x = torch.zeros(2)
    assert told(x).tolist() == [1, 1]
    with Names() as outer:
        with Names() as inner:
            assert told(x).tolist() == [0, 0]
        assert told(x).tolist() == [0, 0]
    assert inner.names[:2] == ["sigmoid", "mul"]
    assert outer.names.count("sigmoid") == 2
    assert told(x).tolist() == [1, 1]
    assert ScriptFunction.__call__ is CALL


def test_an_error_in_a_mode_leaves_torch_as_it_was():
    with pytest.raises(RuntimeError), Names():
        told(torch.zeros(2)).view(3)
    assert ScriptFunction.__call__ is CALL


def test_other_threads_run_it_as_torchscript_meanwhile():
    found: list[list[float]] = []
    with Names():
        other = threading.Thread(target=lambda: found.append(told(torch.zeros(1)).tolist()))
        other.start()
        other.join()
        assert told(torch.zeros(1)).tolist() == [0]
    assert found == [[1]]


@pytest.mark.filterwarnings("ignore:.torch.jit.trace. is deprecated:FutureWarning")
def test_what_was_traced_is_called_as_it_is():
    traced = torch.jit.trace(torch.sigmoid, torch.zeros(1))
    with Names() as heard:
        assert traced(torch.zeros(1)).tolist() == [0.5]
    assert "sigmoid" not in heard.names
