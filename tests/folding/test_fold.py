import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from made_fold import made_gates, off
from networks import awake, randn
from safetensors.torch import load, save_file

from seviz.errors import UserError
from seviz.folding import fold as module
from seviz.folding.absorb import BEFORE, STAYS
from seviz.folding.fold import TOLERANCE, chosen_sites, fold
from seviz.records.arms import STATIC, Arm, Edit
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.folded import open_weights
from seviz.zoo.models import prepare
from seviz.zoo.sources import wrap


def static_logits(loaded, gates, names, x) -> torch.Tensor:
    rule = STATIC.edits[0].rule
    arm = Arm("a", tuple(Edit(rule, name) for name in names))
    with torch.inference_mode(), loaded.probe.ask([arm], [0] * len(x), recorded={rule: gates}):
        return loaded.model(x)


def test_it_says_what_the_static_arm_says_and_nothing_else_changes(loaded, gates, folded):
    x = randn(3, 3, 96, 96, seed=7)
    expected = static_logits(loaded, gates, ["SE_5_1", "SE_5_2"], x)
    assert off(folded.model(x), expected) < TOLERANCE
    assert off(loaded.model(x), expected) > 0.001
    assert folded.ways == {"SE_5_1": BEFORE, "SE_5_2": BEFORE}
    assert 0 <= folded.error < 2e-6
    ours, its = loaded.model.state_dict(), folded.model.state_dict()
    changed = {k for k in its if not torch.equal(its[k], ours[k])}
    assert changed == {f"layer4.{i}.bn2.{part}" for i in (0, 1) for part in ("weight", "bias")}
    assert {k for k in ours if k not in its} == {
        f"layer4.{i}.se.fc{n}.{part}" for i in (0, 1) for n in (1, 2) for part in ("weight", "bias")
    }
    np.testing.assert_allclose(
        its["layer4.1.bn2.weight"], ours["layer4.1.bn2.weight"] * torch.tensor(gates["SE_5_2"])
    )


def test_its_file_is_in_float32_and_describes_it(loaded, folded):
    content = folded.content()
    length = int.from_bytes(content[:8], "little")
    said = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["seviz_folded"])
    assert (said["version"], said["architecture"]) == (1, "seresnet18")
    assert (said["blocks"], said["removed"], said["scaled"]) == (
        ["SE_5_1", "SE_5_2"],
        ["layer4.0.se", "layer4.1.se"],
        {},
    )
    assert said["labels"] == ["ant", "bee", "cat"]
    assert said["origin"] == {
        "network": "mine.safetensors · seresnet18",
        "weights": loaded.source.sha256,
        "rule": "static",
        "statistics": "made gates",
    }
    floats = {v.dtype for k, v in load(content).items() if "num_batches" not in k}
    assert floats == {torch.float32}


def test_a_scale_that_can_go_nowhere_stays_and_is_said(tmp_path: Path):
    file = tmp_path / "post.safetensors"
    save_file(awake("lab_resnet_post", num_classes=4).state_dict(), file)
    loaded = prepare(open_checkpoint(file, "lab_resnet_post"))
    gates = made_gates(loaded.model)
    folded = fold(loaded, loaded.probe.sites, gates, statistics="made gates")
    assert [*folded.ways.values()].count(STAYS) == len(folded.description.scaled) == 4
    x = randn(2, 3, 64, 64)
    assert off(folded.model(x), static_logits(loaded, gates, ["all"], x)) < TOLERANCE


def test_what_was_folded_before_stays_folded(loaded, gates, file: Path):
    first = prepare(open_weights(file, ""))
    again = fold(first, chosen_sites(first.probe.sites, ["SE_2_1"]), gates, statistics="others")
    assert again.description.blocks == ("SE_2_1", "SE_5_1", "SE_5_2")
    assert again.description.origin.network == first.source.title
    x = randn(2, 3, 64, 64)
    expected = static_logits(loaded, gates, ["SE_2_1", "SE_5_1", "SE_5_2"], x)
    assert off(again.model(x), expected) < TOLERANCE


def test_places_are_blocks_stages_or_all(loaded):
    sites = loaded.probe.sites
    assert [s.name for s in chosen_sites(sites, ["SE_3_2", "SE_2*"])] == [
        *("SE_2_1", "SE_2_2", "SE_3_2")
    ]
    assert chosen_sites(sites, ["all"]) == sites
    assert [s.name for s in chosen_sites(sites, ["layer4.1.se"])] == ["SE_5_2"]


def test_blocks_that_are_not_there_or_have_gates_of_each_place_are_refused(loaded):
    with pytest.raises(UserError, match=r"no block “SE_5_9” here; did you mean SE_5_"):
        chosen_sites(loaded.probe.sites, ["SE_5_9"])
    with pytest.raises(UserError, match="Name the blocks to fold"):
        chosen_sites(loaded.probe.sites, [])
    with pytest.raises(UserError, match="SE_5_1 is folded already; name other blocks"):
        chosen_sites(loaded.probe.sites, ["SE_2_1", "SE_5_1"], before=("SE_5_1", "SE_5_2"))
    odd = [replace(site, squeezed=False) for site in loaded.probe.sites]
    with pytest.raises(UserError, match="SE_2_1 squeezes nothing: each position has gates"):
        chosen_sites(odd, ["all"])


def test_a_network_of_no_architecture_is_refused(gates):
    small = prepare(wrap("small", awake("seresnet18", num_classes=3)))
    with pytest.raises(UserError, match="small is in memory alone"):
        fold(small, small.probe.sites, gates, statistics="")


def test_without_a_head_nothing_can_be_proved(tmp_path: Path, gates):
    weights = awake("seresnet18", num_classes=0).state_dict()
    save_file(weights, tmp_path / "bare.safetensors")
    bare = prepare(open_checkpoint(tmp_path / "bare.safetensors", "seresnet18"))
    with pytest.raises(UserError, match="has no head, so nothing can prove"):
        fold(bare, bare.probe.sites, gates, statistics="")


def test_what_says_something_else_is_not_returned(loaded, gates, monkeypatch):
    real = module.put_into

    def wrong(model, sites, gates):
        ways = real(model, sites, gates)
        model.bn1.weight *= 1.001
        return ways

    monkeypatch.setattr(module, "put_into", wrong)
    with pytest.raises(UserError, match=r"says something else \(its logits are off by .*e-0[0-4]"):
        fold(loaded, loaded.probe.sites, gates, statistics="")
