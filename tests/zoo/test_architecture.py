import pytest
import timm
import torch
import torchvision
from networks import randn, random_network
from torch import nn

from seviz.errors import UserError
from seviz.zoo.architecture import (
    check_takes,
    classifier,
    first_convolution,
    make,
    missing_head,
    preprocessing,
    shapes,
    skeleton,
    whole_numbers,
)


@pytest.mark.parametrize("name", ["seresnet18", "torchvision/mobilenet_v3_small"])
def test_an_architecture_is_made_with_outputs_and_channels(name: str):
    model = make(name, classes=5, channels=1).eval()
    with torch.inference_mode():
        assert model(randn(2, 1, 64, 64)).shape == (2, 5)
    _, conv = next((n, m) for n, m in model.named_modules() if isinstance(m, torch.nn.Conv2d))
    assert (conv.in_channels, conv.weight.shape[1]) == (1, 1)


def test_timms_own_network_of_one_channel_has_the_same_shapes():
    theirs = timm.create_model("seresnet18", in_chans=1, num_classes=5, device="meta")
    assert shapes(skeleton("seresnet18", 5, 1)) == shapes(theirs)


def test_the_first_convolution_and_the_classifier_are_found():
    model = skeleton("efficientnet_b0")
    name, conv = first_convolution(model)
    assert (name, conv) == ("conv_stem", model.conv_stem)
    assert classifier(model)[0] == "classifier"
    assert first_convolution(skeleton("tresnet_m")) is None
    with pytest.raises(UserError, match="has no linear layer that tells classes apart"):
        classifier(torch.nn.Sequential(torch.nn.Conv2d(8, 8, 1)))


def test_a_head_is_missing_where_nothing_of_it_is_there():
    model = random_network(torchvision.models.mobilenet_v3_small)
    names = shapes(model)
    head = {f"classifier.{i}.{part}" for i in (0, 3) for part in ("weight", "bias")}
    assert missing_head(model, names) == set()
    assert missing_head(model, names.keys() - head) == head
    last = {"classifier.3.weight", "classifier.3.bias"}
    assert missing_head(model, names.keys() - last) == last
    assert missing_head(model, names.keys() - {"classifier.3.bias"}) == set()


def test_buffers_of_whole_numbers_are_named():
    model = nn.Sequential(nn.BatchNorm2d(2), nn.Linear(2, 2))
    model.register_buffer("at", torch.arange(3))
    assert whole_numbers(model) == {"0.num_batches_tracked", "at"}


def test_the_preprocessing_is_that_of_the_architectures_own_weights():
    assert preprocessing("seresnet18")["input_size"] == (3, 224, 224)
    config = preprocessing("torchvision/efficientnet_b0")
    assert (config["input_size"], config["crop_pct"]) == ((3, 224, 224), 224 / 256)


def test_a_size_that_the_architecture_cannot_take_is_a_sentence():
    check_takes("seresnet18", (3, 64, 96))
    check_takes("seresnet18", (1, 33, 33))
    check_takes("seresnet50_slim", (3, 64, 64))
    with pytest.raises(UserError, match="gcvit_xxtiny can't take images of 8×8 pixels; its own"):
        check_takes("gcvit_xxtiny", (3, 8, 8))


def test_an_unknown_name_gets_near_ones():
    with pytest.raises(UserError, match=r"There is no architecture “seresnet19” .* did you mean"):
        make("seresnet19")
    with pytest.raises(UserError, match=r"“SEResNet50” in .*; did you mean seresnet50 or"):
        make("SEResNet50")
    with pytest.raises(UserError, match=r"“\\x1b\[31ma{71}…” in") as error:
        make("\x1b[31m" + "a" * 9000)
    assert len(str(error.value)) < 200
