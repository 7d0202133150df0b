import pytest
import torch

from seviz.bench import peers as module
from seviz.bench.peers import (
    GRADCAM_LIMIT,
    IG_HALF_LIMIT,
    IG_LIMIT,
    IG_PAIRS,
    computes_bfloat16,
    gradcam,
    integrated_gradients,
    integrated_gradients_bfloat16,
)
from seviz.bench.rows import PAIRS, Networks, Row, Unmeasured
from seviz.records.arms import IDENTITY, INTACT


@pytest.fixture(scope="module")
def networks() -> Networks:
    return Networks.make("seresnet50_slim", 64)


@pytest.fixture
def asked(monkeypatch) -> list[dict]:
    """What explanations are asked, in place of what they cost."""
    calls: list[dict] = []

    def attribute(loaded, image, arms, method, **how):
        calls.append({"arms": arms, "method": method, **how})
        return found[how["bfloat16"]]

    def compare(name, ours, theirs, limit, pairs):
        ours()
        return Row(name, limit, 0, 0, limit, pairs, 0)

    monkeypatch.setattr(module, "attribute", attribute)
    monkeypatch.setattr(module, "compare", compare)
    return calls


class Maps:
    def __init__(self, value: float) -> None:
        self.maps = value * torch.ones(4).numpy()


found = {False: Maps(1.0), True: Maps(1.04)}
BOTH = [INTACT, IDENTITY]


def test_both_arms_are_explained_in_one_call_with_captums_own_number_of_steps(networks, asked):
    row = integrated_gradients("ig", networks)
    assert (row.limit, row.ours) == (IG_LIMIT, IG_PAIRS)
    gradcam_row = gradcam("cam", networks)
    assert (gradcam_row.limit, gradcam_row.ours) == (GRADCAM_LIMIT, PAIRS)
    shared = {"arms": BOTH, "target": 0, "bfloat16": False}
    assert asked == [
        {"method": "integrated_gradients", "steps": 32, **shared},
        {"method": "gradcam", "steps": None, **shared},
    ]


def test_bfloat16_is_measured_only_where_its_maps_are_near(networks, asked, monkeypatch):
    monkeypatch.setattr(module, "computes_bfloat16", lambda where: True)
    assert integrated_gradients_bfloat16("half", networks).limit == IG_HALF_LIMIT
    assert [call["bfloat16"] for call in asked] == [False, True, True]
    monkeypatch.setitem(found, True, Maps(1.06))
    with pytest.raises(Unmeasured, match=r"its maps are 6.0% off those in float32, more than 5%"):
        integrated_gradients_bfloat16("half", networks)


def test_bfloat16_is_not_measured_without_its_instructions(networks, asked, monkeypatch):
    monkeypatch.setattr(module, "computes_bfloat16", lambda where: False)
    with pytest.raises(Unmeasured, match="no instructions for bfloat16"):
        integrated_gradients_bfloat16("half", networks)
    assert asked == []


@pytest.mark.parametrize(
    ("avx512", "amx", "has"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_a_cpu_has_them_by_either_set(monkeypatch, avx512: bool, amx: bool, has: bool):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    assert computes_bfloat16(torch.device("cpu")) is has


@pytest.mark.parametrize("has", [True, False])
def test_a_gpu_has_them_if_it_does_not_emulate_them(monkeypatch, has: bool):
    asked = []

    def supported(*, including_emulation: bool) -> bool:
        asked.append(including_emulation)
        return has

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert computes_bfloat16(torch.device("cuda")) is has
    assert asked == [False]
