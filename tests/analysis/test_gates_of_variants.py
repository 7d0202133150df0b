"""Gates that are N×C×H×W, negative or over one: through the probe, edits and the questions."""

from pathlib import Path

import numpy as np
import pytest
import torch
from folders import class_folders
from networks import awake, randn, seeded
from PIL import Image
from torch import nn

from seviz.analysis.alpha_path import alpha_path
from seviz.analysis.channels import drivers, effects
from seviz.analysis.necessity import necessity
from seviz.answers.export import trace_arrays
from seviz.figures.atlas import atlas
from seviz.figures.inspector import channel_figures
from seviz.gates.grammar import parse_arm
from seviz.gates.probe import Probe
from seviz.measuring.costs import without_se
from seviz.nets.variants import Variant
from seviz.passes.forward import feature_maps, trace
from seviz.photos.dataset import LabelledImages
from seviz.records.arms import IDENTITY, INTACT, Rule
from seviz.reference.gather import gather
from seviz.reference.profile import Profile
from seviz.words.answers import channel_facts
from seviz.words.matters import gate_facts
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

VARIANTS = {
    "nosqueeze": Variant(squeeze="none", r=4),
    "max": Variant(squeeze="max", r=4),
    "tanh": Variant(excitation="tanh", r=4),
    "relu": Variant(excitation="relu", r=4),
}


def loaded(name: str) -> LoadedModel:
    model = awake(lambda: VARIANTS[name].build(5))
    model.pretrained_cfg = {"input_size": (3, 64, 64), "crop_pct": 1.0, "num_classes": 5}
    with seeded():
        for module in model.modules():  # far enough from the middle for every rule to matter
            if getattr(module, "w2", None) is not None:
                nn.init.normal_(module.w2.weight, 0, 1.0)
    return prepare(wrap(name, model))


@pytest.fixture(scope="module", params=VARIANTS)
def each(request) -> LoadedModel:
    return loaded(request.param)


@pytest.fixture(scope="module")
def nosqueeze() -> LoadedModel:
    return loaded("nosqueeze")


@pytest.fixture(scope="module")
def image() -> torch.Tensor:
    return randn(1, 3, 64, 64, seed=2)


@torch.inference_mode()
def test_identity_is_the_network_without_its_blocks(each: LoadedModel, image):
    with each.probe.ask([INTACT, IDENTITY]) as captured:
        intact, identity = each.model(image.repeat(2, 1, 1, 1))
    bare = without_se(each.model, each.probe.sites)
    for module in bare.modules():  # the copy's hooks would speak for the original
        module._forward_pre_hooks.clear()
    torch.testing.assert_close(identity, bare(image)[0], rtol=1e-4, atol=1e-5)
    assert not torch.allclose(intact, identity, rtol=1e-3)
    for site in each.probe.sites:
        assert captured.s[site.name].shape == captured.z[site.name].shape == (2, site.channels)
        assert captured.z[site.name].isnan().all() == (not site.squeezed)


RULES = {
    "0.25": lambda s: torch.full_like(s, 0.25),
    "uniform": lambda s: s.mean(1, keepdim=True).expand_as(s),
    "shuffle@3": lambda s: s[:, torch.randperm(s.shape[1], generator=from_seed(3))],
    "mix(0.5,identity)": lambda s: (s + 1) / 2,
}


