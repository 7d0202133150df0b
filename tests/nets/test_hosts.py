import pytest
import torch
from networks import randn, random_network
from torch import nn

from seviz.nets.block import SEBlock
from seviz.nets.hosts import HOSTS, GatedTransform, Host, init_weights, insert_se
from seviz.nets.variants import PLAIN, Variant


def test_a_place_is_given_its_channels():
    host = Variant("vgg", PLAIN).build(2)
    insert_se(host, SEBlock, stages=(5,))
    kinds = [type(unit.se) for stage in host.stages for unit in host.stage(stage).children()]
    assert kinds == [nn.Identity] * 5 + [SEBlock] * 2


# Of each stage, by the article's count: the channels of its units, and the side of its maps.
PLANS = {
    "vgg": {1: ([16], 64), 2: ([32], 32), 3: ([64], 16), 4: ([96] * 2, 8), 5: ([128] * 2, 4)},
    "inception": {3: ([64, 112], 16), 4: ([160, 224], 8), 5: ([256, 288], 4)},
    "resnet": {2: ([32] * 2, 32), 3: ([64] * 2, 16), 4: ([128] * 2, 8), 5: ([256] * 2, 4)},
}


@pytest.mark.parametrize("name", HOSTS)
@torch.inference_mode()
def test_stages_have_their_units_channels_and_sides(name: str):
    host = random_network(lambda: HOSTS[name](num_classes=7)).eval()
    shapes = {}

    def seen(stage: int):
        return lambda _, inputs, output: shapes.update({stage: tuple(output.shape)})

    for stage in host.stages:
        host.stage(stage).register_forward_hook(seen(stage))
    assert host(randn(2, 3, 64, 64)).shape == (2, 7)
    plan = PLANS[name]
    assert host.stages == tuple(plan)
    for stage, (channels, side) in plan.items():
        assert [unit.se_channels for unit in host.stage(stage).children()] == channels
        assert shapes[stage] == (2, channels[-1], side, side)
    assert host.num_features == channels[-1]
    assert (host.num_classes, host.fc.out_features) == (7, 7)


def test_a_place_for_se_lies_behind_the_whole_transformation():
    unit = GatedTransform(nn.Conv2d(1, 1, 1, bias=False), 1)
    unit.transform.weight.data.fill_(3.0)
    x = randn(1, 1, 2, 2)
    torch.testing.assert_close(unit(x), 3 * x)
    unit.se = nn.Hardtanh(-1, 1)
    torch.testing.assert_close(unit(x), (3 * x).clamp(-1, 1))


def test_answers_are_the_classifiers_of_the_mean_over_all_positions():
    host = Host(nn.Identity(), {2: [nn.Identity()]}, 3, num_classes=2)
    x = randn(2, 3, 4, 4)
    assert host.stage(2) is host.layer1
    torch.testing.assert_close(host.forward_features(x), x)
    expected = x.mean((2, 3)) @ host.fc.weight.T + host.fc.bias
    torch.testing.assert_close(host(x), expected)


def test_a_pooled_stage_begins_with_the_maximum_of_each_2_by_2():
    class Pooled(Host):
        pooled = (2,)

    host, x = Pooled(nn.Identity(), {2: [nn.Identity()]}, 1, num_classes=2), randn(1, 1, 4, 4)
    by_hand = [[x[0, 0, i : i + 2, j : j + 2].max() for j in (0, 2)] for i in (0, 2)]
    assert host.forward_features(x)[0, 0].tolist() == [[float(v) for v in row] for row in by_hand]


def test_convolutions_have_hes_variance_by_their_outputs():
    host = random_network(lambda: HOSTS["vgg"]())
    last = host.layer4[1].transform.conv.weight  # 128×128×3×3
    with torch.random.fork_rng():
        init_weights(host)
    assert last.std().item() == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.02)


def test_se_is_put_into_the_stages_that_are_named_or_all():
    host = HOSTS["resnet"](num_classes=2)
    given: list[int] = []

    def make(channels: int) -> nn.Module:
        given.append(channels)
        return nn.Tanh()

    insert_se(host, make, stages=(3,))
    assert given == [64, 64]
    kinds = {s: {type(u.se) for u in host.stage(s).children()} for s in host.stages}
    assert kinds == {2: {nn.Identity}, 3: {nn.Tanh}, 4: {nn.Identity}, 5: {nn.Identity}}
    insert_se(host, make)
    assert given[2:] == [32, 32, 64, 64, 128, 128, 256, 256]


def test_the_weights_of_gates_alone_are_not_decayed():
    host = HOSTS["vgg"](num_classes=2)
    assert host.no_weight_decay() == set()
    insert_se(host, lambda channels: nn.Linear(channels, channels), stages=(1,))
    assert host.no_weight_decay() == {"layer0.0.se.weight", "layer0.0.se.bias"}


def test_a_shortcut_is_projected_only_where_the_shape_changes():
    host = HOSTS["resnet"](num_classes=2)
    projected = {
        stage: [unit.downsample is not None for unit in host.stage(stage).children()]
        for stage in host.stages
    }
    assert projected == {2: [False, False], **{stage: [True, False] for stage in (3, 4, 5)}}
