import pytest
import torch
from networks import awake, draw_norms, randn, random_network

from seviz.training.norms import add_gate_norms, add_head_norm, fold_norms, hidden_units

IMAGES = randn(8, 3, 64, 64)


def test_norms_that_were_measured_make_no_difference():
    model = awake("seresnet50_slim", num_classes=5)
    with torch.inference_mode():
        plain = model(IMAGES)
    add_head_norm(model, IMAGES)
    add_gate_norms(model, IMAGES)
    with torch.inference_mode():
        torch.testing.assert_close(model(IMAGES), plain, atol=1e-4, rtol=1e-4)


def test_norms_that_have_learnt_are_folded_into_what_stands_beside_them():
    model = awake("seresnet50_slim", num_classes=5)
    add_head_norm(model)
    add_gate_norms(model)
    draw_norms(model.eval(), seed=1)  # these among all others
    model.layer4[2].se.bn.running_var.fill_(1e-5)  # where eps counts
    with torch.inference_mode():
        expected = model(IMAGES)
    bare = random_network("seresnet50_slim", num_classes=5).eval()
    folded = fold_norms(model.state_dict())
    assert {value.dtype for value in folded.values()} == {torch.float32, torch.int64}
    bare.load_state_dict(folded)
    with torch.inference_mode():
        torch.testing.assert_close(bare(IMAGES), expected, atol=1e-4, rtol=1e-4)


def test_weights_without_these_norms_stay_as_they_are():
    weights = random_network("resnet50_slim").state_dict()
    assert fold_norms(weights) == weights


def test_a_new_norm_is_a_batch_norms_beginning():
    model = random_network("resnet50_slim")
    add_head_norm(model)
    add_gate_norms(model)  # without SE blocks, there is no place for one
    assert model.state_dict()["global_pool.0.weight"].eq(1).all()
    assert model.global_pool[0].num_features == model.fc.in_features
    assert len(model.state_dict()) == len(random_network("resnet50_slim").state_dict()) + 5


def test_a_new_norm_in_an_se_block_turns_hidden_units_on_for_half_of_the_images():
    model = random_network("seresnet50_slim").train()
    block = model.layer4[0].se
    z = torch.full((1, 896), 30.0) + randn(64, 896)  # most of it in common
    with torch.no_grad():
        block.fc1.bias.fill_(-1000.0)
        assert not block.bn(hidden_units(block, z)).gt(0).any()
        add_gate_norms(model)
        on = block.bn(hidden_units(block, z)).gt(0)
    assert on.float().mean().item() == pytest.approx(0.5, abs=0.05)
