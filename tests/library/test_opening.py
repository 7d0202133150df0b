"""Networks are opened by name, from a file, or as a module, which stays its owner's."""

import gc

import numpy as np
import pytest
import torch
from made_module import CLASSES, SIDE, expected_logits, hooks, module, pixels, state, wrapped
from networks import random_network
from odd_blocks import Softmax
from odd_blocks import network as odd_network
from safetensors.torch import save_file

import seviz
from seviz.passes.dispatch import ZOO
from seviz.zoo.catalogue import all_keys


def test_a_network_of_the_catalogue_is_opened_by_any_of_its_names():
    network = seviz.load("seresnet50_slim")
    assert network.key == "embedded"
    assert repr(network) == (
        "<seviz.Network SE-ResNet-50 slim · embedded: 16 SE blocks, 200 classes, images 3×64×64>"
    )
    assert network.opened == "seviz.load('seresnet50_slim')"


def test_a_file_of_weights_is_opened_with_what_is_said_about_it(tmp_path):
    file = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), file)
    (tmp_path / "names.txt").write_text("a\nb\nc")
    said = {"labels": tmp_path / "names.txt", "input_size": (64, 64), "mean": (0.5,)}
    network = seviz.load(file, "seresnet18", **said)
    assert (network.labels, network.input_size) == (("a", "b", "c"), (3, 64, 64))
    assert network.opened.startswith(f"seviz.load('{file}', architecture='seresnet18', labels='")
    assert network.trace(pixels(), arms=["intact"]).trace.model == network.key
    with pytest.raises(
        seviz.UserError, match=r"Give the architecture of mine\.safetensors too: architecture="
    ):
        seviz.load(file)


@pytest.mark.parametrize("word", ["architecture", "head", "labels"])
def test_what_is_about_a_file_is_refused_without_one(word: str):
    with pytest.raises(seviz.UserError, match=f"^{word} is about a file of weights, which ends"):
        seviz.load("embedded", **{word: "softmax"})


def test_a_module_gives_the_answers_that_it_gives_alone():
    ours = module()
    with seviz.wrap(ours, input_size=SIDE) as network:
        record = network.trace(pixels(), arms=["intact"]).trace
    np.testing.assert_allclose(record.logits[0], expected_logits(ours, record.image), atol=1e-5)
    assert record.s["se1"].shape == (1, 8)


def of_close(network: seviz.Network) -> None:
    network.close()


def of_with(network: seviz.Network) -> None:
    with network:
        network.trace(pixels())


def of_error(network: seviz.Network) -> None:
    with pytest.raises(ZeroDivisionError), network:
        raise ZeroDivisionError


@pytest.mark.parametrize("end", [of_close, of_with, of_error])
def test_a_closed_module_is_as_it_was(end):
    ours = module()
    ours.se2.eval()
    ours.head.weight.requires_grad_(False)
    before = state(ours)
    network = seviz.wrap(ours, input_size=SIDE)
    network.attribute(pixels(), ["gradcam", "guided_backprop"], arms=["intact", "se2=0"])
    assert hooks(ours) > 0
    assert not any(m.training for m in ours.modules())
    end(network)
    assert state(ours) == before
    assert network.key not in all_keys()
    with pytest.raises(seviz.UserError, match=r"The network “Classifier.*” is closed; open it ag"):
        network.trace(pixels())
    network.close()  # again


def test_a_module_is_as_it_was_once_its_network_is_no_longer_used():
    ours = module()
    before = state(ours)
    network = seviz.wrap(ours, input_size=SIDE)
    key, result = network.key, network.trace(pixels())
    del network
    gc.collect()
    assert state(ours) == before
    assert key not in all_keys()
    assert result.to_dict()["model"] == key  # results outlive their network


def test_a_module_that_is_refused_is_as_it_was():
    ours = module()
    before = state(ours)
    for wrong in ({"labels": ["one"]}, {"input_size": 50}, {"head": "linear"}, {"transform": 3}):
        with pytest.raises(seviz.UserError):
            seviz.wrap(ours, **{"input_size": SIDE, **wrong})
        assert state(ours) == before


def test_a_module_that_is_opened_twice_is_given_back_with_the_last():
    ours = module()
    before = state(ours)
    first = seviz.wrap(ours, input_size=SIDE)
    second = seviz.wrap(ours, input_size=SIDE)
    assert first.key != second.key
    first.close()
    assert not ours.training
    assert second.trace(pixels(), arms=["intact"]).trace.s["se2"].shape == (1, 16)
    second.close()
    assert state(ours) == before


