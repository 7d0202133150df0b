import timm
import torch

from seviz.training.forward import Forward

IMAGES = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def model() -> torch.nn.Module:
    torch.manual_seed(0)
    return timm.create_model("resnet50_slim", num_classes=5).train()


def test_it_is_the_networks_own_pass_with_gradients():
    made, same = model(), model()
    found = Forward(made, False, graphs=True)(IMAGES)
    expected = same(IMAGES)
    assert torch.equal(found, expected)
    found.sum().backward()
    expected.sum().backward()
    assert torch.equal(made.fc.weight.grad, same.fc.weight.grad)


def test_in_bfloat16_it_rounds_and_answers_in_float32():
    made = model()
    exact, rounded = (Forward(made, half, graphs=False)(IMAGES) for half in (False, True))
    assert rounded.dtype == torch.float32
    assert not torch.equal(rounded, exact)
    assert (rounded - exact).norm() / exact.norm() < 0.1
