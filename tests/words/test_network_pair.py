from dataclasses import replace

import numpy as np
import pytest
from made import made_maps, made_trace, spot
from torch import nn

from seviz.photos.examples import EXAMPLES, Offer
from seviz.records.network_pair import (
    BY_ID,
    BY_NAME,
    BY_NUMBER,
    BlockPair,
    ClassMatch,
    GateSimilarity,
    MapPair,
)
from seviz.records.sites import Site
from seviz.records.trust import Likeness
from seviz.words.network_pair import (
    bar_words,
    blocks_words,
    colour_words,
    confidence_words,
    example_words,
    guess_warnings,
    headline,
    map_words,
    match_words,
    relation_words,
    scale_words,
    similarity_headline,
    similarity_words,
)
from seviz.zoo.catalogue import find
from seviz.zoo.sources import wrap

A = made_trace([[np.log(3.0), 0.0]])  # a at 75 %
B = made_trace([[0.0, np.log(4.0)]])  # b at 80 %
TANH = Site("p", "SE_2_1", 2, 1, 4, 2, "tanh")
SAME = ClassMatch(((0, 0), (1, 1)), (BY_NAME,), (), ())


def test_one_answer_is_told_with_both_probabilities_and_two_with_their_own():
    assert headline(A, B, SAME) == "A says a (75 %), B says b (80 %)."
    also = made_trace([[np.log(4.0), 0.0]])
    assert headline(A, also, SAME) == "Both say a: A at 75 %, B at 80 %."
    called = replace(also, labels=("alpha", "b"))
    assert headline(A, called, SAME) == "Both say a (B calls it alpha): A at 75 %, B at 80 %."


def test_an_answer_that_the_other_does_not_know_is_told():
    half = ClassMatch(((1, 1),), (BY_NAME,), ("a",), ("a",))
    assert headline(A, B, half) == "A says a (75 %), B says b (80 %); B does not know a."
    none = ClassMatch((), (), A.labels, B.labels)
    assert headline(A, B, none).endswith("; B does not know a and A does not know b.")
    bare = replace(B, labels=(), logits=np.zeros((1, 0), np.float32))
    assert headline(A, bare, none) == "A says a (75 %), B without a head no class."
    assert headline(bare, bare, none) == "A and B without a head no class."


def test_how_classes_fit_is_told():
    assert match_words(SAME, 2, 2) == "Both know the same 2 classes, matched by name."
    some = ClassMatch(((0, 0),), (BY_ID, BY_NAME), ("b",), ("c", "d"))
    assert match_words(some, 2, 3) == (
        "They have 1 class in common, matched by WordNet id and by name. A knows 1 more, B knows 2 "
        "more. Each network shares its probability out over all of its own classes: compare the "
        "order of answers rather than the percentages."
    )
    assert match_words(ClassMatch((), (), ("a",), ("b",)), 1, 1).startswith(
        "They have no class in common (A has 1, B has 1)"
    )
    assert "without a head" in match_words(ClassMatch((), (), (), ("b",)), 0, 1)
    numbered = replace(SAME, matched_by=(BY_NUMBER,))
    assert match_words(numbered, 2, 2).endswith("class 3 of A is taken to be class 3 of B.")
    assert match_words(numbered, 2, 3).endswith("B knows 1 more.")


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ((True, True), (True, True), None),
        ((True, False), (True, True), "A gets it wrong."),
        ((True, True), (True, False), "B gets it wrong."),
        ((True, False), (True, False), "both get it wrong."),
        ((False, False), (False, False), "none of their classes."),
        ((False, False), (True, True), "A does not know that class."),
        ((False, False), (True, False), "A does not know that class and B gets it wrong."),
        ((None, None), (True, True), None),
    ],
)
def test_who_gets_an_example_wrong_or_does_not_know_it_is_told(a, b, says):
    first, second = (Offer(EXAMPLES[0], *of) for of in (a, b))
    assert example_words(first, second) == (says and f"The example is of a lion: {says}")
    assert example_words(None, None) is None


def test_how_two_networks_belong_together_is_told():
    embedded, twin = find("embedded"), find("twin")
    assert "B is A’s twin without SE" in relation_words(embedded, twin)
    assert "A is B’s twin without SE" in relation_words(twin, embedded)
    assert relation_words(embedded, find("lab_resnet_se")) is None
    assert "same architecture" in relation_words(
        find("seresnet50.a1_in1k"), find("seresnet50.a2_in1k")
    )


def test_modules_of_one_class_are_of_one_architecture_where_their_size_is_the_same():
    ours, tuned, other = (wrap(name, nn.Linear(2, n)) for name, n in (("a", 2), ("b", 2), ("c", 3)))
    assert "same architecture" in relation_words(ours, tuned)
    assert relation_words(ours, other) is None


def test_how_sure_they_are_is_told_where_it_was_measured():
    assert confidence_words(A, B) is None
    told = confidence_words(replace(A, temperature=1.0), replace(B, temperature=1e9))
    assert told == ("Where it is as sure as here, A is right in about 8 of 10 cases, B in about 5.")
    assert not list(guess_warnings(replace(A, temperature=1.0), B))


