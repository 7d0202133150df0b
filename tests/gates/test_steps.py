import pytest
import torch
from networks import randn
from odd_blocks import Functional, InSequential, Parameters, TwoProjections, network

from seviz.gates.hooks import record
from seviz.gates.steps import line, steps_back


def back_from_gates(kind):
    model = network(kind)
    with torch.no_grad():
        tape = record(model, lambda: model(randn(1, 3, 12, 12)))
    sigmoid = next(op for op in tape.ops if op.name == "sigmoid")
    return tape, sigmoid, steps_back(tape, sigmoid.outputs[0])


def test_the_way_back_goes_over_the_projections_to_the_squeeze():
    tape, sigmoid, steps = back_from_gates(Functional)
    assert [op.name for op in steps.tail] == ["sigmoid"]
    assert [op.owner.path for op in steps.projections] == ["layer1.0.b", "layer1.0.a"]
    assert [op.name for op in steps.middle] == ["relu"]
    assert [op.name for op in steps.pools] == ["adaptive_avg_pool2d"]
    assert steps.doubt == ""
    assert steps.owner(sigmoid).path == "layer1.0"
    assert steps.entry(tape) is steps.projections[-1]


def test_the_owner_is_the_smallest_module_that_has_all_steps():
    _, sigmoid, steps = back_from_gates(InSequential)
    assert steps.owner(sigmoid).path == "layer1.0.w"


def test_an_einsum_of_features_alone_is_a_squeeze_and_a_product_with_a_matrix_a_projection():
    model = network(Parameters)
    with torch.no_grad():
        tape = record(model, lambda: model(randn(1, 3, 12, 12)))
    gate = next(op for op in tape.ops if op.name == "exp")
    steps = steps_back(tape, gate.outputs[0])
    assert [op.name for op in steps.pools] == ["einsum"]
    assert [op.name for op in steps.projections] == ["matmul", "matmul"]


def test_a_sum_of_two_ways_is_a_doubt():
    assert "joins two tensors by add" in back_from_gates(TwoProjections)[2].doubt


@pytest.mark.parametrize("name", ["conv2d", "relu"])
def test_features_that_are_not_squeezed_lead_to_no_squeeze(name):
    tape, _, _ = back_from_gates(Functional)
    op = next(op for op in tape.ops if op.name == name)
    steps = steps_back(tape, op.outputs[0])
    assert steps is None or steps.pools == []


def test_a_line_ends_where_a_projection_or_a_second_tensor_begins():
    tape, sigmoid, steps = back_from_gates(Functional)
    assert line(tape, sigmoid.outputs[0]) == {*sigmoid.inputs, *sigmoid.outputs}
    assert steps.projections[0].inputs[0] not in line(tape, sigmoid.outputs[0])
