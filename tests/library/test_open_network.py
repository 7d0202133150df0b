import pytest
from made_module import CLASSES, wrapped
from networks import random_network
from odd_blocks import BLOCKS, CHANNELS, Softmax
from odd_blocks import network as odd_network
from safetensors.torch import save_file
from timm.layers import EcaModule

import seviz


def test_it_says_what_it_is():
    with wrapped(labels=CLASSES, name="mine") as network:
        assert [block.name for block in network.blocks] == ["se1", "se2"]
        assert (network.labels, network.input_size, network.title) == (CLASSES, (3, 16, 16), "mine")
        assert repr(network).endswith("mine: 2 SE blocks, 3 classes, images 3×16×16>")
        assert network.loaded.key == network.source.key == network.key
    assert repr(network) == "<seviz.Network mine: closed>"
    for name in ("blocks", "labels", "input_size", "loaded", "source", "title"):
        with pytest.raises(seviz.UserError, match="is closed; open it again"):
            getattr(network, name)


def test_a_network_of_the_catalogue_is_closed_for_its_holder_alone():
    first, second = seviz.load("embedded"), seviz.load("embedded")
    first.close()
    with pytest.raises(seviz.UserError, match="“embedded” is closed"):
        _ = first.blocks
    assert len(second.blocks) == 16


def test_relatives_are_not_called_se_and_what_is_not_clear_is_told():
    with seviz.wrap(odd_network(lambda: EcaModule(CHANNELS), Softmax), input_size=12) as network:
        assert " 1 block, 5 classes" in repr(network)
        assert [site.kind for site in network.blocks] == ["ECA"]
        assert network.unclear == ("layer1.1 has a softmax between its squeeze and its gates",)


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)
def test_a_module_of_any_code_is_opened_and_asked_and_given_back(kind, photo):
    module = odd_network(kind, kind).train()
    with seviz.wrap(module, input_size=12) as network:
        traced = network.trace(photo, arms=["intact", "SE_2_1=1"])
        arrays = traced.to_arrays()
        assert arrays["s/SE_2_1"].shape == (2, CHANNELS)
        assert (arrays["s/SE_2_1"][1] == 1).all()
        blocks = network.necessity(photo).to_dict()["blocks"]
        assert [block["name"] for block in blocks] == ["SE_2_1", "SE_2_2"]
    assert module.training
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in module.modules())


def test_a_closed_network_is_named_as_it_was_opened(tmp_path):
    own = wrapped(name="My net")
    own.close()
    assert (own.key, repr(own)) == ("My-net", "<seviz.Network My net: closed>")
    file = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), file)
    for network, name in (
        (own, "My net"),
        (seviz.load("seresnet50_slim"), "seresnet50_slim"),
        (seviz.load(file, "seresnet18"), "mine.safetensors"),
    ):
        network.close()
        with pytest.raises(seviz.UserError, match=rf"^The network “{name}” is closed; open it"):
            _ = network.source
