"""One architecture of each family is exact, first those through which rows can't branch."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import timm
import torch
from networks import randn
from timm.models.cspnet import CspNet, model_cfgs
from timm.models.gcvit import GlobalContextVit
from timm.models.rdnet import RDNet
from timm.models.repvit import RepVit
from torch import nn

from seviz.bench import architectures, structures
from seviz.bench.architectures import (
    SE_CLASS,
    TOLERANCE,
    Trial,
    images,
    make,
    names,
    read,
    smallest_side,
    try_all,
    try_one,
    wake,
)
from seviz.errors import UserError


def cross_stage() -> nn.Module:
    """Return a small network like cs3sedarknet_l, whose stages hand a tensor past their blocks."""
    cfg = model_cfgs["cs3sedarknet_l"]
    stem = replace(cfg.stem, out_chs=(8, 16))
    stages = replace(cfg.stages, depth=(1, 2, 1, 1), out_chs=(16, 32, 32, 64))
    return CspNet(replace(cfg, stem=stem, stages=stages), num_classes=10)


def windows() -> nn.Module:
    """Return a small network like gcvit_xxtiny, whose blocks see an image's windows as rows."""
    return GlobalContextVit(
        img_size=64, embed_dim=16, depths=(1, 1, 2, 2), num_heads=(1, 1, 2, 2), num_classes=10
    )


def dense() -> nn.Module:
    """Return a small network like rdnet_tiny, whose blocks receive lists of tensors."""
    blocks = (True, True, True, True)
    return RDNet(
        num_classes=10,
        growth_rates=(16, 16, 16, 16),
        num_blocks_list=(1, 1, 2, 2),
        block_type=("Block", "BlockESE", "BlockESE", "BlockESE"),
        is_downsample_block=(None, *blocks[1:]),
        num_init_features=16,
    )


def repvit() -> nn.Module:
    return RepVit(
        embed_dim=(16, 32), depth=(2, 2), num_classes=10, distillation=False, act_layer=nn.GELU
    )


WHOLE: dict[str, Callable[[], nn.Module] | str] = {  # those whose branching passes crash
    "CspNet": cross_stage,
    "EfficientViM": "efficientvim_m1",
    "GlobalContextVit": windows,
    "RDNet": dense,
}
BRANCHING: dict[str, Callable[[], nn.Module] | str] = {
    "ByobNet": "test_byobnet",
    "CspNext": "cspnext_tiny",
    "EfficientNet": "test_efficientnet",
    "EfficientVitMsra": "efficientvit_m0",
    "FastVit": "fastvit_t8",
    "GhostNet": "ghostnet_050",
    "HighPerfGpuNet": "hgnet_tiny",
    "LCNetV2": "lcnetv2_small",
    "MaxxVit": "test_coatnet",
    "MobileNetV3": "lcnet_035",
    "NormFreeNet": "test_nfnet",
    "RegNet": "regnety_002",
    "RepGhostNet": "repghostnet_050",
    "RepVit": repvit,
    "ResNet": "seresnet18",
    "RexNet": "rexnet_100",
    "SENet": "legacy_seresnet18",
    "SHViT": "shvit_s1",
    "TResNet": lambda: timm.models.tresnet.TResNet(layers=(1, 1, 1, 1), num_classes=10),
    "VovNet": "ese_vovnet19b_slim_dw",
}


def create(network: Callable[[], nn.Module] | str, device: str) -> nn.Module:
    if isinstance(network, str):
        return timm.create_model(network, num_classes=10, device=device)
    return network()


@pytest.mark.parametrize("family", [*WHOLE, *BRANCHING])
def test_each_family_is_exact(family: str, monkeypatch):
    network = (WHOLE | BRANCHING)[family]
    monkeypatch.setattr(
        architectures,
        "make",
        lambda _, device="cpu": create(network, device).eval().requires_grad_(False),
    )
    trial = try_one(family)
    assert (trial.fault, trial.left_out) == ("", "")
    assert trial.family == family
    assert trial.blocks > 0
    assert trial.moves > 1e-4
    assert bool(trial.whole) is (family in WHOLE)
    assert {"intact", "identity", "static", "z", "s", "necessity", "gradcam"} < {*trial.deviation}
    assert max(trial.deviation.values()) <= TOLERANCE


@pytest.mark.parametrize("family", [*WHOLE, *BRANCHING])
def test_each_familys_blocks_are_found_by_structure_too(family: str, monkeypatch):
    network = (WHOLE | BRANCHING)[family]
    monkeypatch.setattr(structures, "make", lambda _, device="cpu": create(network, device).eval())
    found = structures.compare(family)
    assert found.by_class > 0
    assert found.missed == found.others == ()


