import pytest
import torch
from networks import random_network

from seviz.nets.embedded import ARCHITECTURE, TWIN_ARCHITECTURE


@pytest.mark.parametrize("architecture", [ARCHITECTURE, TWIN_ARCHITECTURE])
def test_stages_2_to_5_see_32_16_8_and_4_pixels_a_side(architecture: str):
    model = random_network(architecture)
    sides = []
    for name in ("layer1", "layer2", "layer3", "layer4"):
        stage = getattr(model, name)
        stage.register_forward_hook(lambda _, __, out: sides.append(tuple(out.shape[1:])))
    with torch.inference_mode():
        assert model.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, 200)
    assert sides == [(64, 32, 32), (192, 16, 16), (384, 8, 8), (896, 4, 4)]


def test_the_twin_is_the_same_network_without_its_se_blocks():
    model, twin = random_network(ARCHITECTURE), random_network(TWIN_ARCHITECTURE)
    shapes = {k: v.shape for k, v in model.state_dict().items() if ".se." not in k}
    assert shapes == {k: v.shape for k, v in twin.state_dict().items()}
