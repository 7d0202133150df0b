from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from PIL import Image

from seviz.analysis.network_pair import (
    agree,
    block_names,
    match_classes,
    most_different,
    pair_answers,
    pair_blocks,
    same_plan,
    view_network,
)
from seviz.errors import UserError
from seviz.passes.dispatch import ZOO, ask, fetch
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, TWIN
from seviz.records.network_pair import (
    BY_ID,
    BY_NAME,
    BY_NUMBER,
    BlockPair,
    ClassMatch,
    NetworkView,
)
from seviz.records.sites import Site
from seviz.zoo.catalogue import find
from seviz.zoo.labels import numbered_labels


def test_a_network_with_se_is_asked_as_everywhere(photo: Image.Image):
    found = view_network("lab_resnet_tanh", photo)
    known = ask(trace, "lab_resnet_tanh", photo, [INTACT])
    np.testing.assert_array_equal(found.trace.logits, known.logits)
    assert found.trace.is_of_same_photo(known)
    assert found.crop_box == pytest.approx((28.24, 0, 208.94, 180), abs=0.01)
    assert list(found.first) == [site.name for site in known.sites]


@pytest.mark.parametrize(
    ("plain", "gated"), [("lab_inception", "lab_inception_se"), ("twin", "embedded")]
)
def test_a_network_without_se_answers_for_itself_and_has_no_gates(plain, gated, photo):
    found = view_network(plain, photo).trace
    both = ask(trace, gated, photo, [INTACT, TWIN])
    np.testing.assert_allclose(found.logits, both.logits[1:], rtol=1e-5, atol=1e-5)
    assert (found.model, found.sites, found.s, len(found.arms)) == (plain, (), {}, 1)
    assert found.temperature == find(plain).temperature != both.temperature


def test_alone_a_network_without_se_is_refused_as_before_also_once_it_is_in_memory(photo):
    view_network("lab_vgg", photo)
    for refused in (lambda: ask(trace, "lab_vgg", photo, [INTACT]), lambda: ZOO.get("lab_vgg")):
        with pytest.raises(UserError, match="has no Squeeze-and-Excitation block"):
            refused()
    with pytest.raises(UserError, match="has no Squeeze-and-Excitation block"):
        fetch("lab_vgg")


def named(labels, folders=None):
    """Make a source of classes with these names."""
    twin = find("twin")

    class Named:
        class_count = len(labels)

    made = Named()
    made.labels, made.folders, made.key = tuple(labels), folders, twin.key
    return made


def test_classes_are_matched_by_wordnet_id_and_else_by_name():
    a = named(["tabby", "Ice_Bear", "crane"], ("n1", "n2", "n3"))
    b = named(["crane", "ice bear", "tabby cat"], ("n9", "n8", "n1"))
    found = match_classes(a, b)
    assert found == ClassMatch(((0, 2), (1, 1), (2, 0)), (BY_ID, BY_NAME), (), ())
    assert match_classes(named(["dog", "cat"]), named(["CAT", "ant"])) == ClassMatch(
        ((1, 0),), (BY_NAME,), ("dog",), ("ant",)
    )


def test_names_alone_are_names_also_where_folders_are_called_so():
    a, b = named(["a", "b"], ("a", "b")), named(["b", "a"], ("b", "a"))
    assert match_classes(a, b) == ClassMatch(((0, 1), (1, 0)), (BY_NAME,), (), ())


def test_unnamed_classes_are_matched_by_number_where_neither_has_names():
    a, b = named(numbered_labels(2)), named(numbered_labels(3))
    assert match_classes(a, b) == ClassMatch(((0, 0), (1, 1)), (BY_NUMBER,), (), ("class 2",))
    assert not match_classes(a, named(["cat", "dog"])).pairs
    assert not match_classes(named([]), named([])).pairs


def test_networks_without_a_class_in_common_have_no_pair():
    found = match_classes(named(["cat"]), named(["dog"]))
    assert found == ClassMatch((), (), ("cat",), ("dog",))


def test_the_catalogues_classes_fit_by_id():
    found = match_classes(find("lab_resnet_se"), find("embedded"))
    assert (len(found.pairs), found.matched_by, found.only_a) == (20, (BY_ID,), ())
    names = find("lab_resnet_se").labels, find("embedded").labels
    assert all(names[0][i] == names[1][j] for i, j in found.pairs)
    assert len(found.only_b) == 180
    imagenet = match_classes(find("embedded"), find("seresnet50.a1_in1k"))
    assert len(imagenet.pairs) == 200 - len(imagenet.only_a) > 190


def test_answers_agree_where_they_are_the_same_class_not_the_same_number():
    one, other = made_trace([[1.0, 0.0]]), made_trace([[0.0, 1.0]])
    crossed = ClassMatch(((0, 1), (1, 0)), (BY_NAME,), (), ())
    assert agree(one, other, crossed) is True
    assert agree(one, one, crossed) is False
    assert agree(one, replace(other, labels=()), crossed) is None


