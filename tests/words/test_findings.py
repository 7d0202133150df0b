from dataclasses import replace

import pytest
from made_study import found, made

from seviz.nets.results import results
from seviz.nets.variants import STUDIES, VARIANTS
from seviz.words.findings import (
    NAMES,
    QUESTIONS,
    REFERENCES,
    caveat_lines,
    headline,
    method_lines,
    order_words,
    seeds_words,
    short_name,
)


@pytest.mark.parametrize(
    ("study", "means", "said"),
    [
        (
            "r",
            {},
            "None of the 4 differences from r = 16 is clear: there are too few seeds to be sure of "
            "any order.",
        ),
        (
            "r",
            {"r32": 0.4},
            "r = 32 is clearly behind r = 16, as in the article; r = 2, r = 4 and r = 8 can’t be "
            "told from it with so few seeds.",
        ),
        (
            "squeeze",
            {"max": 0.4, "nosqueeze": 0.45},
            "Maximum squeeze and no squeeze are clearly behind the average squeeze, as in the "
            "article.",
        ),
        (
            "integration",
            {"post": 0.4, "identity": 0.4, "3x3": 0.6},
            "POST is clearly behind the standard place, as in the article; Identity is clearly "
            "behind it, unlike in the article; 3×3 is clearly ahead of it, unlike in the article; "
            "PRE can’t be told from it with so few seeds.",
        ),
    ],
)
def test_the_headline_says_what_is_clear_and_whether_the_article_has_it_too(study, means, said):
    results = made(**{f"lab_resnet_{name}": mean for name, mean in means.items()})
    assert headline(study, results) == said


def test_the_hosts_headline_says_it_of_each_host():
    said = headline("host", made(lab_vgg_se=0.6, lab_resnet_se=0.4))
    assert said == (
        "SE-VGG is clearly ahead of the same host without SE, as in the article; SE-ResNet is "
        "clearly behind the same host without SE, unlike in the article; SE-Inception can’t be "
        "told from the same host without SE with so few seeds."
    )


def test_one_seed_says_nothing():
    results = made()
    one = {key: found(key, 0.5) for key in VARIANTS}
    assert headline("r", replace(results, variants=one)).startswith("One seed of each variant")


def test_the_order_is_reproduced_only_where_every_pair_is_clear():
    whole = made(lab_resnet_se=0.6, lab_resnet_tanh=0.5, lab_resnet_relu=0.4)
    assert order_words("excitation", whole) == (
        "Of the 3 pairs of variants, 3 are clearly ordered as in the article, none is clearly the "
        "other way round, and none is open. So the article’s order is reproduced."
    )
    half = made(lab_resnet_relu=0.4)
    assert "2 are clearly ordered" in order_words("excitation", half)
    assert order_words("excitation", half).endswith(
        "and for 1 there are too few seeds to be sure. As far as the seeds can tell, the article’s "
        "order holds."
    )
    turned = order_words("excitation", made(lab_resnet_relu=0.6))
    assert turned.endswith(" So the article’s order is not reproduced at this scale.")
    assert "reproduced" not in order_words("excitation", made())  # the headline says it


def test_every_study_has_its_words_and_its_variants_short_names_of_their_own():
    assert NAMES.keys() == QUESTIONS.keys() == REFERENCES.keys() == STUDIES.keys()
    for study, variants in STUDIES.items():
        names = [short_name(study, variant) for variant in variants]
        assert len(set(names)) == len(names)
        assert all(len(name) < 22 for name in names)  # a telephone has room for them
    assert [short_name("r", v) for v in STUDIES["r"]][:2] == ["r = 2", "r = 4"]
    assert short_name("stage", STUDIES["stage"][0]) == "stage 2 only"


def test_how_it_was_measured_comes_from_the_records():
    said = " ".join(method_lines(made()))
    for fact in ("63 runs", "21 variants", "3 seeds", "6 epochs", "10,000 images", "2 classes"):
        assert fact in said
    for fact in ("1,000 validation", "3.4 hours", "2 cores", "torch 2.14.1", "2026-11-25"):
        assert fact in said


def test_a_study_is_named_by_its_images_and_seeds():
    found = seeds_words(results())
    assert found == "20 classes of Tiny-ImageNet-200, 3 seeds of each variant"


def test_caveats_count_the_differences():
    said = " ".join(caveat_lines(made()))
    assert "none of the 18 differences" in said  # 3 hosts + 2 + 2 + 4 + 3 + 4
    assert "0.9 of them" in said
    assert "best seed" in said
