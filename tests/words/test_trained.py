from seviz.nets.results import VariantFigures
from seviz.nets.variants import PLAIN, VARIANTS, Variant
from seviz.words import trained

WHERE = "20 classes of Tiny-ImageNet-200"


def found(key: str, *top1: float) -> VariantFigures:
    best = top1.index(max(top1))
    return VariantFigures(key, VARIANTS[key].title, top1, top1, 1000, 2000, best, 1.0)


def test_a_trained_variant_has_its_accuracy_and_its_reference():
    here = {
        "lab_resnet_se": found("lab_resnet_se", 0.54, 0.55, 0.56),
        "lab_resnet_post": found("lab_resnet_post", 0.44, 0.45, 0.46),
        "lab_resnet": found("lab_resnet", 0.5),
    }
    said = list(trained.trained_lines(Variant(integration="post"), here, WHERE))
    assert said[0] == (
        "Trained here: 45.0 % ± 1.0 top-1, mean and standard deviation of 3 seeds, on 20 classes "
        "of Tiny-ImageNet-200; the weights that open are the best seed’s, at 46.0 %."
    )
    assert said[1].startswith("SE-ResNet · POST is at 45.0 %, −10.0 points from SE-ResNet")
    plain = list(trained.trained_lines(Variant("resnet", PLAIN), here, WHERE))
    assert plain == [f"Trained here: 50.0 % top-1 of one seed, on {WHERE}.", trained.NO_GATES]
    assert list(trained.trained_lines(Variant(), here, WHERE))[1].endswith("would differ.")


def test_a_variant_that_was_not_trained_says_so():
    asked = Variant(integration="post", r=4)
    assert list(trained.trained_lines(asked, {}, WHERE)) == [trained.NOT_TRAINED]
    assert trained.nearest_heading(1) == "Trained networks that differ in one choice: choose one"
    assert "3 choices" in trained.nearest_heading(3)
