import pytest
from made import made_trust, map_trust

from seviz.words.trust import arms_words, controls_words, measures_words

NAMES = ("with gates", "with every gate frozen at its average")


BY_ARM = dict(zip(("intact", "static"), NAMES, strict=True))


def control(name: str, insertion: tuple[float, float], **known):
    return map_trust(name, insertion, control=True, **known)


@pytest.mark.parametrize(
    ("controls", "says"),
    [
        ([control("random", (0.3, 0.3))], "no better than a random one"),
        ([control("random", (0.3, 0.1))], "beats a random one only over the mean colour"),
        ([control("edges", (0.3, 0.3))], "but not the photograph’s edges alone"),
        ([control("edges", (0.1, 0.3))], "it beats only over the blurred photograph"),
        ([], "matter more than those of a random map or of the edges"),
        ([control("randomised", (0.1, 0.1), spearman=0.9)], "nearly the same map (rank corr"),
    ],
)
def test_the_verdict_compares_a_map_against_its_controls(controls, says: str):
    trust = made_trust(map_trust("intact", (0.3, 0.3)), *controls)
    assert says in controls_words(trust)


def test_a_single_area_that_is_better_for_a_control_is_named_so_that_the_table_agrees():
    random = control("random", (0.1, 0.1), deletion=(0.05, 0.1))
    said = controls_words(made_trust(map_trust("intact", (0.3, 0.3)), random))
    assert said.startswith("The pixels this map points at matter more than those of a random map")
    assert said.endswith(
        "This is by insertion minus deletion; alone, by deletion over the blurred photograph, a "
        "random map does better."
    )
    edges = control("edges", (0.31, 0.3), deletion=(0.3, 0.3))
    said = controls_words(made_trust(map_trust("intact", (0.3, 0.3)), edges))
    assert "by insertion over the blurred photograph, the edges’ map does better." in said
    same = control("edges", (0.1, 0.1), deletion=(0.1, 0.1))
    assert "alone" not in controls_words(made_trust(map_trust("intact", (0.3, 0.3)), same))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (map_trust("static", (0.3, 0.3), spearman=0.8), "Both arms’ maps do equally well"),
        (
            map_trust("static", (0.5, 0.5)),
            "With every gate frozen at its average, the map does better",
        ),
        (map_trust("static", (0.1, 0.1)), "With gates, the map does better"),
        (map_trust("static", (0.0, 0.0), p=0.001), "gives “lion” 0.1 % instead of 50 %, so"),
    ],
)
def test_the_verdict_compares_the_arms_only_where_both_give_the_answer(other, says: str):
    assert says in arms_words(made_trust(map_trust("intact", (0.3, 0.3)), other), BY_ARM)


def test_a_measure_is_explained_only_where_it_was_measured():
    said = measures_words(made_trust(map_trust("intact", (0.3, 0.3))))
    assert "a lead counts from 5 % of the answer's probability on" in said
    assert "Infidelity (captum" in said
    assert "Sensitivity (" not in said
    assert "completeness" not in said
