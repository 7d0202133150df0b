from dataclasses import replace

import numpy as np
from made import made_maps, made_shares, spot

from seviz.records.arms import SHUFFLED, TWIN, name_twin
from seviz.words.explanations import (
    colour_words,
    completeness_warning,
    completeness_words,
    map_figures,
    map_headline,
    no_shares_words,
    shares_headline,
    shares_sum_words,
)

NAMES = ("with gates", "with every gate frozen at its average")


def test_evidence_that_moves_is_told_with_where_it_goes():
    found = made_maps(spot(0, 0), spot(0, 0) + spot(7, 7))
    assert map_headline(found, NAMES) == (
        "With every gate frozen at its average, 50 % of the evidence for “lion” lies elsewhere "
        "than with gates, and it is spread wider."
    )
    assert map_figures(found, NAMES) == (
        "The upper left loses most (100.0 % → 50 % of it), the lower right gains most (0.0 % → "
        "50 %). Half of the map lies in 0.8 % of the picture with gates, in 1.6 % with every gate "
        "frozen at its average."
    )
    back = made_maps(spot(0, 0) + spot(7, 7), spot(0, 0))
    assert map_headline(back, NAMES).endswith("and it is more concentrated.")
    moved = made_maps(spot(0, 0), spot(7, 7))
    assert map_headline(moved, NAMES).endswith("and it is spread about as widely.")


def test_colours_are_told_by_what_the_values_are():
    colours = (
        "Red speaks for “lion”, blue against it. In the third picture, red is where the "
        "sensitivity itself is larger with gates, blue where it is smaller."
    )
    assert colour_words(made_maps(spot(0, 0), spot(7, 7), method="saliency")) == (
        f"{colours} The frames go by shares: how much of a map’s own sensitivity lies there."
    )
    assert colour_words(made_maps(spot(0, 0), 2 * spot(0, 0), method="saliency")) == colours


def test_what_hardly_moves_is_called_the_same_places():
    found = made_maps(spot(0, 0), 100 * spot(0, 0) + spot(7, 7))
    assert map_headline(found, NAMES) == (
        "The network looks at the same places with gates and with every gate frozen at its "
        "average: only 1.0 % of the evidence for “lion” lies elsewhere."
    )
    assert map_figures(found, NAMES) == ""


def test_equal_maps_and_empty_maps_are_told_as_such():
    same = made_maps(spot(0, 0), spot(0, 0), method="saliency")
    assert map_headline(same, NAMES).startswith("The sensitivity for “lion” is exactly the same")
    empty = made_maps(spot(0, 0), np.zeros((24, 24)))
    assert map_headline(empty, NAMES) == (
        "With every gate frozen at its average, this map holds no evidence for “lion”."
    )


def test_completeness_is_told_and_warned_of_where_it_is_bad():
    found = made_maps(
        spot(0, 0), spot(0, 0), scores=np.array([9.0, 10.0]), totals=np.array([9.0, 7.1]), steps=32
    )
    assert completeness_words(found, NAMES) == (
        "With gates, the map adds up to 9 of 9 (0.0 % off); with every gate frozen at its "
        "average, the map adds up to 7.1 of 10 (29 % off), in 32 steps. The "
        "sum should be the logit of lion minus that of a picture of the mean colour."
    )
    assert completeness_warning(found, NAMES).startswith(
        "With every gate frozen at its average, the map misses the logit by 29"
    )
    assert completeness_warning(replace(found, totals=found.scores), NAMES) == ""
    assert completeness_words(made_maps(spot(0, 0), spot(0, 0)), NAMES) == ""


def test_arms_without_shares_get_the_reason():
    assert no_shares_words(TWIN) == (
        "The network trained without SE has no gates to compare with: choose another column at "
        "the left."
    )
    assert "not from “shuffled”: choose such a column" in no_shares_words(SHUFFLED)


def test_shares_add_up_in_a_sentence():
    assert shares_headline(made_shares()) == (
        "Compared with their mean over the training images, this photograph’s gates lower the "
        "logit of lion by 0.25. The largest part is that of SE_2_1 (−0.5)."
    )
    assert shares_sum_words(made_shares()) == (
        "All shares add up to −0.25; the difference is −0.25 (0.0 % off, in 32 steps)."
    )


def test_a_probability_that_moves_the_other_way_is_told_too():
    assert shares_sum_words(made_shares(), without=0.1).endswith(
        "Yet its probability is 50 % with them and 10 % without: they lower other logits more."
    )
    assert "Yet" not in shares_sum_words(made_shares(), without=0.9)
    assert shares_sum_words(made_shares(), without=0.499).endswith(
        "Its probability is 50 %, with them and without."
    )


def test_a_folded_network_has_no_gates_to_compare_with():
    (folded,) = name_twin([TWIN], "folded: all 16 blocks static")
    assert no_shares_words(folded).startswith("The folded network’s gates are in its weights")
