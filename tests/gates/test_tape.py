import pytest
import torch
from networks import randn, random_network
from torch import nn

from seviz.gates.hooks import record

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.trace. is deprecated:FutureWarning")


class Scripted(nn.Module):
    """Calls a function of TorchScript, whose functions no mode hears."""

    def __init__(self):
        super().__init__()
        self.run = torch.jit.trace(torch.sigmoid, torch.zeros(1))

    def forward(self, x):
        return self.run(x)


class Steps(nn.Module):
    """Calls functions of all kinds that a tape tells apart."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.own = Scripted()

    def forward(self, x):
        y = self.linear(x)
        y = y.relu_()
        left, right = y.chunk(2, -1)
        return self.own(torch.cat([left, right.flatten(1).view(-1, 2)], -1)), x.shape[0]


def passed(size=(3, 4)):
    model, x = random_network(Steps).eval(), randn(*size)
    with torch.no_grad():
        return record(model, lambda: model(x))


def test_functions_are_recorded_in_order_with_what_calls_them():
    tape = passed()
    calls = [(op.name, op.owner.path) for op in tape.ops]
    assert calls == [
        ("linear", "linear"),
        ("relu", ""),
        ("chunk", ""),
        ("flatten", ""),
        ("view", ""),
        ("cat", ""),
        ("opaque", "own"),
    ]
    assert tape.ops[0].weights == ((4, 4), (4,))
    assert [len(op.outputs) for op in tape.ops] == [1, 1, 2, 1, 1, 1, 1]


def test_a_tensor_that_is_changed_in_place_gets_another_number():
    linear, relu, *_ = passed().ops
    assert relu.inputs == linear.outputs
    assert relu.outputs != relu.inputs


def test_the_source_of_an_arrangement_is_what_it_arranges():
    tape = passed()
    _, _, chunk, flatten, view, cat, _ = tape.ops
    assert tape.source(view.outputs[0]) == chunk.outputs[1] == flatten.inputs[0]
    assert cat.inputs == (chunk.outputs[0], view.outputs[0])
    assert tape.source(cat.outputs[0]) == cat.outputs[0]


def test_a_view_of_a_weight_counts_as_a_weight_and_a_number_that_is_made_of_it_does_not():
    class Views(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(2, 4))

        def forward(self, x):
            return x @ self.w.T @ (2 * self.w)

    model = Views()
    with torch.no_grad():
        tape = record(model, lambda: model(randn(3, 4)))
    first, doubled, second = tape.ops
    assert (first.name, first.weights, len(first.inputs)) == ("matmul", ((4, 2),), 1)
    assert doubled.weights == ((2, 4),)
    assert (second.weights, second.inputs) == ((), (*first.outputs, *doubled.outputs))
