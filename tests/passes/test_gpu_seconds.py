import pytest

from seviz.analysis.necessity import necessity
from seviz.attribution.maps import attribute
from seviz.faithfulness.trust import trust
from seviz.passes.forward import feature_maps, trace
from seviz.passes.gpu_seconds import (
    FEW,
    GPU_START,
    ON_CPU,
    count_rows,
    cpu_seconds,
    gpu_seconds,
    is_small,
    work,
)
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo.catalogue import find
from seviz.zoo.registered import laboratory_sources

LARGE = "seresnet50.a1_in1k"


def pid(loaded: object) -> None:
    """Count no rows."""


def test_rows_follow_arms_methods_and_steps(small, photo):
    image = trace(small, photo, [INTACT]).image
    arms = [INTACT, IDENTITY]
    assert count_rows(trace, small, photo, arms, recorded={}) == 4
    assert count_rows(feature_maps, small, image, "SE_2_1") == ON_CPU
    assert count_rows(pid, small) == FEW
    assert count_rows(necessity, small, image, INTACT) == 2 * len(small.probe.sites)
    quick = count_rows(attribute, small, image, arms)
    slow = count_rows(attribute, small, image, arms, method="integrated_gradients", steps=20)
    refined = count_rows(attribute, small, image, arms, method="integrated_gradients")
    assert quick < slow < refined
    assert slow == 20 * quick
    maps = attribute(small, image, arms)
    assert count_rows(trust, small, image, maps) > 100


@pytest.mark.parametrize(
    ("method", "steps"), [("gradcam", None), ("integrated_gradients", 4), ("occlusion", None)]
)
def test_as_many_rows_pass_as_are_counted_at_most(small, photo, method: str, steps: int | None):
    image = trace(small, photo, [INTACT]).image
    passed = []
    hook = small.model.register_forward_pre_hook(lambda _, given: passed.append(len(given[0])))
    attribute(small, image, [INTACT, IDENTITY], method=method, steps=steps)
    hook.remove()
    counted = count_rows(attribute, small, image, [INTACT, IDENTITY], method=method, steps=steps)
    assert sum(passed) <= counted + 4  # the image itself and the baseline, in both arms


def test_seconds_grow_with_rows_and_network_up_to_the_ceiling(monkeypatch):
    small, large = find("embedded"), find(LARGE)
    assert work(small) < work(large)
    few, many = gpu_seconds(large, 1), gpu_seconds(large, 1000)
    assert GPU_START < few < GPU_START + 2
    assert few < many < 60
    assert gpu_seconds(small, 1000) < many
    assert gpu_seconds(large, 10**6) == 60
    monkeypatch.setenv("SEVIZ_MAX_GPU_SECONDS", "9")
    assert gpu_seconds(large, 10**6) == 9
    assert cpu_seconds(large, 10) == pytest.approx(10 * cpu_seconds(large, 1))
    assert cpu_seconds(large, 100) > gpu_seconds(large, 100)


def test_the_networks_that_travel_with_the_app_are_small_and_published_ones_are_not(monkeypatch):
    assert all(map(is_small, [find("embedded"), *laboratory_sources().values()]))
    assert not any(map(is_small, [find(LARGE), find("legacy_seresnet18"), find("efficientnet_b0")]))
    monkeypatch.setenv("SEVIZ_MAX_CPU_WORK", "5")
    assert not is_small(find("embedded"))
