import pytest
import timm
import torch
from networks import awake

from seviz.lab.head import add_norm, folded


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


IMAGES = torch.randn(8, 3, 64, 64, generator=torch.Generator().manual_seed(0))


def test_a_norm_that_was_measured_makes_no_difference_and_neither_does_folding_it():
    model = awake(timm.create_model("seresnet50_slim", num_classes=5))
    with torch.inference_mode():
        plain = model(IMAGES)
    add_norm(model, IMAGES)
    with torch.inference_mode():
        torch.testing.assert_close(model(IMAGES), plain, atol=1e-4, rtol=1e-4)


def test_a_norm_that_has_learnt_is_folded_into_the_classifier():
    model = awake(timm.create_model("seresnet50_slim", num_classes=5))
    add_norm(model)
    awake(model, seed=1)  # the norm among all others
    with torch.inference_mode():
        expected = model(IMAGES)
    bare = timm.create_model("seresnet50_slim", num_classes=5).eval()
    bare.load_state_dict(folded(model.state_dict()))
    with torch.inference_mode():
        torch.testing.assert_close(bare(IMAGES), expected, atol=1e-4, rtol=1e-4)


def test_weights_without_the_norm_stay_as_they_are():
    weights = timm.create_model("resnet50_slim").state_dict()
    assert folded(weights) == weights


def test_a_new_norm_is_a_batch_norms_beginning():
    model = timm.create_model("resnet50_slim")
    add_norm(model)
    assert model.state_dict()["global_pool.0.weight"].eq(1).all()
    assert model.global_pool[0].num_features == model.fc.in_features
