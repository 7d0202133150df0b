import torch
from networks import random_network

from seviz.zoo.memory_digest import digest_of


def test_equal_weights_have_one_digest_and_others_another():
    first, second = (random_network("lab_resnet_se") for _ in range(2))
    assert digest_of(first) == digest_of(second)
    assert digest_of(random_network("lab_resnet_se", seed=1)) != digest_of(first)
    assert digest_of(first.to(memory_format=torch.channels_last)) == digest_of(second)


def test_a_change_of_a_weight_or_a_statistic_is_seen():
    model = random_network("lab_resnet_se")
    seen = [digest_of(model), digest_of(model)]
    with torch.no_grad():
        next(model.parameters()).add_(1)
    seen.append(digest_of(model))
    next(model.buffers()).add_(1)
    seen.append(digest_of(model))
    model.load_state_dict(random_network("lab_resnet_se").state_dict())
    seen.append(digest_of(model))
    assert seen[0] == seen[1] == seen[4]
    assert len({*seen}) == 3
