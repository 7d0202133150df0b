import torch

from seviz.training.rounding import round_weights


def test_weights_are_halved_but_not_norms_biases_and_counts():
    weights = {
        "conv.weight": torch.full((2, 3), 1 / 3),
        "conv.bias": torch.full((2,), 1 / 3),
        "norm.count": torch.tensor(7),
        "table": torch.ones(2, 2, dtype=torch.int64),
    }
    found = round_weights(weights | {"turned.weight": torch.arange(12.0).reshape(4, 3).T})
    assert [value.dtype for value in found.values()] == [
        torch.float16,
        torch.float32,
        torch.int64,
        torch.int64,
        torch.float16,
    ]
    assert all(value.is_contiguous() for value in found.values())
    assert torch.equal(found["conv.weight"], weights["conv.weight"].half())
    assert torch.equal(found["conv.bias"], weights["conv.bias"])
