from dataclasses import replace

import pytest
import torch
from networks import awake
from torch import Tensor, nn

from seviz.attribution.layers import layer_path, layer_site, plain_layer
from seviz.attribution.maps import attribute
from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.sites import Site
from seviz.records.target import Difference, Gate
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


class Holder(nn.Module):
    """A residual block that returns its features in some form."""

    def __init__(self, form) -> None:
        super().__init__()
        self.inner, self.form = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), SEBlock(8, r=2)), form

    def forward(self, x: Tensor) -> object:
        return self.form(self.inner(x))


class Net(nn.Module):
    """A network of two such blocks; `back` turns their output into features N×C×H×W."""

    def __init__(self, form, back) -> None:
        super().__init__()
        self.stem, self.back = nn.Conv2d(3, 8, 3, padding=1), back
        self.one, self.two = Holder(form), Holder(form)
        self.head, self.num_classes = nn.Linear(8, 5), 5

    def forward(self, x: Tensor) -> Tensor:
        x = self.back(self.one(self.stem(x)))
        logits: Tensor = self.head(self.back(self.two(x)).mean((2, 3)))
        return logits


def loaded(form, back, size=(3, 20, 20)) -> LoadedModel:
    return replace(prepare(wrap("net", awake(lambda: Net(form, back)))), input_size=size)


def same(x):
    return x


FORMS = {
    "N×C×H×W": (same, same, "two"),
    "N×H×W×C": (lambda x: x.permute(0, 2, 3, 1), lambda x: x.permute(0, 3, 1, 2), "two.inner"),
    "several": (lambda x: (x, x.mean()), lambda pair: pair[0], "two.inner"),
    "N×L×C": (
        lambda x: x.flatten(2).transpose(1, 2),
        lambda x: x.transpose(1, 2).unflatten(2, (int(x.shape[1] ** 0.5), -1)),
        "two.inner",
    ),
    "C×N×H×W": (lambda x: x.transpose(0, 1), lambda x: x.transpose(0, 1), "two.inner"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_largest_module_whose_output_is_maps_is_explained(form: str):
    out, back, path = FORMS[form]
    network = loaded(out, back)
    assert layer_path(network, layer_site(network, "")) == path
    assert network.cache[Site] == {"two.inner.1": path}
    image = torch.randn(3, 20, 20, generator=torch.Generator().manual_seed(0)).numpy()
    maps = attribute(network, image, [INTACT, IDENTITY]).maps
    assert maps.shape == (2, 1, 20, 20)
    plain = loaded(same, same)
    expected = attribute(plain, image, [INTACT, IDENTITY]).maps
    torch.testing.assert_close(torch.tensor(maps), torch.tensor(expected))


def test_images_need_not_be_square():
    network = loaded(same, same, size=(3, 20, 40))
    assert layer_path(network, layer_site(network, "")) == "two"
    out, back, path = FORMS["N×H×W×C"]
    network = loaded(out, back, size=(3, 20, 40))
    assert layer_path(network, layer_site(network, "")) == path


def test_a_block_that_is_not_there_is_refused_with_the_last_ones_name():
    network = loaded(same, same)
    assert layer_site(network, "one.inner.1").path == "one.inner.1"
    with pytest.raises(UserError, match=r"no block “three” in net; did you mean two.inner.1"):
        layer_site(network, "three")


def test_a_gate_is_explained_by_the_nearest_block_before_its_own_or_one_before_that(small):
    gate = Gate("SE_4_2", 3)
    assert layer_site(small, "", before=gate).name == "SE_4_1"
    assert layer_site(small, "SE_2_1", before=gate).name == "SE_2_1"
    assert layer_site(small, "", before=Difference(1, 0)) == small.probe.sites[-1]


@pytest.mark.parametrize("later", ["SE_4_2", "SE_5_1"])
def test_features_that_come_after_a_gate_cannot_explain_it(small, later: str):
    with pytest.raises(UserError) as raised:
        layer_site(small, later, before=Gate("SE_4_2", 3))
    assert str(raised.value) == (
        f"The features at the end of {later} come after the gate SE_4_2[3]; choose a block before "
        "SE_4_2, the nearest is SE_4_1."
    )


def test_before_the_first_blocks_gates_there_are_no_features_of_blocks(small):
    with pytest.raises(UserError, match="SE_2_1 is the first block, so no block's features lie"):
        layer_site(small, "", before=Gate("SE_2_1", 3))


def plain(make) -> LoadedModel:
    return prepare(replace(wrap("plain", awake(make)), has_gates=False), plain=True)


def test_without_se_the_last_stage_of_convolutions_is_explained():
    resnet = plain("resnet18")
    assert plain_layer(resnet) == "layer4"
    image = torch.zeros(resnet.input_size).numpy()
    found = attribute(resnet, image, [INTACT], target=0)
    assert (found.layer, found.maps.shape) == ("layer4", (1, 1, *resnet.input_size[1:]))


def test_without_se_no_block_can_be_named_and_without_convolutions_nothing_explained():
    with pytest.raises(UserError, match="has no SE block, so no block can be chosen in it"):
        plain_layer(plain("resnet18"), "SE_4_2")

    class Linear(nn.Module):
        num_classes = 2

        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(3 * 8 * 8, 2)

        def forward(self, x: Tensor) -> Tensor:
            logits: Tensor = self.head(x.flatten(1))
            return logits

    with pytest.raises(UserError, match="has no stage of convolutions to explain"):
        plain_layer(replace(plain(Linear), input_size=(3, 8, 8)))
