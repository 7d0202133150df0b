import torch
from networks import randn
from torch import nn

from seviz.gates.tensors import in_usual_order, norm_shift


def test_images_of_any_order_of_memory_get_the_usual_one():
    for channels in (1, 3):
        image = randn(1, channels, 4, 4).to(memory_format=torch.channels_last)
        (given, kept) = in_usual_order(nn.Identity(), (image, torch.zeros(1)))
        assert torch.equal(given, image)
        assert given.stride() == (channels * 16, 16, 4, 1)
        assert kept.shape == (1,)


def test_a_shift_is_in_stored_standard_deviations():
    norm = nn.BatchNorm2d(2, eps=0)
    norm.running_var.copy_(torch.tensor([4.0, 1.0]))
    x = torch.zeros(2, 2, 3, 3)
    x[1, 0], x[1, 1] = 2, 3  # one deviation of the first channel, three of the second
    assert norm_shift(norm, x).tolist() == [0, 2]
