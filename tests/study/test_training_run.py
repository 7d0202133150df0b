from dataclasses import replace

import pytest
import torch
from networks import seeded

from seviz.measuring.measure import answers
from seviz.nets.variants import VARIANTS
from seviz.study import training_run as module
from seviz.study.plan import smoke_plan
from seviz.study.training_run import CPU, Images, train_and_measure
from seviz.training.decoded import Decoded

CLASSES = ("w", "x")
RECIPE = replace(smoke_plan(CLASSES).recipe, model="lab_resnet_se", epochs=2, decay=2, peak_lr=0.05)


def decoded(count: int, seed: int) -> Decoded:
    """Make noise that is darker for the first of both classes."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    pixels = torch.randint(0, 128, (count, 3, 64, 64), generator=draw, dtype=torch.uint8)
    return Decoded(pixels + 100 * labels.view(-1, 1, 1, 1).to(torch.uint8), labels)


@pytest.fixture(scope="module")
def images() -> Images:
    return Images(decoded(20, 0), decoded(6, 1), CLASSES)


@pytest.fixture(autouse=True)
def _global_generator():
    """Runs seed the global generator; what comes after finds it as it was."""
    with seeded():
        yield


def test_a_run_is_measured_as_its_rounded_network_answers(images: Images):
    found = train_and_measure(RECIPE, images)
    assert not found.model.training
    for parameter in found.model.parameters():
        if parameter.ndim > 1:
            assert torch.equal(parameter, parameter.half().float())
    said = answers(found.model, images.val.whole_batches(8), CPU)
    assert (found.top1, found.top5) == (said.top(1), said.top(5))
    assert found.temperature == said.temperature()
    again = train_and_measure(RECIPE, images)
    assert again.loss == pytest.approx(found.loss, rel=1e-3)
    other = train_and_measure(replace(RECIPE, seed=1), images)
    assert other.loss != pytest.approx(found.loss, rel=1e-3)


def test_each_step_has_the_rate_of_its_moment_and_the_last_epochs_loss_is_told(
    images: Images, monkeypatch
):
    rates, losses, asked = [], [3.0, 1.0, 0.5, 0.25], []

    def training_step(model, optimizer, batch, *, recipe):
        assert model.training
        assert len(batch.images) == 8
        rates.append({group["lr"] for group in optimizer.param_groups})
        return torch.tensor(losses[len(rates) - 1])

    monkeypatch.setattr(module, "training_step", training_step)
    found = train_and_measure(RECIPE, images, lambda: asked.append(len(rates)))
    moments = (0.25, 0.75, 1.25, 1.75)  # the middle of both steps of both epochs, of 20 images
    assert rates == [{RECIPE.lr(moment)} for moment in moments]
    assert asked == [0, 1, 2, 3]  # before each step
    assert found.loss == pytest.approx((0.5 + 0.25) / 2)


def test_the_network_is_the_variant_from_the_seed(images: Images, monkeypatch):
    monkeypatch.setattr(module, "training_step", lambda *_, recipe: torch.tensor(1.0))
    found = train_and_measure(replace(RECIPE, seed=3), images)
    with seeded(3):
        expected = VARIANTS["lab_resnet_se"].build(2)
    for ours, theirs in zip(found.model.parameters(), expected.parameters(), strict=True):
        assert torch.equal(ours, theirs.half().float() if theirs.ndim > 1 else theirs)