class Faulty(nn.Module):
    """A network of one SE block that fails in some way."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way, self.num_classes = way, 6
        self.stem, self.fc = nn.Conv2d(3, 6, 3), nn.Linear(6, 6)
        self.se = timm.layers.SEModule(6, rd_channels=2)
        if way == "unknown":
            self.other = type("SELayer", (nn.Module,), {})()

    def forward(self, x: torch.Tensor) -> object:
        if self.way == "raises":
            raise ValueError("no image\nis right")
        logits = self.fc(self.se(self.stem(x)).mean((2, 3)))
        return {"raises": None, "dict": {"logits": logits}}.get(self.way, logits)


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("", ""),
        ("raises", "takes no square image: ValueError: no image"),
        ("unknown", "1 of 2 SE blocks found"),
        (
            "dict",
            "ForwardError: dict returns a value of the type dict and no logits, which are one row "
            "of numbers for each image; choose a network that returns logits.",
        ),
    ],
)
def test_what_is_not_exact_is_told_with_its_reason(way: str, fault: str, monkeypatch):
    monkeypatch.setattr(
        architectures, "make", lambda _, device="cpu": Faulty(way).eval().requires_grad_(False)
    )
    assert try_one(way).fault == fault


def test_values_that_are_off_are_named_and_float_noise_is_told_apart_by_float64(monkeypatch):
    def off(loaded, bare, _):
        double = next(bare.parameters()).dtype == torch.float64
        yield "z", 1e-5
        yield "s", 1e-2 if noise and double is False else (1e-9 if noise else 2e-2)

    monkeypatch.setattr(
        architectures, "make", lambda _, device="cpu": Faulty("").eval().requires_grad_(False)
    )
    monkeypatch.setattr(architectures, "deviations", off)
    noise = True
    trial = try_one("net")
    assert (trial.fault, trial.bits, trial.deviation) == ("", 64, {"z": 1e-5, "s": 1e-9})
    noise = False
    trial = try_one("net")
    assert (trial.fault, trial.bits) == ("off by s 2.0e-02", 64)


def test_an_architecture_without_se_blocks_or_too_large_is_left_out(monkeypatch):
    assert try_one("torchvision/squeezenet1_1").left_out == "no SE block"
    monkeypatch.setattr(architectures, "MOST_PARAMETERS", 1_000)
    trial = try_one("test_efficientnet")
    assert trial.left_out == "more than 60 M parameters"
    assert (trial.family, trial.blocks) == ("EfficientNet", 2)
    assert "Unknown model (nonsense)" in try_one("nonsense").fault


def test_a_run_that_was_ended_goes_on_and_tries_faulty_ones_again(tmp_path, monkeypatch):
    state, tried = tmp_path / "state.jsonl", []

    def once(name: str) -> Trial:
        tried.append(name)
        return Trial(name, fault="odd" if name == "b" and tried.count("b") == 1 else "")

    monkeypatch.setattr(architectures, "try_one", once)
    run = try_all(["a", "b", "c"], state)
    assert [next(run).name, next(run).name] == ["a", "b"]
    run.close()
    with state.open("a") as file:
        file.write('{"name": "c", "fam')  # the process was killed
    assert [trial.name for trial in read(state)] == ["a", "b"]
    assert [trial.name for trial in try_all(["a", "b", "c"], state)] == ["b", "c"]
    assert tried == ["a", "b", "b", "c"]


def test_a_state_that_cant_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(architectures, "try_one", Trial)
    with pytest.raises(UserError, match=r"missing/state.jsonl can't be written: No such file"):
        next(try_all(["a"], tmp_path / "missing" / "state.jsonl"))
    assert read(tmp_path / "none") == []


def test_all_architectures_of_both_libraries_are_listed():
    listed = names()
    assert {"seresnet50", "efficientvim_m1", "torchvision/mobilenet_v3_small"} < set(listed)
    assert len(listed) == len(set(listed)) > 1000
    assert not any(name.startswith("lab_") or "deeplab" in name for name in listed)


def test_every_constant_is_drawn_and_gates_move():
    model = make("test_efficientnet")
    wake(model, smallest_side(model))
    for name, parameter in model.named_parameters():
        assert parameter.numel() == 1 or parameter.min() < parameter.max(), name
    assert not any(module.training for module in model.modules())
    blocks = [m for m in model.modules() if SE_CLASS.search(type(m).__name__)]
    assert blocks
    with torch.no_grad():
        one, other = model(images(64))
    assert not torch.allclose(one, other, rtol=1e-2)
    assert torch.equal(images(64), images(64))
    assert images(64).shape == (2, 3, 64, 64)
    assert not torch.equal(images(64)[0], randn(3, 64, 64))


def test_the_smallest_square_image_that_passes_is_taken():
    assert smallest_side(make("test_efficientnet")) == 64
    with pytest.raises(UserError, match="takes no square image: ValueError: no image"):
        smallest_side(Faulty("raises"))
