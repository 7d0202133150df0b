import pytest
from made_study import STANDARD, found

from seviz.nets.variants import VARIANTS, Variant
from seviz.words.variant_pair import accuracy, difference_words, differences, verdict


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
