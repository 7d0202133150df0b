import numpy as np
import torch
from networks import randn

from seviz.nets.scale import ChannelScale


def test_each_channel_is_multiplied_by_its_own_factor():
    scale, u = ChannelScale(3), randn(2, 3, 4, 5)
    assert torch.equal(scale(u), u)
    scale.scale.copy_(torch.tensor([0.5, -2.0, 0.0]))
    expected = u.numpy() * np.float32([0.5, -2.0, 0.0])[:, None, None]
    np.testing.assert_array_equal(scale(u).numpy(), expected)


def test_features_without_places_are_scaled_too_and_the_factors_are_saved_but_not_trained():
    scale = ChannelScale(2)
    scale.scale.copy_(torch.tensor([3.0, 4.0]))
    assert scale(torch.ones(1, 2)).tolist() == [[3.0, 4.0]]
    assert list(scale.state_dict()) == ["scale"]
    assert list(scale.parameters()) == []
