import hashlib
import json
from pathlib import Path

import pytest
import torch
from networks import randn, random_network
from safetensors.torch import save_file
from torch import nn

from seviz.errors import UserError
from seviz.training.start_weights import fingerprint, load_start


class Small(nn.Module):
    """A stem and a classifier, named as a ResNet's are."""

    def __init__(self, width: int = 4, classes: int = 3) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, bias=False)
        self.fc = nn.Linear(width, classes)


def kept(path: Path, **changes: torch.Tensor) -> dict[str, torch.Tensor]:
    """Save weights of another seed; changes: tensors in place of theirs."""
    weights = random_network(lambda: Small(), seed=1).state_dict() | changes
    save_file(weights, path)
    return weights


@pytest.fixture
def model() -> nn.Module:
    return random_network(lambda: Small(), seed=0)


def test_a_fingerprint_is_the_start_of_the_files_digest(tmp_path: Path):
    kept(tmp_path / "w.safetensors")
    digest = hashlib.sha256((tmp_path / "w.safetensors").read_bytes()).hexdigest()
    assert fingerprint(tmp_path / "w.safetensors") == digest[:16]
    (tmp_path / "w.safetensors").write_bytes(b"nothing")
    with pytest.raises(UserError):
        fingerprint(tmp_path / "w.safetensors")


def test_weights_in_float16_go_on_in_float32_with_the_facts_beside_them(
    model: nn.Module, tmp_path: Path
):
    half = randn(4, 3, 3, 3).half()
    weights = kept(tmp_path / "w.safetensors", **{"conv1.weight": half})
    assert load_start(model, tmp_path / "w.safetensors") == {}
    assert model.conv1.weight.dtype == torch.float32
    assert torch.equal(model.conv1.weight, half.float())
    assert torch.equal(model.fc.bias, weights["fc.bias"])
    (tmp_path / "w.json").write_text(json.dumps({"minutes": 3}))
    assert load_start(model, tmp_path / "w.safetensors") == {"minutes": 3}


def test_a_narrower_network_is_widened_and_says_the_same(tmp_path: Path):
    weights = kept(tmp_path / "w.safetensors")
    wide = random_network(lambda: Small(width=7), seed=0)
    load_start(wide, tmp_path / "w.safetensors")
    assert torch.equal(wide.fc.bias, weights["fc.bias"])
    first = wide.conv1.weight[:4].detach()  # each channel once, then some again
    off = (first - weights["conv1.weight"]).std() / weights["conv1.weight"].std()
    assert 0 < off < 0.1  # but for a little noise


@pytest.mark.parametrize(
    "changes",
    [
        {"fc.bias": torch.zeros(4)},  # of other classes
        {"conv1.weight": torch.zeros(5, 3, 3, 3)},  # wider than the network
        {"conv1.weight": torch.zeros(4, 27)},
        {"more": torch.zeros(1)},
    ],
)
def test_weights_that_do_not_fit_are_refused_and_nothing_is_loaded(
    model: nn.Module, tmp_path: Path, changes: dict[str, torch.Tensor]
):
    kept(tmp_path / "w.safetensors", **changes)
    before = model.fc.weight.clone()
    with pytest.raises(UserError, match=r"w\.safetensors does not fit Small; give weights of --mo"):
        load_start(model, tmp_path / "w.safetensors")
    assert torch.equal(model.fc.weight, before)