def test_a_module_that_is_open_is_kept_however_little_memory_there_is(monkeypatch):
    monkeypatch.setattr(ZOO, "_max_bytes", 1)
    with wrapped() as network:
        loaded = network.loaded
        seviz.load("embedded").trace(pixels())
        assert network.loaded is loaded


def test_names_and_heads_are_taken_as_they_are_said(tmp_path):
    network = wrapped(labels=CLASSES, name="my <net>/1", head="sigmoid")
    assert (network.labels, network.title, network.key) == (CLASSES, "my <net>/1", "my-net-1")
    assert network.loaded.head == "sigmoid"
    assert network.opened == (
        "seviz.wrap(module, labels=['disc', 'square', 'stripe'], input_size=16, head='sigmoid', "
        "name='my <net>/1')"
    )
    assert wrapped().labels == ("class 0", "class 1", "class 2")


def test_one_output_is_a_probability_of_its_own():
    with seviz.wrap(module(classes=1), input_size=SIDE) as network:
        assert network.loaded.head == "sigmoid"
        assert 0 < network.trace(pixels(), arms=["intact"]).trace.probabilities[0, 0] < 1


def test_a_module_of_grey_images_gets_them():
    with seviz.wrap(module(channels=1), input_size=SIDE) as network:
        assert network.input_size == (1, SIDE, SIDE)
        record = network.trace(pixels(), arms=["intact"]).trace
        assert record.image.shape == (1, SIDE, SIDE)


def test_a_key_is_not_given_twice():
    first = wrapped(name="embedded")
    assert (first.key, first.title) == ("embedded-2", "embedded")
    first.close()
    assert wrapped(name="embedded").key not in ("embedded", "embedded-2")


def test_what_is_no_module_is_a_sentence():
    with pytest.raises(seviz.UserError, match=r"^seviz\.wrap takes a torch\.nn\.Module, not str"):
        seviz.wrap("embedded")


QUESTIONS = {
    "trace": lambda network: network.trace(pixels()),
    "static": lambda network: network.trace(pixels(), ["static"]),
    "record": lambda network: seviz.trace(network, pixels(), [seviz.INTACT]),
    "attribute": lambda network: network.attribute(pixels()),
    "necessity": lambda network: network.necessity(pixels()),
    "channels": lambda network: network.channels(pixels()),
    "compare": lambda network: network.compare(pixels(), pixels(1)),
    "change": lambda network: network.compare(pixels(), change="jigsaw"),
    "profile": lambda network: network.profile([pixels()], quiet=True),
    "use": lambda network: network.use("profile.safetensors"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_module_without_se_is_open_for_comparing_alone(question):
    plain = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 1), torch.nn.Flatten())
    with seviz.wrap(plain, input_size=4, name="plain") as network:
        assert (network.blocks, network.unclear) == ((), ())
        assert repr(network) == "<seviz.Network plain: no SE block, 32 classes, images 3×4×4>"
        assert network.key not in all_keys()
        with pytest.raises(seviz.UserError) as refused:
            QUESTIONS[question](network)
        assert str(refused.value) == (
            "plain has no Squeeze-and-Excitation block; choose a network with SE blocks, such as "
            "an SE-ResNet, or compare this one with another network. If it has a block that seviz "
            "does not see, say where its parts are before you open it: "
            'seviz.register(MySE, first="…", second="…", gate="…").'
        )
    assert hooks(plain) == 0


def test_a_block_that_is_none_for_sure_is_named_where_gates_are_asked_about():
    with seviz.wrap(odd_network(Softmax), input_size=12, name="odd") as network:
        assert network.blocks == ()
        assert network.unclear == ("layer1.0 has a softmax between its squeeze and its gates",)
        with pytest.raises(
            seviz.UserError, match=r"one for sure: layer1\.0 .* seviz\.register\(Sof"
        ):
            network.trace(pixels())


def test_networks_without_se_are_opened_by_name_and_from_a_file(tmp_path):
    assert repr(seviz.load("lab_vgg")).endswith(": no SE block, 20 classes, images 3×64×64>")
    file = tmp_path / "plain.safetensors"
    save_file(random_network("resnet18", num_classes=3).state_dict(), file)
    plain = seviz.load(file, "resnet18", input_size=(64, 64))
    assert (plain.blocks, len(plain.labels)) == ((), 3)
    with pytest.raises(
        seviz.UserError, match=r"^plain\.safetensors · resnet18 has no Squeeze-and-"
    ):
        plain.trace(pixels())


@pytest.mark.parametrize("name", ["own.pth", "runs/Best.CKPT"])
def test_of_a_file_of_torch_it_is_said_what_turns_it_into_weights(name: str):
    with pytest.raises(seviz.UserError, match="file; `seviz convert` makes one"):
        seviz.load(name)
