import pytest
import torch
from torch import Tensor

from seviz.gates.grammar import parse_arm
from seviz.gates.rules import Change, edit, mask
from seviz.records.arms import Rule

S = torch.tensor([[0.25, 0.5, 0.9, 0.1], [0.75, 0.1, 0.2, 0.6], [0.3, 0.9, 0.5, 0.4]])
SECOND = torch.tensor([False, True, False])
STATIC = torch.tensor([0.1, 0.2, 0.3, 0.4])


def edited(text: str, s: Tensor = S, rows: Tensor = SECOND) -> Tensor:
    """Apply an arm's edits to the second row."""
    recorded = {Rule("static"): STATIC, Rule("resample", source="b.jpg"): S[0]}
    changes = [
        Change(change.rule, mask(rows, change.channels, s.shape[1]), recorded)
        for change in parse_arm(text).edits
    ]
    return edit(s.view(3, -1, 1, 1), changes).flatten(1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("identity", [1, 1, 1, 1]),
        ("all=0.5", [0.5, 0.5, 0.5, 0.5]),
        ("all*=2", [1.5, 0.2, 0.4, 1.2]),
        ("uniform", [0.4125] * 4),
        ("static", [0.1, 0.2, 0.3, 0.4]),
        ("resample@b.jpg", [0.25, 0.5, 0.9, 0.1]),
        ("mix(0.25,identity)", [0.8125, 0.325, 0.4, 0.7]),
        ("mix(0,static)", [0.75, 0.1, 0.2, 0.6]),
        ("mix(1,static)", [0.1, 0.2, 0.3, 0.4]),
        ("mix(0.5,mix(0.5,identity))", [0.8125, 0.325, 0.4, 0.7]),
        ("all[1:3]=0", [0.75, 0, 0, 0.6]),
        ("all[0,3]*=0.5", [0.375, 0.1, 0.2, 0.3]),
        ("all*=0; all[0:2]=1; all[1]=static", [1, 0.2, 0, 0]),
        ("identity; all*=0.5", [0.5] * 4),
    ],
)
def test_a_rule_changes_its_rows_and_leaves_the_others_bit_by_bit(text: str, expected: list[float]):
    ours = edited(text)
    torch.testing.assert_close(ours[1], torch.tensor(expected, dtype=S.dtype), rtol=1e-6, atol=1e-7)
    assert torch.equal(ours[[0, 2]], S[[0, 2]])


def test_shuffling_keeps_the_values_and_follows_its_seed():
    s = torch.rand(3, 64, generator=torch.Generator().manual_seed(5))
    ours = edited("shuffle@7", s)
    assert torch.equal(ours[1].sort().values, s[1].sort().values)
    assert not torch.equal(ours[1], s[1])
    assert torch.equal(ours, edited("shuffle@7", s))
    assert not torch.equal(ours, edited("shuffle@8", s))


def test_arms_change_their_own_rows():
    first, third = (torch.arange(3) == i for i in (0, 2))
    changes = [
        Change(parse_arm(text).edits[0].rule, mask(rows, (), 4), {})
        for text, rows in (("identity", first), ("all=0", third))
    ]
    ours = edit(S.view(3, 4, 1, 1), changes).flatten(1)
    assert (ours[0].tolist(), ours[2].tolist()) == ([1.0] * 4, [0.0] * 4)
    assert torch.equal(ours[1], S[1])


def test_without_edits_the_very_tensor_comes_back():
    s = S.view(3, 4, 1, 1)
    assert edit(s, []) is s


def test_the_original_gates_are_not_written_to():
    s = S.clone()
    edited("all=0; identity; all*=3", s)
    assert torch.equal(s, S)


def test_gradients_reach_the_gates_of_rows_that_are_not_edited():
    s = S.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(edited("identity", s).sum(), s)
    assert gradient.tolist() == [[1.0] * 4, [0.0] * 4, [1.0] * 4]


def test_a_rule_that_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no rule sigmoid"):
        edit(S.view(3, 4, 1, 1), [Change(Rule("sigmoid"), mask(SECOND, (), 4), {})])
