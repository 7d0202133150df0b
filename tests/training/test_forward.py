import torch
from networks import randn, random_network

from seviz.training.forward import Forward

IMAGES = randn(4, 3, 32, 32)


def model() -> torch.nn.Module:
    return random_network("resnet50_slim", num_classes=5).train()


def test_it_is_the_networks_own_pass_with_gradients():
    ours, same = model(), model()
    found = Forward(ours, False, graphs=True)(IMAGES)
    expected = same(IMAGES)
    assert torch.equal(found, expected)
    found.sum().backward()
    expected.sum().backward()
    assert torch.equal(ours.fc.weight.grad, same.fc.weight.grad)


def test_in_bfloat16_it_rounds_and_answers_in_float32():
    one = model()
    exact, rounded = (Forward(one, half, graphs=False)(IMAGES) for half in (False, True))
    assert rounded.dtype == torch.float32
    assert not torch.equal(rounded, exact)
    assert (rounded - exact).norm() / exact.norm() < 0.1
