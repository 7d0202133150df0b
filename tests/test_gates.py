import torch

from seviz.gates import edit
from seviz.records import IDENTITY, INTACT


def test_identity_sets_its_own_rows_to_one_and_leaves_the_others_bit_by_bit():
    s = torch.tensor([[0.25, 0.5], [0.75, 0.1], [0.3, 0.9]]).view(3, 2, 1, 1)
    identity = torch.tensor([False, True, False]).view(3, 1, 1, 1)
    edited = edit(s, [INTACT, IDENTITY], [~identity, identity])
    assert edited.flatten(1).tolist()[1] == [1.0, 1.0]
    assert torch.equal(edited[[0, 2]], s[[0, 2]])


def test_without_edits_the_very_tensor_comes_back():
    s = torch.rand(2, 3, 1, 1)
    assert edit(s, [INTACT], [torch.ones(2, 1, 1, 1, dtype=torch.bool)]) is s


def test_the_original_gates_are_not_written_to():
    s = torch.full((1, 2, 1, 1), 0.5)
    edit(s, [IDENTITY], [torch.ones(1, 1, 1, 1, dtype=torch.bool)])
    assert s.flatten().tolist() == [0.5, 0.5]


def test_gradients_reach_the_gates_of_rows_that_are_not_edited():
    s = torch.full((2, 1, 1, 1), 0.5, requires_grad=True)
    mine = torch.tensor([False, True]).view(2, 1, 1, 1)
    (gradient,) = torch.autograd.grad(edit(s, [INTACT, IDENTITY], [~mine, mine]).sum(), s)
    assert gradient.flatten().tolist() == [1.0, 0.0]
