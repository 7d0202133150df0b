import pytest
import torch
from networks import awake, randn, random_network

from seviz.training.widen import widen


def resnet(channels: tuple[int, ...], se: bool = True) -> torch.nn.Module:
    from timm.models.resnet import Bottleneck

    from seviz.nets.slim import SlimResNet

    extra = {"block_args": {"attn_layer": "se"}} if se else {}
    plan = {"block": Bottleneck, "layers": (1, 2, 1, 1), "channels": channels, "num_classes": 5}
    return random_network(lambda: SlimResNet(**plan, **extra))


@pytest.mark.parametrize("se", [True, False])
def test_a_wider_network_computes_the_same(se: bool):
    narrow = awake(lambda: resnet((16, 8, 8, 16), se))
    wide = awake(lambda: resnet((16, 12, 16, 40), se), seed=1)
    wide.load_state_dict(widen(narrow.state_dict(), wide.state_dict(), noise=0))
    x = randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(wide(x), narrow(x), atol=1e-4, rtol=1e-4)


def test_noise_lets_copies_part_and_changes_little():
    narrow, wide = awake(lambda: resnet((16, 8, 8, 16))), resnet((16, 16, 8, 16)).eval()
    still = widen(narrow.state_dict(), wide.state_dict(), noise=0)
    moved = widen(narrow.state_dict(), wide.state_dict())
    name = "layer2.0.conv2.weight"
    kinds = torch.unique(still[name].flatten(1), dim=0)
    assert len(kinds) == 8
    assert len(torch.unique(moved[name].flatten(1), dim=0)) == 16
    off = (moved[name] - still[name]).std() / still[name].std()
    assert float(off) == pytest.approx(0.03, abs=0.006)
    torch.testing.assert_close(moved["layer2.0.bn2.weight"], still["layer2.0.bn2.weight"])


def test_all_channels_are_there_before_one_is_there_a_third_time():
    narrow, wide = resnet((16, 8, 8, 16)), resnet((16, 8, 8, 40)).eval()
    found = widen(narrow.state_dict(), wide.state_dict(), noise=0)["layer4.0.conv1.weight"]
    _, counts = torch.unique(found.flatten(1), dim=0, return_counts=True)
    assert sorted(counts.tolist()) == [2] * 8 + [3] * 8


def test_another_network_is_not_widened():
    with pytest.raises(KeyError):
        widen(resnet((16, 8, 8, 16), se=False).state_dict(), resnet((16, 8, 8, 16)).state_dict())


def test_the_embedded_plan_is_widened_too():
    model = awake("seresnet50_slim")
    same = widen(model.state_dict(), model.state_dict(), noise=0)
    assert all(torch.equal(same[name], value) for name, value in model.state_dict().items())