def test_a_guess_is_told_with_whose_it_is():
    many = replace(B, labels=tuple("abcdefgh"), logits=np.zeros((1, 8), np.float32))
    (told,) = guess_warnings(replace(A, temperature=1.0), replace(many, temperature=1.0))
    assert told.startswith("B: The network is unsure of this photograph")


def pair(name: str, r: float | None, difference: float, weights: float | None) -> BlockPair:
    return BlockPair(name, 4, r, difference, weights)


def test_whether_channels_correspond_is_told_by_the_weights():
    alike = [pair("SE_2_1", 0.9, 0.1, 0.8), pair("SE_2_2", -0.2, 0.3, 0.4)]
    said = blocks_words(alike, A, A, same=True)
    assert "W₁ of A and B correlate at all blocks (r from 0.40 to 0.80)" in said
    assert said.endswith("most at SE_2_1 (r = 0.90) and least at SE_2_2 (r = −0.20).")
    some = blocks_words([alike[0], pair("SE_2_2", 0.1, 0.3, 0.01)], A, A, same=False)
    assert "correlate at 1 of 2 blocks" in some
    assert f"2 blocks of one name and size are compared; A has {len(A.sites)} in all" in some
    apart = [pair("SE_2_1", 0.9, 0.1, 0.02), pair("SE_2_2", 0.3, 0.3, None)]
    assert "do not correlate" in blocks_words(apart, A, A, same=True)
    unknown = [pair("SE_2_1", 0.9, 0.1, None)]
    assert "it is not known whether channel c" in blocks_words(unknown, A, A, same=True)
    constant = [pair("SE_2_1", None, 0.1, 0.9)]
    assert "all equal" in blocks_words(constant, A, A, same=True)


def test_equal_gates_and_plans_that_do_not_fit_are_told():
    equal = [pair("SE_2_1", 1.0, 0.0, 1.0)]
    assert blocks_words(equal, A, A, same=True) == "The gates are the same at all 1 blocks."
    assert "channels can’t be paired" in blocks_words([], A, A, same=False)


def maps(likeness: Likeness | None) -> MapPair:
    found = made_maps(spot(0, 0), spot(1, 1))
    return MapPair("lion", found, found, None, likeness)


def test_how_alike_two_maps_are_is_told_in_figures():
    said = map_words(maps(Likeness(-0.5, 0.25, 0.4)))
    assert "rank correlation of −0.50, a structural similarity of 0.25, and 40 % of their" in said
    assert "Equal maps would have 1, 1 and 100 %." in said
    small = map_words(maps(Likeness(0.0, None, 0.0)))
    assert "structural" not in small and "would have 1 and 100 %" in small
    assert "can’t be laid over each other" in map_words(maps(None))


def similarity(cka: list[list[float]], a: str = "SE", b: str = "SE", **known) -> GateSimilarity:
    names_a = tuple(f"{a}_{i}" for i in range(len(cka)))
    names_b = tuple(f"{b}_{i}" for i in range(len(cka[0])))
    options = {"constant_a": (), "constant_b": (), "count": 60, "data": "60 photographs"} | known
    return GateSimilarity("a", "b", names_a, names_b, np.array(cka), **options)


def test_the_similarity_is_told_of_blocks_of_one_name_or_else_of_the_most_alike():
    said = similarity_headline(similarity([[0.9, 0.1], [0.0, 0.3]]))
    assert said == (
        "Gates of blocks of one name have a CKA between 0.30 (SE_1) and 0.90 (SE_0), over 60 "
        "photographs (n = 60)."
    )
    other = similarity([[0.2, 0.7]], b="other")
    assert similarity_headline(other).startswith("SE_0 of A and other_1 of B are most alike")
    still = similarity([[np.nan]], constant_a=("SE_0",))
    assert similarity_headline(still).startswith("No two blocks can be compared")
    assert "the same network" in similarity_headline(replace(still, model_b="a"))


def test_constant_blocks_and_few_photographs_are_told():
    assert similarity_words(similarity([[1.0]])) == ""
    said = similarity_words(similarity([[1.0]], constant_b=("SE_0",), count=9))
    assert "Constant in B: SE_0: no gate there moves" in said
    assert "fewer than 50 photographs the estimate is rough" in said
    assert "Other empty cells" not in similarity_words(
        similarity([[np.nan, 1.0]], constant_b=("SE_0",))
    )
    assert "Other empty cells" in similarity_words(similarity([[np.nan, 1.0]]))


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
    assert "Empty rows are blocks that only the other" in colour_words((TANH,), 2)
    assert "Empty rows" not in colour_words((TANH,), 1)
    assert "|s| < 0.05" in bar_words((TANH,))
    assert (
        colour_words(())
        == bar_words(())
        == ("This network is without SE: it has no gates to show.")
    )
