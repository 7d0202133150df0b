import torch
from torch import nn

from seviz.gates.calls import Call, Listening, function_name


def test_a_function_has_one_name_in_place_or_as_an_operator():
    names = map(function_name, (torch.Tensor.mul_, torch.mul, torch.Tensor.__rmul__, nn.ReLU))
    assert list(names) == ["mul", "mul", "rmul", "ReLU"]


def test_a_call_stands_for_a_function_in_words():
    assert repr(Call("sigmoid")) == "Call(sigmoid)"


def test_the_first_tensor_passes_the_module_wherever_it_stands_among_the_arguments():
    call, x = Call("rsub"), torch.ones(2)
    call.register_forward_hook(lambda _, given, result: result + 10 * given[0])
    with Listening({("rsub", 0): call}):
        first, second = torch.rsub(x, 3), torch.rsub(x, 3)
    assert first.tolist() == [12, 12]
    assert second.tolist() == [2, 2]
