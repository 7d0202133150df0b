from dataclasses import replace

import pytest
from made_classes import made_curves, measured

from seviz.words.classes import (
    APPROXIMATE,
    BEYOND_ONE,
    NO_CLASSES,
    SIGNED,
    curves_words,
    no_statistics_words,
    notes,
    selectivity_words,
    stages_of,
)

NAMES = ("SE_2_1", "SE_2_2", "SE_3_1", "SE_3_2")


def test_curves_name_where_classes_differ_most():
    assert curves_words(made_curves()) == (
        "In SE_2_1 these classes differ most in channel 0: 0.90 for ant, 0.10 for bee; in half of "
        "the channels by less than 0.25."
    )
    # Of one class the mean over all images is compared with.
    assert "most in channel 0: 0.90 for ant, 0.43 for all images" in curves_words(made_curves(0))
    assert "most in channel 0: 0.90" in curves_words(made_curves(0), [0, 1])
    assert "channel 0 (not among those drawn): 0.90" in curves_words(made_curves(0), [1])
    one = made_curves(0)
    assert curves_words(replace(one, overall=one.classes[0].mean)) == NO_CLASSES


@pytest.mark.parametrize(
    ("selectivity", "constant", "says"),
    [
        (
            (0.1, 0.1, 0.4, 0.05),
            (0, 0, 0, 0.8),
            "Half of the article’s claim holds here: gates are most class-specific in SE_3_1 "
            "(median class selectivity 0.40, against 0.10 in the first 2 blocks), but only 40 % of "
            "the channels of the last 2 blocks are saturated or constant.",
        ),
        (
            (0.1, 0.1, 0.4, 0.05),
            (0, 0, 0.2, 0.8),
            "The article’s claim holds here: gates are most class-specific in SE_3_1 (median class "
            "selectivity 0.40, against 0.10 in the first 2 blocks), and 50 % of the channels of "
            "the last 2 blocks are saturated or constant.",
        ),
        (
            (0.4, 0.1, 0.3, 0.05),
            (0, 0, 0, 0),
            "The article’s claim does not hold here: gates are hardly more class-specific in depth "
            "than at the start: most in SE_2_1 (median class selectivity 0.40, against 0.25 in the "
            "first 2 blocks), and no channel of the last 2 blocks is saturated or constant; their "
            "gates differ little by class (0.17).",
        ),
        (
            (0.2, 0.2, 0.25, 0.1),
            (0, 0, 1, 1),
            "Half of the article’s claim holds here: gates are hardly more class-specific in depth "
            "than at the start: most in SE_3_1 (median class selectivity 0.25, against 0.20 in the "
            "first 2 blocks), but all channels of the last 2 blocks are saturated or constant.",
        ),
    ],
)
def test_the_claim_is_read_off_the_numbers(selectivity, constant, says: str):
    blocks = [
        measured(name, s, constant=c)
        for name, s, c in zip(NAMES, selectivity, constant, strict=True)
    ]
    assert selectivity_words(blocks) == says


def test_gates_without_selectivity_are_judged_by_their_share():
    blocks = [measured(n, None, share=v) for n, v in zip(NAMES, (0.1, 0.1, 0.4, 0.3), strict=True)]
    said = selectivity_words(blocks)
    assert "SE_3_1 (median share of variance between classes 0.40, against 0.10" in said
    blocks = [measured(name, 0.1, saturated=None) for name in NAMES]
    assert "no channel of the last 2 blocks is constant" in selectivity_words(blocks)


def test_a_network_of_other_names_is_cut_in_thirds():
    values = (0.1, 0.1, 0.2, 0.3, 0.1, 0.1, 0.05)
    blocks = [measured(f"features.{i}.se", v) for i, v in enumerate(values)]
    said = selectivity_words(blocks)
    assert (
        "features.3.se (median class selectivity 0.30, against 0.10 in the first 2 blocks" in said
    )
    assert "their gates differ little by class (0.08)" in said


def test_few_blocks_are_listed_and_no_classes_say_nothing():
    blocks = [measured("SE_2_1", 0.1), measured("SE_2_2", 0.3)]
    assert selectivity_words(blocks) == (
        "Too few blocks for the article’s claim: median class selectivity 0.10 in SE_2_1 and 0.30 "
        "in SE_2_2."
    )
    assert selectivity_words([measured(name, None) for name in NAMES]) == NO_CLASSES
    assert selectivity_words([]) == NO_CLASSES


def test_stages_are_the_articles():
    assert stages_of(["SE_2_1", "SE_2_2", "SE_3_1"]) == ["2", "2", "3"]
    assert stages_of(["SE_2_1", "layer2.se"]) == ["", ""]


def test_notes_say_what_applies():
    plain, many = [measured("SE_2_1", 0.1)], {"images": 1000, "classes": 10}
    assert notes(plain, approximate=False, **many) == []
    assert notes(plain, approximate=True, **many) == [APPROXIMATE]
    assert notes([measured("SE_2_1", None, share=0.1)], approximate=False, **many) == [SIGNED]
    assert notes([measured("SE_2_1", 0.1, saturated=None)], approximate=False, **many) == [
        BEYOND_ONE
    ]
    assert notes(plain, approximate=False, images=11, classes=3) == [
        "11 images of 3 classes are few: gates that ignore the class would reach a share of "
        "variance of about 0.20 by chance."
    ]


def test_no_class_is_a_request_to_choose_and_no_statistics_say_what_to_do():
    none = replace(made_curves(), classes=())
    assert curves_words(none) == "Choose classes to compare their gates in SE_2_1."
    assert "no statistics of My network over a data set" in no_statistics_words("My network")


@pytest.mark.parametrize(
    ("neighbours", "says"),
    [
        ((0.1, 0.1, 0.2, 0.14), "name the class most often there (20 % in SE_3_1)."),
        ((0.3, 0.1, 0.2, 0.14), "is saturated or constant; their gates differ little by class"),
    ],
)
def test_last_gates_that_differ_by_little_may_tell_classes_best(neighbours, says: str):
    blocks = [
        measured(name, s, neighbours=n)
        for name, s, n in zip(NAMES, (0.1, 0.4, 0.1, 0.1), neighbours, strict=True)
    ]
    said = selectivity_words(blocks)
    assert says in said
    assert ("; yet" in said) is ("20 %" in says)
