import pytest
import torch
from networks import randn
from torch.utils.checkpoint import checkpoint

from seviz.errors import UserError
from seviz.passes.derivatives import derivatives


def test_each_tensor_has_its_derivative():
    x, y = randn(3).requires_grad_(), randn(3).requires_grad_()
    by_x, by_y = derivatives((x * y).sum(), [x, y], "Net")
    assert torch.equal(by_x, y) and torch.equal(by_y, x)


def test_what_keeps_no_gradients_or_runs_again_is_a_sentence():
    x = randn(3).requires_grad_()
    with pytest.raises(UserError, match=r"^Net can't be differentiated \(RuntimeError: element 0"):
        derivatives(x.detach().sum(), [x], "Net")
    calls = iter(range(9))

    def other(x: torch.Tensor) -> torch.Tensor:
        return x.sin() if next(calls) else x.sin().cos()

    again = checkpoint(other, x, use_reentrant=False)
    with pytest.raises(UserError, match=r"\(CheckpointError: .*, as checkpoints do; change that"):
        derivatives(again.sum(), [x], "Net")


def test_too_little_memory_is_told_by_who_asked(monkeypatch):
    def grad(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.autograd, "grad", grad)
    with pytest.raises(torch.OutOfMemoryError):
        derivatives(randn(1).sum(), [randn(1)], "Net")