def from_seed(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("rule", RULES)
@torch.inference_mode()
def test_a_rule_does_to_the_gates_what_it_says(each: LoadedModel, image, rule: str):
    last = each.probe.sites[-1].name
    asked = [INTACT, parse_arm(f"{last}={rule}")]
    with each.probe.ask(asked, features_of=[last]) as captured:
        each.model(image.repeat(2, 1, 1, 1))
    intact, edited = captured.gates[last]
    torch.testing.assert_close(edited, RULES[rule](intact[None])[0])


@torch.inference_mode()
def test_an_edit_of_some_channels_leaves_the_others(each: LoadedModel, image):
    last = each.probe.sites[-1].name
    with each.probe.ask([INTACT, parse_arm(f"{last}[2:5]*=2")], features_of=[last]) as captured:
        each.model(image.repeat(2, 1, 1, 1))
    intact, edited = captured.gates[last]
    torch.testing.assert_close(edited[2:5], 2 * intact[2:5])
    assert torch.equal(edited[5:], intact[5:])


@torch.inference_mode()
def test_without_a_squeeze_s_is_the_mean_over_positions(nosqueeze: LoadedModel, image):
    name = nosqueeze.probe.sites[0].name
    with nosqueeze.probe.ask([INTACT], features_of=[name]) as captured:
        nosqueeze.model(image)
    block = nosqueeze.model.get_submodule(nosqueeze.probe.sites[0].path)
    u = captured.u[name]
    s = torch.sigmoid(block.w2(block.w1(u).clamp(min=0)))
    assert captured.gates[name].shape == (1, 32, 32, 32)
    torch.testing.assert_close(captured.gates[name], s)
    torch.testing.assert_close(captured.s[name], s.mean((2, 3)))


def test_recorded_gates_go_to_every_position(nosqueeze: LoadedModel, photo: Image.Image):
    rule, site = Rule("resample", source="made"), nosqueeze.probe.sites[0]
    recorded = {
        rule: {
            s.name: np.linspace(0, 1, s.channels, dtype=np.float32) for s in nosqueeze.probe.sites
        }
    }
    arm = parse_arm("all=resample@made")
    record = trace(nosqueeze, photo, [INTACT, arm], recorded=recorded)
    assert np.allclose(record.s[site.name][1], recorded[rule][site.name], atol=1e-6)
    maps = feature_maps(nosqueeze, record.image, site.name, arm=arm, recorded=recorded)
    assert maps.gates is not None
    assert np.array_equal(maps.gates[5], np.full((32, 32), recorded[rule][site.name][5]))


def test_a_trace_its_figures_and_its_words(each: LoadedModel, photo: Image.Image):
    record = trace(each, photo, [INTACT, IDENTITY])
    site = record.sites[0]
    for show in ("s", "z", "applied"):
        atlas(record, arm=1, show=show).to_json()
    assert all(array.ndim == 2 for array in trace_arrays(record).values())
    maps = feature_maps(each, record.image, site.name)
    gates = maps.s[:, None, None] if site.squeezed else maps.gates
    drawn = channel_figures(maps, 3, record.seen)
    assert np.allclose(drawn.after.data[0].z, (gates * maps.u)[3], atol=1e-6)
    assert drawn.after.data[0].zmax == drawn.before.data[0].zmax
    said = channel_facts(maps, 3)
    if not site.squeezed:
        assert "not squeezed, excited at each position, on average to s = " in said
    elif each.key == "max":
        assert np.allclose(maps.z, maps.u.max((1, 2)), atol=1e-6)
        assert f"squeezed to z = {maps.z[3]:.4g}".replace("-", "−") in said


def test_the_questions_about_blocks_and_channels_have_answers(each: LoadedModel, photo):
    record = trace(each, photo, [INTACT])
    needed = necessity(each, record.image, Rule("identity"))
    assert np.isfinite(needed.logit).all()
    found = effects(each, record.image, top=2)
    strongest = found.top[0]
    assert strongest.first_order == found.first_order[strongest.site][strongest.channel]
    name = record.sites[-1].name
    path = alpha_path(
        each, record.image, s=_first(record.s), reference=_first(record.s), name="itself", steps=2
    )
    assert np.isfinite(path.logits).all()
    driven = drivers(each, name, record.z[name][0], channel=1)
    said = gate_facts(found, driven, s=0.5, place=None)
    if each.key == "nosqueeze":
        assert np.isnan(driven.jacobian).all()
        assert said.endswith("Nothing is squeezed here, so no z drives it.")


def _first(arms: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: of_arms[0] for name, of_arms in arms.items()}


def test_the_effect_of_gates_that_vary_is_summed_over_positions(nosqueeze: LoadedModel, image):
    """First order: d logit / d ε of the channel's gates times (1 + ε), against two passes."""
    name = nosqueeze.probe.sites[-1].name
    array = image[0].numpy()
    found = effects(nosqueeze, array, top=1)
    channel, step = int(np.abs(found.first_order[name]).argmax()), 1e-2
    more, less = (
        parse_arm(f"{way}: {name}[{channel}]*={1 + e}") for way, e in (("a", step), ("b", -step))
    )
    with torch.inference_mode(), nosqueeze.probe.ask([more, less]):
        up, down = nosqueeze.model(image.repeat(2, 1, 1, 1))[:, found.target.index]
    assert float(up - down) / (2 * step) == pytest.approx(
        found.first_order[name][channel], rel=0.02, abs=1e-4
    )


def test_statistics_without_a_squeeze_have_gates_and_no_z(nosqueeze: LoadedModel, tmp_path: Path):
    class_folders(tmp_path, "ab", train=3, val=1)
    found = gather(nosqueeze, LabelledImages(tmp_path, "train"), data="made", quiet=True).profile
    found.save(tmp_path / "profile.safetensors")
    block = Profile.load(tmp_path / "profile.safetensors").blocks["SE_3_1"]
    assert np.isfinite(block.s_mean).all()
    assert np.isnan(block.z_mean).all()


@pytest.mark.parametrize(
    ("s", "said"),
    [
        (1.3, "so its gate makes it 1.30 times as large"),
        (-0.4, "so its gate lets 40 % of it through, with its sign flipped"),
        (1.0, "so its gate leaves it almost as it is"),
        (-0.01, "so its gate shuts it off"),
    ],
)
def test_gates_outside_0_to_1_are_told_as_what_they_do(nosqueeze: LoadedModel, s: float, said: str):
    record = trace(nosqueeze, Image.new("RGB", (64, 64)), [INTACT])
    maps = feature_maps(nosqueeze, record.image, "SE_2_1")
    maps.s[0] = maps.s_computed[0] = s
    assert channel_facts(maps, 0).endswith(f"{said}.")


def test_a_probe_finds_every_variants_blocks():
    for variant in VARIANTS.values():
        assert len(Probe(variant.build(2)).sites) == 8