def test_answers_are_paired_by_class_under_both_names_and_those_of_one_stand_alone():
    a = replace(made_trace([[2.0, 1.0, 0.0]]), labels=("cat", "dog", "ant"))
    b = replace(made_trace([[0.0, 3.0, 1.0]]), labels=("tabby", "bee", "Dog"))
    classes = ClassMatch(((0, 0), (1, 2)), (BY_NAME,), ("ant",), ("bee",))
    named = [
        tuple(answer and (answer.label, answer.index) for answer in pair)
        for pair in pair_answers(a, b, classes, k=2)
    ]
    assert named == [
        (("cat / tabby", 0), ("tabby", 0)),
        (("dog", 1), ("Dog", 2)),
        (None, ("bee", 1)),
    ]
    bare = replace(b, labels=())
    nothing = ClassMatch((), (), a.labels, ())
    assert [other for _, other in pair_answers(a, bare, nothing, k=3)] == [None] * 3


def test_the_block_that_differs_most_is_one_whose_channels_correspond_if_any_does():
    near, far = BlockPair("near", 4, 0.9, 0.1, 0.8), BlockPair("far", 4, 0.0, 0.7, 0.9)
    unrelated = BlockPair("unrelated", 4, 0.0, 0.9, None)
    assert most_different([near, far, unrelated]) is far
    assert most_different([unrelated]) is unrelated


SITES = (Site("a", "SE_2_1", 2, 1, 4, 2), Site("b", "SE_2_2", 2, 2, 3, 1))


def view(s: dict[str, list[float]], first: dict[str, list[float]], sites=SITES) -> NetworkView:
    gates = {name: np.array([values], np.float32) for name, values in s.items()}
    made = replace(made_trace([[1.0, 0.0]]), sites=sites, s=gates)
    return NetworkView(made, None, {k: np.array(w, np.float32) for k, w in first.items()})


def test_blocks_of_one_name_are_compared_channel_by_channel():
    a = view(
        {"SE_2_1": [0.1, 0.2, 0.3, 0.4], "SE_2_2": [0.5, 0.5, 0.5]},
        {"SE_2_1": [1, 2, 3], "SE_2_2": [1, 2, 1]},
    )
    b = view(
        {"SE_2_1": [0.2, 0.4, 0.6, 0.8], "SE_2_2": [0.1, 0.2, 0.9]},
        {"SE_2_1": [2, 4, 6], "SE_2_2": [1, -2, 1]},
    )
    first, second = pair_blocks(a, b)
    assert (first.site, first.channels) == ("SE_2_1", 4)
    assert first.gate_correlation == pytest.approx(1)
    assert first.difference == pytest.approx(0.25)
    assert first.weight_correlation == pytest.approx(1)
    assert first.corresponds
    assert second.gate_correlation is None  # A's gates are all equal there
    assert second.weight_correlation == pytest.approx(-1)
    assert not second.corresponds
    assert same_plan(a.trace, b.trace)


def test_blocks_of_other_names_or_sizes_are_not_paired():
    wider = (replace(SITES[0], channels=5), replace(SITES[1], name="SE_2_9"))
    a = view({"SE_2_1": [0] * 4, "SE_2_2": [0] * 3}, {"SE_2_1": [1], "SE_2_2": [1]})
    b = view({"SE_2_1": [0] * 5, "SE_2_9": [0] * 3}, {"SE_2_1": [1], "SE_2_9": [1]}, wider)
    assert pair_blocks(a, b) == []
    assert not same_plan(a.trace, b.trace)


def test_weights_of_other_shapes_say_nothing():
    other = (replace(SITES[0], reduced=1), SITES[1])
    gates = {"SE_2_1": [0.1, 0.2, 0.3, 0.4], "SE_2_2": [0.1, 0.2, 0.3]}
    first = {"SE_2_1": [1.0, 2, 3], "SE_2_2": [1.0, 2, 3]}
    found = pair_blocks(view(gates, first), view(gates, first, other))
    assert [pair.weight_correlation for pair in found] == [None, pytest.approx(1)]


def test_variants_that_began_with_the_same_weights_correspond_and_others_do_not(photo):
    begun, other = (view_network(key, photo) for key in ("lab_resnet_tanh", "lab_resnet_stage3"))
    own = view_network("lab_resnet_se", photo)
    assert all(pair.corresponds for pair in pair_blocks(own, begun))
    apart = pair_blocks(own, other)
    assert [pair.site for pair in apart] == ["SE_3_1", "SE_3_2"]
    assert not any(pair.corresponds for pair in apart)


def test_blocks_of_both_stand_in_depth_order_once():
    def site(stage: int, block: int) -> Site:
        return Site(f"layer{stage - 1}.{block - 1}.se", f"SE_{stage}_{block}", stage, block, 4, 2)

    vgg = [site(1, 1), site(2, 1), site(5, 1)]
    inception = [site(3, 1), site(3, 2), site(5, 1)]
    assert block_names(vgg, inception) == [
        "SE_1_1",
        "SE_2_1",
        "SE_3_1",
        "SE_3_2",
        "SE_5_1",
    ]
    assert block_names([], []) == []


def test_blocks_without_a_stage_keep_their_networks_order():
    def path(name: str) -> Site:
        return Site(name, name, None, None, 4, 2)

    assert block_names([path("blocks.10"), path("blocks.2")], [path("blocks.3")]) == [
        "blocks.10",
        "blocks.2",
        "blocks.3",
    ]
