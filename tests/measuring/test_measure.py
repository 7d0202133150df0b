import math

import pytest
import torch
from networks import randn, random_network, seeded
from torch import nn
from torch.utils.data import DataLoader

from seviz.measuring.measure import Answers, answers, multiply_adds

CPU = torch.device("cpu")


def said(logits: list[list[float]], labels: list[int], seconds: float = 2.0) -> Answers:
    return Answers(torch.tensor(logits), torch.tensor(labels), seconds)


def test_the_first_answers_are_counted():
    ours = said([[3, 2, 1], [3, 2, 1], [3, 2, 1], [1, 2, 3]], [0, 1, 2, 2])
    assert ours.top(1) == 0.5
    assert ours.top(2) == 0.75
    assert ours.top(5) == 1.0  # of three classes
    assert ours.images_per_second == 2.0


def test_surprise_is_the_mean_negative_log_likelihood():
    ours = said([[0.0, math.log(3)], [0.0, 0.0]], [1, 0])
    assert ours.nll() == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)
    assert ours.nll(1e9) == pytest.approx(math.log(2))


@pytest.mark.parametrize("boast", [0.25, 1.0, 4.0])
def test_the_temperature_undoes_what_was_boasted(boast: float):
    logits = randn(20_000, 5) * 2
    with seeded():
        labels = torch.distributions.Categorical(logits=logits).sample()
    assert Answers(logits * boast, labels, 1.0).temperature() == pytest.approx(boast, rel=0.05)


@pytest.mark.parametrize(("label", "logit", "limit"), [(0, 0.1, 0.05), (1, 10.0, 20.0)])
def test_the_temperature_has_limits_where_answers_are_always_right_or_never(
    label: int, logit: float, limit: float
):
    always = said([[logit, 0.0]] * 4, [label] * 4)
    assert always.temperature() == pytest.approx(limit, rel=1e-3)


class Brightness(nn.Module):
    """Says class 0 for bright images and class 1 for dark ones; only in eval mode."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert not self.training
        level = x.mean((1, 2, 3))
        return torch.stack([level, -level], 1)


def test_every_image_is_asked_once_in_eval_mode():
    model = Brightness().train()
    images = [
        (torch.full((3, 4, 4), level), int(level < 0)) for level in (1.0, -1.0, 0.5, -0.5, 2.0)
    ]
    ours = answers(model, DataLoader(images, 2), CPU)
    assert model.training
    assert ours.labels.tolist() == [0, 1, 0, 1, 0]
    assert ours.logits[:, 0].tolist() == [1.0, -1.0, 0.5, -0.5, 2.0]
    assert ours.top(1) == 1.0


def test_multiply_adds_are_those_of_the_written_out_layers():
    model = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 16, 10))
    assert multiply_adds(model, (3, 8, 8)) == 3 * 9 * 8 * 16 + 8 * 16 * 10


def test_se_costs_a_thousandth_and_a_tenth_more_parameters():
    plain, se = random_network("resnet50").eval(), random_network("seresnet50").eval()
    costs = [multiply_adds(model, (3, 224, 224)) for model in (plain, se)]
    assert costs[0] == pytest.approx(4.09e9, rel=0.01)  # 3.86 G in the paper, strides elsewhere
    assert costs[1] - costs[0] == 2 * sum(c * c // 16 * n for c, n in STAGES)  # W₁ and W₂


STAGES = ((256, 3), (512, 4), (1024, 6), (2048, 3))
