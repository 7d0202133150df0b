"""What is drawn and asked, on a hand-made network; maps of all methods: tests of `maps`."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from corner import GATE, HALF, SIDE, bright, made_corner

from seviz.attribution import calls
from seviz.attribution.blur import blur
from seviz.attribution.calls import CALLS, NOISE, Job, maps, noisy_images, shap_points, superpixels
from seviz.attribution.methods import METHODS
from seviz.attribution.rows import Rows
from seviz.gates.grammar import parse_arms
from seviz.passes.batch_size import BatchSizes

OPEN = [GATE, GATE / 2]  # the gates of the two arms
SLOPE = 24 / (3 * HALF**2)  # of class 1's logit by a pixel of the upper left quarter, at gates of 1


@pytest.fixture
def job() -> Job:
    """Two arms of the corner network about one picture, and its class 1."""
    x = 2 * torch.from_numpy(bright())[None] - 0.5  # of −0.5 and 1.5: its range is 2
    return Job(
        rows=Rows(made_corner(), parse_arms(["intact", "half: all*=0.5"])),
        x=x,
        targets=torch.tensor([1]),
        baseline=torch.zeros_like(x),
        layer="se",
        seen=np.zeros((SIDE, SIDE, 3), np.uint8),
        steps=40,
        seed=3,
    )


def quarter(value: float) -> np.ndarray:
    """A map that is a value in the upper left quarter, and else 0."""
    map_ = np.zeros((3, SIDE, SIDE))
    map_[:, :HALF, :HALF] = value
    return map_


def test_rows_have_their_images_and_classes(job: Job):
    two = replace(
        job,
        rows=Rows(made_corner(), job.rows.arms, images=2),
        x=torch.cat([job.x, job.x + 1]),
        targets=torch.tensor([1, 0]),
    )
    assert two.size == (SIDE, SIDE)
    assert two.target.tolist() == [1, 1, 0, 0]
    assert two.images.requires_grad
    assert torch.equal(two.images.detach(), torch.cat([job.x, job.x, job.x + 1, job.x + 1]))


def test_noise_is_a_share_of_the_images_range_and_follows_from_the_seed(job: Job):
    noisy = noisy_images(job)
    assert noisy.shape == (40, 3, SIDE, SIDE)
    noise = noisy - job.x
    assert noise.std().item() == pytest.approx(2 * NOISE, rel=0.02)  # of 122,880 numbers
    assert noise.mean().item() == pytest.approx(0, abs=0.005)
    assert not torch.allclose(noise[0], noise[1])
    assert torch.equal(noisy, noisy_images(job))
    assert not torch.allclose(noisy, noisy_images(replace(job, seed=4)))


def test_points_lie_on_the_way_from_grey_and_blurred_in_turn_to_noisy_images(job: Job):
    noisy, points, baselines = shap_points(job)
    assert torch.equal(noisy, noisy_images(job))
    assert torch.equal(baselines[0::2], torch.zeros_like(noisy[0::2]))
    assert torch.equal(baselines[1::2], blur(job.x).expand(20, -1, -1, -1))
    way = ((points - baselines) * (noisy - baselines)).sum((1, 2, 3))
    way /= (noisy - baselines).square().sum((1, 2, 3))  # 0 at the baseline, 1 at the noisy image
    on_it = baselines + way[:, None, None, None] * (noisy - baselines)
    torch.testing.assert_close(points, on_it, rtol=1e-4, atol=1e-4)
    assert ((way > 0) & (way < 1)).all()
    assert way.std() > 0.2  # of the uniform distribution: 0.29


def test_superpixels_follow_the_colours(job: Job):
    seen = np.zeros((SIDE, SIDE, 3), np.uint8)
    seen[:, HALF:] = 255
    found = superpixels(replace(job, seen=seen))
    assert found.shape == (1, 1, SIDE, SIDE)
    left, right = (set(half.unique().tolist()) for half in found[0, 0].split(HALF, 1))
    assert not left & right
    assert left | right == set(range(len(left) + len(right)))
    assert 25 <= len(left | right) <= 75  # about SUPERPIXELS, which is 50


# The logit is linear in the pixels of the quarter, so by hand: the slope, or that times the pixels,
# which are 1.5 there.
BY_HAND = {
    "saliency": SLOPE,
    "smoothgrad": SLOPE,
    "input_x_gradient": 1.5 * SLOPE,
    "integrated_gradients": 1.5 * SLOPE,
    "guided_backprop": SLOPE,
    "deconvolution": SLOPE,
    "deeplift": 1.5 * SLOPE,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_maps_of_both_arms_are_those_by_hand(job: Job, name: str):
    found = maps(job, METHODS[name])
    assert not found.requires_grad
    assert found.shape == (2, 3, SIDE, SIDE)
    for row, gate in enumerate(OPEN):
        np.testing.assert_allclose(
            found[row], quarter(gate * BY_HAND[name]), rtol=1e-3, atol=1e-3 * SLOPE
        )


def test_shap_weighs_each_points_slope_by_its_way_from_the_baseline(job: Job):
    noisy, _, baselines = shap_points(job)
    found = maps(job, METHODS["gradient_shap"])
    way = (noisy - baselines).mean(0).numpy()
    for row, gate in enumerate(OPEN):
        np.testing.assert_allclose(
            found[row], quarter(gate * SLOPE) * way, rtol=1e-3, atol=1e-3 * SLOPE
        )


@pytest.mark.parametrize("rows", [2, 3, 7, 100])
def test_samples_are_averaged_alike_however_many_pass_at_once(job: Job, rows: int, monkeypatch):
    sizes = BatchSizes.of(job.rows.loaded)
    monkeypatch.setattr(sizes.gradients, "rows", rows)
    monkeypatch.setattr(sizes.gradients, "_settled", True)
    for name in ("smoothgrad", "integrated_gradients"):
        found = maps(replace(job, steps=5), METHODS[name])
        np.testing.assert_allclose(
            found[1], quarter(OPEN[1] * BY_HAND[name]), rtol=1e-3, atol=1e-3 * SLOPE
        )


def test_ablation_and_occlusion_take_what_the_logit_loses(job: Job, monkeypatch):
    pieces = np.zeros((SIDE, SIDE), np.int64)
    pieces[:HALF, :HALF], pieces[HALF:] = 1, 2
    monkeypatch.setattr(calls, "slic", lambda *_, **__: pieces)
    found = maps(job, METHODS["feature_ablation"])
    for row, gate in enumerate(OPEN):  # the quarter alone speaks: it adds 1.5 · 24 · gate
        np.testing.assert_allclose(found[row], quarter(36 * gate), rtol=1e-4, atol=1e-4)
    monkeypatch.setattr(calls, "WINDOWS", 2)  # windows of half a side, by a quarter of a side
    found = maps(job, METHODS["occlusion"]).numpy()
    loss = np.zeros((SIDE, SIDE))
    count = np.zeros((SIDE, SIDE))
    for top in (0, 8, 16):
        for left in (0, 8, 16):
            inside = max(HALF - top, 0) * max(HALF - left, 0) / HALF**2
            loss[top : top + HALF, left : left + HALF] += 36 * inside
            count[top : top + HALF, left : left + HALF] += 1
    for row, gate in enumerate(OPEN):
        np.testing.assert_allclose(found[row], [gate * loss / count] * 3, rtol=1e-3, atol=1e-3)


def test_a_layers_map_is_its_output_over_the_picture(job: Job):
    found = maps(job, METHODS["layer_activation"])
    assert found.shape == (2, 1, SIDE, SIDE)
    for row, gate in enumerate(OPEN):  # the SE block scales the picture
        np.testing.assert_allclose(found[row, 0], gate * job.x[0, 0], rtol=1e-4, atol=1e-5)


def test_every_method_has_its_call():
    assert set(CALLS) == set(METHODS)
