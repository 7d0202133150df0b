import pytest
import torch
from torch import nn

from seviz.errors import UserError
from seviz.gates.calls import Call, Listening, function_name, is_function


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


def test_a_tensor_is_heard_by_its_name_and_a_weight_is_passed_over():
    call, x, heard = Call("addmm"), torch.ones(1, 2), []
    call.register_forward_pre_hook(lambda _, given: heard.append(given[0]))
    weight, bias = nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.zeros(2))
    with torch.no_grad(), Listening({("addmm", 0): call}):
        made = torch.addmm(bias, mat1=x, mat2=weight)
    assert heard[0] is x
    assert made.tolist() == [[2, 2]]


def test_a_function_that_takes_a_list_of_tensors_is_told():
    with (
        Listening({("cat", 0): Call("cat")}),
        pytest.raises(UserError, match="“cat” takes its tensors as a list"),
    ):
        torch.cat([torch.ones(2)])


@pytest.mark.parametrize("name", ["sigmoid", "relu6", "mul", "rdiv", "flatten"])
def test_functions_methods_and_operators_have_names(name):
    assert is_function(name)


def test_a_name_of_ones_own_is_no_function():
    assert not is_function("fc1")
