from dataclasses import replace

import numpy as np
import pytest
import torch
from made_pictures import SIDE, red_or_blue, stripes

from seviz.pictures import draw as drawing
from seviz.pictures.draw import baselines, draw
from seviz.records.aims import AIMS, CENTRE, CHANNEL, KINDS, MACO, OPEN, SHUFFLED, SHUT
from seviz.records.arms import INTACT
from seviz.records.pictures import Drawing, PictureTask
from seviz.watch import Stopped, Watch

SITE = "se"


def made(loaded, task: PictureTask, steps: int = 240):
    return draw(loaded, Drawing(task), steps=steps).pictures


@pytest.mark.parametrize("aim", [OPEN, CHANNEL, CENTRE])
def test_the_picture_of_a_gate_for_red_is_red(aim):
    pictures = made(red_or_blue(), PictureTask(SITE, (0, 1), aim, (0, 0)))
    assert pictures.pixels.shape == (2, SIDE, SIDE, 3)
    at = np.s_[:, SIDE // 2 - 1 : SIDE // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1]
    seen = pictures.pixels[at] if aim == CENTRE else pictures.pixels
    red, _, blue = np.moveaxis(seen.astype(float).mean((1, 2)), -1, 0) / 255
    assert red[0] > 0.8 > 0.2 > blue[0]
    assert blue[1] > 0.8 > 0.2 > red[1]


def test_what_shuts_a_gate_is_the_contrary():
    pictures = made(red_or_blue(), PictureTask(SITE, (0,), SHUT))
    red, _, blue = pictures.pixels[0].astype(float).mean((0, 1)) / 255
    assert blue > 0.8 > 0.2 > red
    assert pictures.s[0] < 0.05


def test_the_picture_of_a_gate_for_rows_has_stripes_along_them():
    pictures = made(stripes(), PictureTask(SITE, (0, 1), OPEN, (0, 0)))
    grey = pictures.pixels.astype(float).mean(-1)
    for across, along in ((0, 1), (1, 0)):
        change = [abs(np.diff(grey[across], axis=axis)).mean() for axis in (across, along)]
        assert change[0] > 3 * change[1]


def test_s_is_what_the_network_makes_of_the_very_bytes(small):
    task = PictureTask("SE_3_2", (5, 7), OPEN, (0, 3))
    pictures = made(small, task, steps=3)
    mean, std = np.array(small.mean), np.array(small.std)
    x = ((pictures.pixels / 255 - mean) / std).transpose(0, 3, 1, 2).astype(np.float32)
    with (
        torch.inference_mode(),
        small.probe.ask([INTACT], rows=[0, 0], features_of=["SE_3_2"]) as captured,
    ):
        small.model(torch.from_numpy(x))
    s = captured.s["SE_3_2"].numpy()
    np.testing.assert_allclose(pictures.s, [s[0, 5], s[1, 7]], atol=1e-5)
    assert np.array_equal(pictures.own, pictures.s)
    u = captured.u["SE_3_2"].numpy().mean((2, 3))
    np.testing.assert_allclose(pictures.u, [u[0, 5], u[1, 7]], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_later_steps_refine_earlier_ones_to_the_same_picture_as_in_one_go(small, kind):
    task = PictureTask("SE_2_2", (3, 3), OPEN, (0, 1), kind=kind)
    first = draw(small, Drawing(task), steps=2)
    then = draw(small, first, steps=3)
    whole = draw(small, Drawing(task), steps=5)
    assert (first.step, then.step) == (2, 5)
    assert np.array_equal(then.pictures.pixels, whole.pictures.pixels)
    assert np.array_equal(then.parameters, whole.parameters)
    assert not np.array_equal(first.pictures.pixels, then.pictures.pixels)
    assert not np.array_equal(whole.pictures.pixels[0], whole.pictures.pixels[1])


def test_rows_that_pass_one_by_one_are_the_same_pictures(monkeypatch):
    loaded, task = stripes(), PictureTask(SITE, (0, 1, 0), OPEN, (0, 1, 2))
    together = made(loaded, task, steps=6)
    monkeypatch.setattr(drawing, "PIXELS", 1)
    alone = made(loaded, task, steps=6)
    assert abs(together.pixels.astype(int) - alone.pixels).max() <= 2
    np.testing.assert_allclose(together.s, alone.s, atol=1e-3)


def test_the_phases_of_maco_open_a_gate_too():
    loaded = stripes()
    nothing = baselines(loaded, SITE, channel=0)
    pictures = made(loaded, PictureTask(SITE, (0,), OPEN, kind=MACO))
    assert pictures.s[0] > nothing.mean_colour


def test_the_control_is_made_with_other_weights_and_judged_by_the_trained_ones(small):
    task = PictureTask("SE_2_1", (3,), OPEN)
    trained, control = (made(small, of, steps=12) for of in (task, replace(task, weights=SHUFFLED)))
    assert control.s[0] != control.own[0]
    assert trained.s[0] > control.s[0]


def test_baselines_are_the_gate_at_noise_and_at_the_mean_colour():
    loaded = red_or_blue()
    found = baselines(loaded, SITE, channel=0)
    assert found.mean_colour == pytest.approx(0.5, abs=1e-4)  # red less blue of zeros
    noise = torch.rand(drawing.NOISES, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    mean, std = (torch.tensor(of)[:, None, None] for of in (loaded.mean, loaded.std))
    z = ((noise - mean) / std).mean((2, 3))
    expected = torch.sigmoid(z[:, 0] - z[:, 2]).mean()
    assert found.noise == pytest.approx(float(expected), abs=1e-4)


def test_a_watch_tells_the_share_of_the_rows_and_stops():
    watch = Watch()
    loaded, task = stripes(), PictureTask(SITE, (0, 1), OPEN, (0, 0))
    draw(loaded, Drawing(task), steps=2, watch=watch)
    assert watch.share == 1.0
    watch.stop()
    with pytest.raises(Stopped):
        draw(loaded, Drawing(task), steps=2, watch=watch)
    watch.close()


def test_the_networks_parameters_get_no_gradients(small):
    for aim in AIMS:
        made(small, PictureTask("SE_2_1", (0,), aim), steps=1)
    assert all(p.grad is None and not p.requires_grad for p in small.model.parameters())
