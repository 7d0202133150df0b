"""Explanations on both devices: every method, gate shares, how far maps can be trusted."""

import numpy as np
import pytest
from cuda_sides import Sides, distance, near, near_by_name, near_by_norm, recorded_gates

from seviz.attribution.maps import attribute
from seviz.attribution.methods import METHODS, reasons_against
from seviz.attribution.shares import gate_shares
from seviz.faithfulness.controls import RANDOMISED
from seviz.faithfulness.trust import trust
from seviz.gates.grammar import parse_arms
from seviz.passes.forward import arm_logits, retrace
from seviz.records.arms import Rule
from seviz.records.attribution import Attribution
from seviz.zoo.models import LoadedModel

ARMS = parse_arms(["intact", "static", "SE_4*=0.5"])
STEPS = 8
MAPS = {"deeplift": 5e-2}  # it divides by small differences; of all others: the norm's tolerance
BFLOAT16 = {"gradcam": 0.05, "integrated_gradients": 0.25}  # the latter are not offered so


def explained(loaded: LoadedModel, sides: Sides, method: str, **options) -> Attribution:
    """Explain the CPU's answer to the sides' photograph in three arms."""
    answer = int(arm_logits(sides.here, sides.image, ARMS[:1])[0].argmax())
    steps = STEPS if METHODS[method].steps else None
    return attribute(
        loaded,
        sides.image,
        ARMS,
        method=method,
        target=answer,
        steps=steps,
        recorded=recorded_gates(loaded),
        **options,
    )


def alike(sides: Sides, method: str) -> None:
    """Hold a method's maps, arm by arm, and what they add up to against the CPU's."""
    expected, found = (explained(one, sides, method) for one in (sides.here, sides.there))
    assert found.note == expected.note == ""
    assert found.target.logit == pytest.approx(expected.target.logit, rel=1e-3, abs=1e-3)
    for one, other in zip(found.maps, expected.maps, strict=True):
        near_by_norm(one, other, *([MAPS[method]] if method in MAPS else []))
    if expected.scores is not None:
        near(found.scores, expected.scores, 1e-3)
        near(found.totals, expected.totals, 5e-2)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_of_a_small_network(small, method):
    assert reasons_against(small.there) == reasons_against(small.here)
    assert not reasons_against(small.here)[method]
    alike(small, method)


@pytest.mark.parametrize("method", ["gradcam", "integrated_gradients", "saliency", "smoothgrad"])
def test_a_method_of_a_large_network(large, method):
    alike(large, method)


def test_methods_that_are_wrong_for_a_network_are_refused_on_both_devices(legacy):
    assert reasons_against(legacy.there) == reasons_against(legacy.here)
    assert reasons_against(legacy.here)["deeplift"]


def test_shares_of_gates(small):
    s = {name: gates[0] for name, gates in retrace(small.here, small.image, ARMS[:1]).s.items()}
    others = recorded_gates(small.here)[Rule("static")]
    expected, found = (
        gate_shares(one, small.image, s=s, reference=others, name="static", target=4, steps=STEPS)
        for one in (small.here, small.there)
    )
    assert found.difference == pytest.approx(expected.difference, rel=1e-3)
    assert found.total == pytest.approx(expected.total, rel=1e-2)
    near_by_name(found.shares, expected.shares, 2e-2)


def test_how_far_a_map_can_be_trusted(embedded):
    maps = explained(embedded.here, embedded, "saliency")
    recorded = recorded_gates(embedded.here)
    expected, found = (
        trust(one, embedded.image, maps, recorded=recorded)
        for one in (embedded.here, embedded.there)
    )
    assert [map_.name for map_ in found.maps] == [map_.name for map_ in expected.maps]
    for one, other in zip(found.maps, expected.maps, strict=True):
        # Of this control, each device makes its own map, whose cells may change places.
        allowed = 0.05 if other.name == RANDOMISED else 1e-3
        for curve, of in zip(one.curves, other.curves, strict=True):
            np.testing.assert_allclose(curve.probabilities, of.probabilities, atol=allowed)
        if not other.control:
            assert one.infidelity == pytest.approx(other.infidelity, rel=1e-2)
            assert one.sensitivity == pytest.approx(other.sensitivity, rel=5e-2)
        assert one.likeness.spearman == pytest.approx(other.likeness.spearman, abs=1e-2)


@pytest.mark.parametrize("method", BFLOAT16)
def test_bfloat16_is_near_float32(embedded, method):
    exact = explained(embedded.here, embedded, method).maps
    rounded = explained(embedded.there, embedded, method, bfloat16=True).maps
    assert 1e-4 < distance(rounded, exact) < BFLOAT16[method]  # nearer, it would be float32
