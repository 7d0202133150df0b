import numpy as np
import torch

from seviz.faithfulness.controls import edge_map, random_map, randomise
from seviz.zoo.models import load_twin


def test_edges_are_where_the_photograph_changes():
    seen = np.zeros((20, 20, 3), np.uint8)
    seen[:, 10:] = 200
    edges = edge_map(seen)
    assert edges.shape == (20, 20)
    assert set(np.flatnonzero(edges[10]).tolist()) == {9, 10}


def test_random_maps_follow_from_their_seed():
    assert (random_map(4, 5, 1) == random_map(4, 5, 1)).all()
    assert (random_map(4, 5, 1) != random_map(4, 5, 2)).any()


def test_randomised_weights_are_the_same_numbers_elsewhere(small):
    other = randomise(small, seed=1)
    for ours, theirs in ((small.model.conv1, other.model.conv1), (small.model.fc, other.model.fc)):
        assert (ours.weight != theirs.weight).any()
        assert torch.equal(ours.weight.flatten().sort()[0], theirs.weight.flatten().sort()[0])
    again = randomise(small, seed=1)
    assert torch.equal(other.model.fc.weight, again.model.fc.weight)
    assert other.probe is small.probe


def test_a_loaded_twin_is_shuffled_too_and_stays_as_it_was(zoo):
    loaded = zoo.get("embedded")
    twin = load_twin(loaded)
    other = load_twin(randomise(loaded, seed=1))
    assert load_twin(loaded) is twin
    assert (other.fc.weight != twin.fc.weight).any()
    assert torch.equal(other.fc.weight.flatten().sort()[0], twin.fc.weight.flatten().sort()[0])


def test_a_random_map_is_of_the_normal_distribution():
    drawn = random_map(100, 100)
    assert (drawn.shape, drawn.dtype) == ((100, 100), np.float32)
    assert abs(drawn.mean()) < 0.05  # its standard error is 0.01
    assert abs(drawn.std() - 1) < 0.05


def test_shuffling_leaves_norms_biases_and_the_network_itself_alone(small):
    before = small.model.fc.weight.clone()
    other = randomise(small)
    assert torch.equal(small.model.fc.weight, before)
    assert torch.equal(other.model.bn1.weight, small.model.bn1.weight)
    assert torch.equal(other.model.fc.bias, small.model.fc.bias)
