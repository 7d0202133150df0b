"""Measures of maps, on hand-made maps and a hand-made network with known answers."""

import numpy as np
import pytest
import torch
from corner import GATE, made_corner

from seviz.attribution.maps import attribute
from seviz.faithfulness.controls import randomise
from seviz.faithfulness.likeness import likeness
from seviz.faithfulness.trust import trust
from seviz.records.arms import INTACT
from seviz.records.target import Difference, Gate
from seviz.records.trust import Trust
from seviz.watch import Stopped, Watch


@pytest.fixture(scope="module")
def measured(corner, image) -> Trust:
    found = attribute(corner, image, [INTACT], method="input_x_gradient", target=1)
    return trust(corner, image, found)


def test_a_method_that_is_right_is_measured_as_right(measured):
    by_name = {m.name: m for m in measured.maps}
    assert list(by_name) == ["intact", "random", "edges", "randomised"]
    intact = by_name["intact"]
    assert intact.infidelity == pytest.approx(0, abs=1e-4)  # linear: exactly what perturbing does
    assert 0.01 < intact.sensitivity <= 0.02  # a product moves by the share that pixels move
    assert intact.likeness.spearman == pytest.approx(1)
    assert not intact.control
    for name in ("random", "edges", "randomised"):
        control = by_name[name]
        assert control.control
        assert (control.infidelity, control.sensitivity, control.completeness) == (None,) * 3
    assert abs(by_name["randomised"].likeness.spearman) < 0.5


def test_a_class_that_is_not_the_answer_is_measured_as_itself(image):
    loaded = made_corner(lower=6)
    found = attribute(loaded, image, [INTACT], method="input_x_gradient", target=0)
    assert found.target.logit == pytest.approx(12 + 6 * GATE, abs=1e-4)
    assert found.target.probability < 0.01
    intact, *_, shuffled = trust(loaded, image, found).maps
    assert intact.infidelity == pytest.approx(0, abs=1e-4)
    assert 0.01 < intact.sensitivity <= 0.02
    by_name = {(c.task, c.baseline): c.probabilities for c in intact.curves}
    assert by_name["deletion", "mean"][0] == pytest.approx(found.target.probability, abs=1e-6)
    map_ = attribute(
        randomise(loaded), image, [INTACT], method="input_x_gradient", target=0
    ).pixels[0]
    assert shuffled.likeness == likeness(found.pixels[0], map_)


def test_pixels_are_shaken_by_a_share_of_the_range_that_the_image_has(corner, image):
    wide = 4 * image
    found = attribute(corner, wide, [INTACT], method="input_x_gradient", target=1)
    assert 0.01 < trust(corner, wide, found).maps[0].sensitivity <= 0.02


def test_slow_methods_are_not_shaken_and_complete_ones_tell_their_error(corner, image, monkeypatch):
    found = attribute(corner, image, [INTACT], method="integrated_gradients", target=1, steps=4)
    complete = trust(corner, image, found).maps[0]
    assert complete.completeness == pytest.approx(0, abs=1e-3)
    monkeypatch.setattr("seviz.faithfulness.trust.SENSITIVITY_ROWS", 3)
    assert trust(corner, image, found).maps[0].sensitivity is None


def test_measuring_stops_when_told(corner, image):
    found = attribute(corner, image, [INTACT], method="saliency", target=1)
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        trust(corner, image, found, watch=watch)
    watch.close()


def test_a_difference_is_measured_by_the_first_classs_share_of_the_two(corner, image):
    found = attribute(corner, image, [INTACT], method="input_x_gradient", target=Difference(1, 0))
    intact, *_ = trust(corner, image, found).maps
    assert intact.infidelity == pytest.approx(0, abs=1e-4)  # linear: exactly what perturbing does
    by_name = {(c.task, c.baseline): c.probabilities for c in intact.curves}
    assert by_name["deletion", "mean"][0] == pytest.approx(found.target.probability, abs=1e-6)
    assert by_name["deletion", "mean"][-1] == pytest.approx(1 / (1 + np.exp(12.0)), abs=1e-6)


def test_a_gate_is_measured_by_itself(image):
    loaded = made_corner()
    with torch.no_grad():  # the gates follow the picture's brightness
        loaded.model.se.fc1.weight.fill_(1.0)
        loaded.model.se.fc2.weight.fill_(1.0)
        loaded.model.se.fc2.bias.fill_(-2.0)
    (site,) = loaded.probe.sites
    found = attribute(loaded, image, [INTACT], method="saliency", target=Gate(site.name, 2))
    assert found.target.label == f"gate {site.name}[2]"
    pre = 3 * float(image.mean()) - 2 + float(loaded.model.se.fc1.bias)
    assert found.target.logit == pytest.approx(pre, abs=1e-4)
    assert found.target.probability == pytest.approx(1 / (1 + np.exp(-pre)), abs=1e-5)
    np.testing.assert_allclose(found.pixels[0], 3 / (32 * 32), rtol=1e-4)  # each pixel alike
    (curve, *_) = trust(loaded, image, found).maps[0].curves
    assert curve.probabilities[0] == pytest.approx(found.target.probability, abs=1e-6)
