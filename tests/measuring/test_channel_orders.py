from dataclasses import replace

import numpy as np
import pytest
import torch
from made_profile import made_block, made_profile
from networks import awake, randn

from seviz.analysis.channels import effects
from seviz.errors import UserError
from seviz.gates.grammar import parse_arm, parse_arms
from seviz.measuring import channel_orders as module
from seviz.measuring.channel_orders import (
    ScoreGathering,
    gate_values,
    random_values,
    ranges,
    removed,
    removing_arm,
)
from seviz.passes.forward import arm_logits
from seviz.photos.batch import Batch
from seviz.records.sites import Site
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

VALUES = {"SE_2_1": np.array([0.3, 0.1, 0.3, 0.2]), "SE_2_2": np.array([0.05, 0.9])}


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_se")))


def batch(images: int, start: int = 0) -> Batch:
    x = randn(8, 3, 64, 64)[start : start + images]
    labels = torch.tensor([3, 0, 7, 7, 1, 2, 3, 5])[start : start + images]
    indices = torch.arange(start, start + images)
    return Batch(x, labels, indices, [str(i) for i in indices.tolist()])


@pytest.fixture(scope="module")
def scores(network: LoadedModel) -> ScoreGathering:
    gathering = ScoreGathering(network)
    for part in (batch(3), batch(2, 3)):
        gathering.add(part, gathering.ask(part))
    return gathering


def test_the_score_is_the_mean_size_of_each_photographs_first_order_effect(network, scores):
    of = batch(5)
    alone = [
        effects(network, x.numpy(), target=int(label), top=0).first_order
        for x, label in zip(of.x, of.labels, strict=True)
    ]
    for name, values in scores.values().items():
        by_hand = np.mean([np.abs(found[name].astype(np.float64)) for found in alone], 0)
        np.testing.assert_allclose(values, by_hand, rtol=1e-3, atol=1e-6)
        assert removed({name: values}, 0.5, across=False) == {
            name: sorted(
                sorted(range(len(by_hand)), key=by_hand.tolist().__getitem__)[: len(by_hand) // 2]
            )
        }
    assert scores.images == 5


def test_the_score_is_the_slope_by_the_gate(network, scores):
    site, channel = network.probe.sites[1].name, 2
    arms = parse_arms([f"{site}[{channel}]*=1.01", f"{site}[{channel}]*=0.99"])
    of, slopes = batch(5), []
    for x, label in zip(of.x.numpy(), of.labels.tolist(), strict=True):
        up, down = arm_logits(network, x, arms)[:, label].astype(np.float64)
        slopes.append(abs(up - down) / 0.02)
    assert scores.values()[site][channel] == pytest.approx(np.mean(slopes), rel=0.02, abs=1e-4)


def test_parts_of_the_scores_merge(network, scores, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    whole = ScoreGathering(network)
    for part in (batch(1), batch(4, 1)):
        half = ScoreGathering(network)
        half.add(part, half.ask(part))
        whole.merge(half.arrays())
    assert whole.images == 5
    for name, values in scores.values().items():
        np.testing.assert_allclose(whole.values()[name], values, rtol=1e-4, atol=1e-7)


def test_without_images_there_are_no_scores(network):
    with pytest.raises(UserError, match="No image is of the half that scores channels"):
        ScoreGathering(network).values()


def test_a_network_that_overflows_gets_a_sentence():
    model = awake("lab_resnet_se")
    next(model.parameters()).data.fill_(1e38)
    with pytest.raises(UserError, match="overflows on some images, so its channels have no scores"):
        ScoreGathering(prepare(wrap("wild", model))).ask(batch(1))


def test_gates_and_their_deviations_are_those_of_the_statistics():
    block = made_block(s_mean=np.float32([0.75, 0.25]), s_std=np.float32([0.125, 0.5]))
    profile = made_profile(block, replace(block, s_mean=np.float32([0, 1])))
    sites = [Site(f"layer1.{i}.se", f"SE_2_{i + 1}", 2, i + 1, 2, 1) for i in range(2)]
    means = gate_values(profile, sites, "gate")
    assert {name: of.tolist() for name, of in means.items()} == {
        "SE_2_1": [0.75, 0.25],
        "SE_2_2": [0, 1],
    }
    assert gate_values(profile, sites[:1], "deviation")["SE_2_1"].tolist() == [0.125, 0.5]


def test_the_random_order_depends_on_its_seed_alone():
    sites = [Site("a", "SE_2_1", 2, 1, 64, 4), Site("b", "SE_2_2", 2, 2, 64, 4)]
    first, again, other = (random_values(sites, seed) for seed in (0, 0, 1))
    assert (first["SE_2_1"] == again["SE_2_1"]).all()
    assert (first["SE_2_1"] != other["SE_2_1"]).any()
    assert (first["SE_2_1"] != first["SE_2_2"]).any()


@pytest.mark.parametrize(
    ("share", "across", "channels"),
    [
        (0.0, False, ([], [])),
        (0.5, False, ([1, 3], [0])),
        (0.75, False, ([0, 1, 3], [0, 1])),  # 1.5 of two channels are two
        (0.5, True, ([1, 3], [0])),
        (0.67, True, ([0, 1, 3], [0])),  # of equal values the first
        (1.0, True, ([0, 1, 2, 3], [0, 1])),
    ],
)
def test_the_least_go_first(share: float, across: bool, channels):
    found = removed(VALUES, share, across=across)
    assert (found["SE_2_1"], found["SE_2_2"]) == channels


def test_channels_are_ranges_of_an_arm_that_people_can_write():
    assert ranges([0, 1, 2, 5, 7, 8]) == ((0, 3), (5, 6), (7, 9))
    assert ranges([]) == ()
    arm = removing_arm("some", {"SE_2_1": [1, 3], "SE_2_2": [], "SE_2_3": [0, 1]})
    assert arm.edits == parse_arm("SE_2_1[1,3]=0; SE_2_3[0:2]=0").edits
