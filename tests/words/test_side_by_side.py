from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from made_study import STANDARD, found

from seviz.nets.variants import VARIANTS, Variant
from seviz.photos.examples import EXAMPLES, Offer
from seviz.records.sites import Site
from seviz.words.side_by_side import (
    accuracy,
    bar_words,
    colour_words,
    confidence_words,
    difference_words,
    differences,
    example_words,
    guess_warnings,
    headline,
    scale_words,
    verdict,
)

A = made_trace([[np.log(3.0), 0.0]])  # a at 75 %
B = made_trace([[0.0, np.log(4.0)]])  # b at 80 %
TANH = Site("p", "SE_2_1", 2, 1, 4, 2, "tanh")


def test_one_answer_is_told_with_both_probabilities_and_two_with_their_own():
    assert headline(A, B) == "A says a (75 %), B says b (80 %)."
    assert headline(A, made_trace([[np.log(4.0), 0.0]])) == "Both say a: A at 75 %, B at 80 %."


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ((True, True), (True, True), None),
        ((True, False), (True, True), "The example is of a lion: A gets it wrong."),
        ((True, True), (True, False), "The example is of a lion: B gets it wrong."),
        ((True, False), (True, False), "The example is of a lion: both get it wrong."),
        ((False, False), (False, False), "The example is of a lion: none of their classes."),
    ],
)
def test_who_gets_an_example_wrong_is_told(a, b, says):
    first, second = (Offer(EXAMPLES[0], *of) for of in (a, b))
    assert example_words(first, second) == says
    assert example_words(None, None) is None


def test_how_sure_they_are_is_told_where_it_was_measured():
    assert confidence_words(A, B) is None
    told = confidence_words(replace(A, temperature=1.0), replace(B, temperature=1e9))
    assert told == ("Where it is as sure as here, A is right in about 8 of 10 cases, B in about 5.")
    assert not list(guess_warnings(replace(A, temperature=1.0), B))


def test_a_guess_is_told_with_whose_it_is():
    many = replace(B, labels=tuple("abcdefgh"), logits=np.zeros((1, 8), np.float32))
    (told,) = guess_warnings(replace(A, temperature=1.0), replace(many, temperature=1.0))
    assert told.startswith("B: The network is unsure of this photograph")


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        ("lab_resnet_se", "lab_resnet_tanh", ["the end of the excitation"]),
        ("lab_resnet_max", "lab_resnet_nosqueeze", ["the squeeze"]),
        ("lab_resnet_r2", "lab_resnet_stage3", ["the reduction r", "the stages with SE"]),
        ("lab_resnet_pre", "lab_resnet_post", ["the place of SE"]),
        ("lab_resnet", "lab_resnet_relu", ["having SE"]),
        ("lab_vgg", "lab_resnet_relu", ["the host", "having SE"]),
        ("lab_vgg_se", "lab_inception_se", ["the host"]),
        ("lab_vgg", "lab_inception", ["the host"]),
        ("lab_resnet_se", "lab_resnet_se", []),
    ],
)
def test_variants_differ_in_what_they_are_made_of(a: str, b: str, names: list[str]):
    assert [name for name, _, _ in differences(VARIANTS[a], VARIANTS[b])] == names


def test_no_two_variants_are_called_alike():
    every = list(VARIANTS.values())
    alike = [(a, b) for a in every for b in every if not differences(a, b)]
    assert alike == [(a, a) for a in every]


def test_what_each_has_stands_in_its_own_column():
    row = differences(Variant(), Variant(excitation="tanh"))[0]
    assert row[1:] == ("sigmoid: gates from 0 to 1", "tanh: gates from −1 to 1")
    assert differences(Variant(), Variant(stages=(3,)))[0][1:] == ("all", "3 only")


def test_they_differ_in_a_sentence():
    said = difference_words(Variant(r=2), Variant(squeeze="max", stages=(4,)))
    assert said.startswith(
        "They differ in the squeeze, the reduction r and the stages with SE. Both were trained on "
        "the same images"
    )
    assert difference_words(Variant(), Variant()).startswith("A and B are the same variant")
    assert difference_words(Variant("vgg", "plain"), Variant("inception", "plain")).endswith(
        "Neither has gates to compare."
    )


def test_the_study_is_told_with_its_spread_and_its_verdict():
    assert accuracy(STANDARD) == "55.0 ± 1.0 %"
    assert accuracy(found("lab_resnet_r2", 0.5)) == "50.0 %"
    said = verdict(STANDARD, found("lab_resnet_post", 0.44, 0.45, 0.46))
    assert said is not None
    assert said.startswith("In the study, SE-ResNet · POST is at 45.0 %, −10.0 points from")
    assert verdict(STANDARD, STANDARD) is None


def test_scales_are_told_as_one_or_as_two():
    one, plain = A, replace(A, sites=())
    tanh = replace(A, sites=(TANH,))
    assert scale_words(one, one, (0, 1), (0, 1)) == (
        "Both are on one scale, from 0 to 1, so equal colours are equal gates."
    )
    assert scale_words(one, tanh, (0, 1), (-1, 1)) == (
        "Each is on the scale of its own gates, A from 0 to 1, B from −1 to 1: compare the numbers."
    )
    assert scale_words(plain, tanh, (0, 1), (-1, 1)) == (
        "A has no gates; those of the other are shown from −1 to 1."
    )
    assert scale_words(tanh, plain, (-1, 1), (0, 1)).startswith(
        "B has no gates; those of the other are"
    )


def test_what_colours_and_bars_mean_is_told_of_each():
    assert "flip its sign" in colour_words((TANH,))
    assert "there is no z" in colour_words((replace(TANH, squeezed=False),))
    assert "|s| < 0.05" in bar_words((TANH,))
    assert colour_words(()) == bar_words(()) == "This host is without SE: it has no gates to show."
