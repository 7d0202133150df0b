import torch

from seviz.zoo.example_image import example_image


def test_the_example_is_the_same_noise_each_time_of_the_size_that_is_asked():
    one, other = (example_image((1, 5, 7), torch.device("cpu")) for _ in range(2))
    assert one.shape == (1, 1, 5, 7)
    assert torch.equal(one, other)
    assert one.std() > 0.5
