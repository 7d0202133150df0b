import pytest
from made_study import made

from seviz.nets.variants import STUDIES, Variant
from seviz.study.against_reference import order, reference_of, rows


def test_hosts_are_held_against_themselves_without_se_and_all_else_against_the_standard():
    assert reference_of("host", Variant("vgg")) == Variant("vgg", "plain")
    for study in ("squeeze", "excitation", "r", "stage", "integration"):
        assert {reference_of(study, variant) for variant in STUDIES[study]} == {Variant()}


def test_a_row_holds_a_variant_against_its_reference_here_and_in_the_article():
    told = {row.figures.key: row for row in rows("excitation", made(lab_resnet_relu=0.45))}
    assert list(told) == ["lab_resnet_se", "lab_resnet_tanh", "lab_resnet_relu"]
    assert told["lab_resnet_se"].gap is None
    gap = told["lab_resnet_relu"].gap
    assert gap.here.mean == pytest.approx(-0.05)
    assert (gap.here.clear, gap.theirs, gap.agrees) == (True, -1.19, True)
    assert not told["lab_resnet_tanh"].gap.here.clear


def test_more_accuracy_here_is_less_error_there():
    (_, vgg, *_) = rows("host", made(lab_vgg_se=0.6))
    assert vgg.gap.theirs == 1.8
    assert vgg.gap.agrees
    (_, vgg, *_) = rows("host", made(lab_vgg_se=0.4))
    assert not vgg.gap.agrees


@pytest.mark.parametrize(
    ("study", "means", "counts"),
    [
        # the article: sigmoid before tanh before ReLU
        ("excitation", {"se": 0.6, "tanh": 0.5, "relu": 0.4}, (3, 0, 0)),
        ("excitation", {"se": 0.4, "tanh": 0.5, "relu": 0.6}, (0, 3, 0)),
        ("excitation", {"se": 0.6, "tanh": 0.6, "relu": 0.4}, (2, 0, 1)),
        ("r", {}, (0, 0, 10)),
    ],
)
def test_each_two_variants_are_as_in_the_article_or_against_it_or_open(study, means, counts):
    found = order(study, made(**{f"lab_resnet_{name}": mean for name, mean in means.items()}))
    assert (found.agree, found.contradict, found.open) == counts
    assert found.reproduced is (counts == (3, 0, 0))


def test_of_the_hosts_only_each_with_and_without_se_are_pairs():
    found = order("host", made(lab_vgg_se=0.6, lab_vgg=0.4, lab_inception=0.9))
    assert (found.agree, found.contradict, found.open) == (1, 1, 1)
