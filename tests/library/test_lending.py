import pytest
import torch
from made_module import module, state
from networks import awake
from torch import nn

from seviz.errors import UserError
from seviz.library.lending import borrow

CPU = torch.device("cpu")


def test_a_module_is_frozen_while_it_is_borrowed():
    ours = module()
    before = state(ours)
    lent = borrow(ours, CPU)
    assert not any(m.training for m in ours.modules())
    assert not any(p.requires_grad for p in ours.parameters())
    assert borrow(ours, CPU) is lent
    lent.give_back()
    assert not ours.training
    lent.give_back()
    assert state(ours) == before


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: module().half(), r"are of torch\.float16, and passes are of float32; call module"),
        (lambda: module().to("meta"), "are on no device, or on several; move them to one"),
        (lambda: nn.LazyLinear(3), "has parameters without a shape yet, as a lazy module has"),
        (lambda: nn.ReLU(), "are of no type, as there are none"),
    ],
)
def test_a_module_that_cannot_be_passed_is_a_sentence(made, says: str):
    with pytest.raises(UserError, match=says):
        borrow(made(), CPU)


def test_no_forward_is_run_again_in_the_backward_pass_meanwhile():
    ours = awake("seresnet18")
    ours.set_grad_checkpointing(True)
    lent = borrow(ours, CPU)
    assert not ours.grad_checkpointing
    lent.give_back()
    assert ours.grad_checkpointing
