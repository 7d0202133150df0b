"""What hooks tell of a pass, and that none of them stays."""

import pytest
import torch
from networks import randn, random_network
from torch import nn

from seviz.gates.calls import Call
from seviz.gates.hooks import listen, output_shapes, record, uses


@pytest.fixture(scope="module")
def model():
    return random_network("seresnet50_slim").eval()


def hooks(model: nn.Module) -> int:
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())


def test_the_shapes_of_what_modules_return_are_noted_and_no_hook_stays(model):
    block, x = model.layer4[0].se, randn(1, 3, 64, 64)
    with torch.inference_mode():
        shapes = output_shapes([model, block, model.maxpool], lambda: model(x))
    assert shapes[model] == (1, 200)
    assert shapes[block][:2] == (1, block.fc2.out_channels)
    assert hooks(model) == 0


def test_what_is_no_tensor_has_no_shape_and_an_error_leaves_no_hook():
    class Pair(nn.Module):
        def forward(self, x):
            return x, x

    pair = Pair()
    assert output_shapes([pair], lambda: pair(1)) == {pair: ()}
    with pytest.raises(ZeroDivisionError):
        output_shapes([pair], lambda: 1 / 0)
    assert hooks(pair) == 0


def test_each_use_of_a_module_is_counted(model):
    relu = nn.ReLU()
    twice = nn.Sequential(relu, nn.Identity(), relu)
    assert uses(twice, nn.ReLU, lambda: twice(torch.zeros(1)))[relu] == 2
    assert hooks(twice) == 0


def test_a_pass_is_recorded_with_its_modules_and_no_hook_stays(model):
    x = randn(1, 3, 64, 64)
    with torch.no_grad():
        tape = record(model, lambda: model(x))
    block = next(call for call in tape.calls if call.path == "layer1.0.se")
    assert block.counts["sigmoid"] == 1
    assert [call.path for call in block.enclosing] == ["", "layer1", "layer1.0", "layer1.0.se"]
    (sigmoid,) = (op for op in tape.ops if op.owner.path == "layer1.0.se.gate")
    assert sigmoid.name == "sigmoid"
    assert sigmoid.number_in(block) == 0
    assert hooks(model) == 0
    with pytest.raises(ZeroDivisionError):
        record(model, lambda: 1 / 0)
    assert hooks(model) == 0


class Twice(nn.Module):
    """Calls sigmoid two times, and the second time in place."""

    def forward(self, x, fail=False):
        y = torch.sigmoid(x)
        if fail:
            raise ValueError("no")
        return (y - 1).sigmoid_()


def test_the_call_that_is_asked_about_is_heard_and_others_are_not():
    model, call, x = Twice(), Call("sigmoid"), randn(2, 3)
    wanted = [True]
    handles = listen(model, {("sigmoid", 1): call}, lambda: wanted[0])
    seen = []
    call.register_forward_pre_hook(lambda _, given: seen.append(given[0].clone()))
    call.register_forward_hook(lambda *_: torch.zeros(2, 3))
    assert model(x).abs().max() == 0
    torch.testing.assert_close(seen[0], torch.sigmoid(x) - 1)
    with pytest.raises(ValueError, match="no"):
        model(x, fail=True)
    torch.sigmoid(torch.sigmoid(x))  # outside of the model nothing is heard
    assert len(seen) == 1
    wanted[0] = False
    assert model(x).min() > 0
    for handle in handles:
        handle.remove()
    assert hooks(model) == 0
