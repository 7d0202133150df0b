import pytest
from made_study import STANDARD, found

from seviz.nets.results import Results, VariantFigures
from seviz.nets.variants import VARIANTS
from seviz.words.study import comparison_words, study_lines


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            found("lab_resnet_post", 0.44, 0.45, 0.46),
            "SE-ResNet · POST is at 45.0 %, −10.0 points from SE-ResNet · standard (55.0 %): "
            "more than the spread between seeds explains (95 % interval −12.27 to −7.73).",
        ),
        (
            found("lab_resnet_max", 0.53, 0.56, 0.55),
            "SE-ResNet · maximum squeeze is at 54.7 %, −0.3 points from SE-ResNet · standard "
            "(55.0 %): too few seeds to be sure (95 % interval −3.45 to +2.79, which holds 0).",
        ),
        (
            found("lab_resnet_r2", 0.9),
            "SE-ResNet · r = 2 is at 90.0 %, +35.0 points from SE-ResNet · standard (55.0 %): "
            "one seed can't tell by how much other seeds would differ.",
        ),
    ],
)
def test_a_difference_is_told_with_what_the_seeds_make_of_it(other: VariantFigures, said: str):
    assert comparison_words(other, STANDARD) == said


def test_each_study_sets_the_article_beside_it():
    variants = {key: found(key, 0.5, 0.5, 0.6) for key in VARIANTS}
    results = Results(variants, (), {})
    said = list(study_lines("excitation", results))
    assert [line.rpartition(" In the article")[2] for line in said] == [
        ", on ImageNet: −0.72 points.",
        ", on ImageNet: −1.19 points.",
    ]
    hosts = list(study_lines("host", results))
    assert [line.partition(" is at")[0] for line in hosts] == [
        "SE-VGG · standard",
        "SE-Inception · standard",
        "SE-ResNet · standard",
    ]
    assert hosts[0].endswith("In the article, on ImageNet: +1.80 points.")
