import pytest
import torch

from seviz.pictures.canvas import Canvas
from seviz.records.aims import FOURIER, KINDS, MACO


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_seed_is_the_same_picture_again_and_another_seed_another(kind, channels):
    on = Canvas(kind, channels, 36, 24)
    first, again, other = (on.pictures(on.draw(seed)[None]) for seed in (3, 3, 4))
    assert first.shape == (1, channels, 36, 24)
    assert torch.equal(first, again)
    assert (first - other).abs().max() > 1e-3
    assert first.min() >= 0
    assert first.max() <= 1


def test_the_first_picture_of_a_spectrum_is_nearly_grey():
    on = Canvas(FOURIER, 3, 32, 32)
    assert (on.pictures(on.draw(0)[None]) - 0.5).abs().max() < 0.1


def test_a_frequency_is_a_wave_whose_height_falls_with_the_frequency():
    on = Canvas(FOURIER, 1, 32, 32)
    heights = []
    for frequency in (1, 2, 4):
        parameters = torch.zeros(1, *on.shape)
        parameters[0, 0, frequency, 0, 0] = 1.0  # cosines from row to row
        wave = on.pictures(parameters).logit()[0, 0]
        assert wave.std(1).max() < 1e-5  # the same in each column
        rows = torch.arange(32) * (2 * torch.pi * frequency / 32)
        torch.testing.assert_close(wave[:, 0] / wave[0, 0], rows.cos(), rtol=0, atol=1e-4)
        heights.append(float(wave[0, 0]))
    assert heights[0] / heights[1] == pytest.approx(2, rel=1e-4)
    assert heights[1] / heights[2] == pytest.approx(2, rel=1e-4)


def test_the_first_colour_is_brightness_and_the_others_are_not():
    on = Canvas(FOURIER, 3, 16, 16)
    colours = torch.eye(3)[:, :, None, None]
    changed = []
    for colour in colours:
        parameters = torch.zeros(1, *on.shape)
        parameters[0, :, 0, 0, 0] = colour.flatten()
        changed.append(on.pictures(parameters)[0, :, 0, 0] - 0.5)
    assert (changed[0] > 0).all()
    assert changed[1][0] > 0 > changed[1][2]
    assert changed[2][1] < 0 < changed[2][0]


def test_the_magnitudes_of_maco_stay_as_phases_change():
    on = Canvas(MACO, 1, 32, 32)
    one, other = (on.pictures(on.draw(seed)[None]).logit()[0, 0] for seed in (0, 1))
    spectra = [torch.fft.rfft2(of)[1:16, 1:16].abs() for of in (one, other)]
    ratio = spectra[0] / spectra[1]
    assert ratio.std() / ratio.mean() < 0.01
