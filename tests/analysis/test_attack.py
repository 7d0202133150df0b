"""FGSM's step, against differences of a network's own loss."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from photos import disc

from seviz.analysis.attack import attack_signs
from seviz.errors import UserError
from seviz.photos.crop import resized
from seviz.records.numbers import SIGMOID
from seviz.zoo.models import photo_transform


class Linear(torch.nn.Module):
    """Logits w·x and −w·x: the gradient of the loss of the first answer is ∓w times a share."""

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.weights = torch.nn.Parameter(weights)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = (x * self.weights).flatten(1).sum(1, keepdim=True)
        return torch.cat([score, -score], 1)


def test_of_a_linear_network_the_signs_are_those_of_its_weights(small):
    weights = torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(0))
    weights[:, :5] = 0
    linear = replace(small, model=Linear(weights))
    score = float((linear.prepare(disc())[0] * weights).sum())
    # The first answer is the one with the positive score; its loss falls as that rises.
    expected = -np.sign(score) * weights.sign().permute(1, 2, 0).numpy()
    signs = attack_signs(linear, disc())
    assert signs.dtype == np.int8
    np.testing.assert_array_equal(signs, expected)


def test_a_small_step_makes_the_answer_less_probable(small):
    photo = resized(small.transform, disc())
    signs = torch.from_numpy(attack_signs(small, photo)).permute(2, 0, 1)
    with torch.inference_mode():
        x = small.prepare(photo)
        before = small.model(x)
        after = small.model(x + 1e-3 * signs)
    answer = int(before.argmax())
    assert after.log_softmax(1)[0, answer] < before.log_softmax(1)[0, answer]


def test_a_head_of_single_classes_has_a_loss_of_its_own(small):
    weights = torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(1))
    alone = SimpleNamespace(head=SIGMOID, title="made")
    linear = replace(small, model=Linear(weights), source=alone)
    score = float((linear.prepare(disc())[0] * weights).sum())
    expected = -np.sign(score) * weights.sign().permute(1, 2, 0).numpy()
    np.testing.assert_array_equal(attack_signs(linear, disc()), expected)


def test_without_a_head_there_is_no_answer_to_attack(small):
    with pytest.raises(UserError, match="has no head"):
        attack_signs(replace(small, labels=()), disc())


def test_a_grey_network_moves_all_colours_alike(small):
    config = {"input_size": (1, 64, 64), "mean": (0.5,), "std": (0.5,), "crop_pct": 1.0}
    weights = torch.randn(1, 64, 64, generator=torch.Generator().manual_seed(0))
    grey = replace(small, model=Linear(weights), transform=photo_transform(config))
    signs = attack_signs(grey, disc())
    assert signs.shape == (64, 64, 3)
    assert (signs == signs[..., :1]).all()
    assert signs.any()
