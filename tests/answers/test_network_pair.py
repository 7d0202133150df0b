from dataclasses import replace

import pytest

from seviz.analysis.network_pair import match_classes, view_network
from seviz.answers.network_pair import (
    common_answers,
    explain_both,
    network_pair_answer,
)
from seviz.attribution.maps import attribute
from seviz.errors import UserError
from seviz.faithfulness.likeness import likeness
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT
from seviz.zoo.catalogue import find
from seviz.zoo.labels import numbered_labels


def views(a: str, b: str, photo):
    return view_network(a, photo), view_network(b, photo)


def test_both_answers_gates_and_maps_are_reported(photo):
    found = network_pair_answer(
        "lab_resnet_se", "lab_resnet_tanh", photo, method="gradcam", topk=3
    ).report
    ours = views("lab_resnet_se", "lab_resnet_tanh", photo)
    assert [found.a.model, found.b.model] == ["lab_resnet_se", "lab_resnet_tanh"]
    for side, view in zip((found.a, found.b), ours, strict=True):
        assert [answer.label for answer in side.arms[0].top] == [
            answer.label for answer in view.trace.top(0, 3)
        ]
    assert found.classes.common == 20
    assert found.same_plan and len(found.blocks) == 8
    assert found.maps.layer_a == found.maps.layer_b == "SE_5_2"
    first, second = (
        ask(attribute, view.trace.model, view.trace.image, [INTACT], target=index).pixels[0]
        for view, index in zip(ours, [ours[0].trace.top(0, 1)[0].index] * 2, strict=True)
    )
    alike = likeness(first, second)
    assert found.maps.likeness.spearman == pytest.approx(alike.spearman, abs=0.02)


def test_the_common_answers_have_each_networks_own_probability(photo):
    both = views("embedded", "lab_resnet_se", photo)
    classes = match_classes(find("embedded"), find("lab_resnet_se"))
    found = common_answers(both, classes, 5)
    assert len(found) >= 5
    for answer in found:
        assert both[0].trace.labels[answer.index_a] == both[1].trace.labels[answer.index_b]
        assert answer.a == pytest.approx(both[0].trace.probabilities[0, answer.index_a])
        assert answer.b == pytest.approx(both[1].trace.probabilities[0, answer.index_b])
    heights = [max(answer.a, answer.b) for answer in found]
    assert heights == sorted(heights, reverse=True)
    bare = replace(both[0], trace=replace(both[0].trace, labels=()))
    assert common_answers((bare, both[1]), classes, 5) == []


def test_the_same_network_twice_differs_in_nothing(photo):
    found = network_pair_answer("embedded", "embedded", photo, method="saliency").report
    assert found.agree is True
    assert all(block.difference == 0 for block in found.blocks)
    assert all(block.gate_correlation == pytest.approx(1) for block in found.blocks)
    assert all(answer.a == answer.b for answer in found.common)
    assert found.maps.likeness.spearman == pytest.approx(1)
    assert found.maps.likeness.overlap == 1


def test_a_network_without_se_is_explained_at_its_last_stage(photo):
    maps = explain_both(views("embedded", "twin", photo))
    assert (maps.a.layer, maps.b.layer) == ("SE_5_3", "layer4")
    twin = ask(attribute, "embedded", view_network("embedded", photo).trace.image, [INTACT])
    assert maps.b.maps.shape == twin.maps.shape
    assert maps.label == maps.a.target.label == maps.b.target.label


def test_the_explained_class_is_one_that_both_know(photo):
    both = views("embedded", "lab_resnet_se", photo)
    classes = match_classes(find("embedded"), find("lab_resnet_se"))
    assert explain_both(both, target="lion").label == "lion"
    assert explain_both(both, target="n02129165").label == "lion"
    chosen = explain_both(both)
    assert (chosen.a.target.index, chosen.b.target.index) in classes.pairs
    (alone, *_) = classes.only_a
    with pytest.raises(UserError, match="a class of one of the two networks alone"):
        explain_both(both, target=alone)
    with pytest.raises(UserError, match="There is no class “unicorn” among either network"):
        explain_both(both, target="unicorn")
    with pytest.raises(UserError, match="There is no method “magic”"):
        explain_both(both, "magic")


def test_without_a_common_class_nothing_is_explained(photo, monkeypatch):
    both = views("embedded", "lab_resnet_se", photo)
    monkeypatch.setattr(
        "seviz.analysis.network_pair.numbered_labels",
        lambda count: find("embedded").labels if count == 200 else numbered_labels(count),
    )
    with pytest.raises(UserError, match="have no class in common"):
        explain_both(both)
