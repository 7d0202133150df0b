from pathlib import Path

import pytest
import torch
from made_folded import (
    BLOCKS,
    PATHS,
    made_description,
    made_weights,
    write_folded,
)
from networks import randn
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from seviz.errors import UserError
from seviz.nets.scale import ChannelScale
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo import catalogue
from seviz.zoo.architecture import parameters_of_torchvision
from seviz.zoo.folded import open_weights
from seviz.zoo.models import build_network, load
from seviz.zoo.settings import Settings

ALL = {"removed": PATHS, "scaled": ()}


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    return made_weights(made_description())


@pytest.fixture
def file(weights, tmp_path: Path) -> Path:
    return write_folded(tmp_path / "f.safetensors", weights, made_description())


def test_the_file_alone_says_what_it_is(file: Path, weights):
    source = open_weights(file, "")
    assert (source.architecture, source.classes, source.has_gates) == ("seresnet18", 3, True)
    assert source.title == "f.safetensors · seresnet18, folded: SE_5_1 and SE_5_2 static"
    assert (source.labels, source.folders) == (("ant", "bee", "cat"), ("n1", "n2", "n3"))
    assert source.config["input_size"] == (3, 64, 64)
    assert source.config["mean"] == (0.5, 0.5, 0.5)
    assert source.notes == (
        "f.safetensors is seresnet18 with the static gates of SE_5_1 and SE_5_2 folded in, at 1 of "
        "them as a fixed scale, from made.",
    )
    model = build_network(source)
    assert type(model.get_submodule(PATHS[-1])) is ChannelScale
    assert type(model.get_submodule(PATHS[-2])) is nn.Identity
    assert source.figures.parameters == sum(p.numel() for p in model.parameters())
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())


def test_the_blocks_that_it_still_has_are_opened(file: Path, photo: Image.Image):
    key = catalogue.add_checkpoint(open_weights(file, ""))
    record = ask(trace, key, photo, [INTACT, IDENTITY])
    assert [site.name for site in record.sites] == list(BLOCKS[:6])
    assert record.labels == ("ant", "bee", "cat")


def test_without_se_it_is_measured_like_a_twin_and_not_opened(tmp_path: Path):
    description = made_description(8, **ALL)
    path = write_folded(tmp_path / "f.safetensors", made_weights(description), description)
    source = open_weights(path, "")
    assert not source.has_gates
    assert source.column == "folded: all 8 blocks static"
    assert source.notes[0].endswith("from made. It has no SE block left.")
    key = catalogue.add_checkpoint(source)
    assert key not in catalogue.all_keys()
    assert build_network(catalogue.find(key))(randn(1, 3, 64, 64)).shape == (1, 3)
    with pytest.raises(UserError, match=r"no SE block left, .* --beside opens it beside .*, made,"):
        load(key)


def test_what_people_say_about_it_holds(file: Path, tmp_path: Path):
    (tmp_path / "names.txt").write_text("x\ny\nz\n")
    settings = Settings(tmp_path / "names.txt", "sigmoid", (32,), (0.1,), (0.2,))
    source = open_weights(file, "seresnet18", settings)
    assert (source.labels, source.head) == (("x", "y", "z"), "sigmoid")
    assert source.config["input_size"] == (3, 32, 32)
    assert source.config["mean"] == (0.1,) * 3


def test_a_contradicting_architecture_gets_one_sentence(file: Path):
    with pytest.raises(UserError, match="was folded from seresnet18, not from seresnet34; leave"):
        open_weights(file, "seresnet34")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"architecture": "seresnet19"}, "no architecture “seresnet19” in timm or torchvision"),
        ({"architecture": "resnet18"}, "resnet18 has no Squeeze-and-Excitation block"),
        ({"architecture": "torchvision/regnet_y_128gf"}, "has 644,812,894 parameters; get the"),
        ({"removed": ("layer4.9.se",)}, "lacks the SE block layer4.9.se, which seresnet18 does"),
        ({"removed": ("layer4.0.conv1",)}, "lacks the SE block layer4.0.conv1, which"),
        ({"removed": ("",)}, "“removed” is a list of texts"),
        ({"removed": ("../../x",)}, "lacks the SE block ../../x"),
        ({"removed": (PATHS[-1],)}, "lacks the SE block layer4.1.se, in two ways"),
        ({"scaled": ((PATHS[-1], 10**15),)}, "says that layer4.1.se has 1000000000000000 channels"),
        ({"scaled": ((PATHS[-1], -1),)}, "says that layer4.1.se has -1 channels"),
        ({"blocks": ("SE_5_1",)}, "does not name the blocks whose places it lists"),
        ({"blocks": (), "removed": (), "scaled": ()}, "does not name the blocks"),
        ({"labels": ("a", "b")}, "has 2 labels for 3 classes"),
        ({"folders": ("a", "b")}, "has 2 folders for 3 classes"),
        ({"removed": PATHS[-3:-1], "blocks": BLOCKS[-3:]}, "it holds 4 that the architecture does"),
        ({"removed": (), "blocks": BLOCKS[-1:]}, "it lacks 4 of the architecture's tensors"),
    ],
)
def test_a_wrong_description_gets_one_sentence(weights, tmp_path: Path, changes, says: str):
    path = write_folded(tmp_path / "f.safetensors", weights, made_description(**changes))
    with pytest.raises(UserError, match=says) as error:
        open_weights(path, "")
    assert "\n" not in str(error.value)


def test_other_weights_get_one_sentence(weights, tmp_path: Path):
    for name, value, says in (
        ("bn1.weight", None, "it lacks 1 of the architecture's tensors: bn1.weight"),
        ("more", torch.ones(1), "it holds 1 that the architecture does not have: more"),
        (f"{PATHS[-1]}.scale", torch.ones(9), "it holds 1 of another shape: layer4.1.se.scale"),
        ("bn1.weight", torch.full((64,), torch.nan), "bn1.weight holds NaN"),
        ("fc.weight", None, "has no head, which a folded network has"),
        ("fc.bias", None, "it lacks 1 of the architecture's tensors: fc.bias"),
    ):
        odd = {k: v for k, v in {**weights, name: value}.items() if v is not None}
        path = write_folded(tmp_path / "f.safetensors", odd, made_description())
        with pytest.raises(UserError, match=says):
            open_weights(path, "")
    bare = {k: v for k, v in weights.items() if not k.startswith("fc.")}
    path = write_folded(tmp_path / "f.safetensors", bare, made_description())
    with pytest.raises(UserError, match="has no head, which a folded network has"):
        open_weights(path, "")


def test_a_pickle_or_a_damaged_file_gets_one_sentence(file: Path, tmp_path: Path):
    torch.save({"a": torch.ones(1)}, tmp_path / "p.safetensors")
    with pytest.raises(UserError, match="is a pickle, which may run any program"):
        open_weights(tmp_path / "p.safetensors", "")
    (tmp_path / "half").write_bytes(file.read_bytes()[:-100])
    with pytest.raises(UserError, match="is not a safetensors file, or is damaged"):
        open_weights(tmp_path / "half", "")


def test_other_weights_are_opened_as_before(weights, tmp_path: Path):
    path = tmp_path / "f.safetensors"
    write_folded(path, weights, {})
    with pytest.raises(UserError, match="it is of version None"):
        open_weights(path, "seresnet18")
    path.write_bytes(b"nothing")
    with pytest.raises(UserError, match="is not a safetensors file, or is damaged"):
        open_weights(path, "")
    save_file(weights, path)
    with pytest.raises(
        UserError, match=r"Give the architecture of f\.safetensors too: --arch ARCH"
    ):
        open_weights(path, "")


def test_one_output_has_no_softmax_and_grey_images_have_one_mean(tmp_path: Path):
    description = made_description(labels=None, folders=None)
    weights = made_weights(description)
    one = weights | {"fc.weight": weights["fc.weight"][:1], "fc.bias": weights["fc.bias"][:1]}
    path = write_folded(tmp_path / "f.safetensors", one, description)
    with pytest.raises(UserError, match="has one output, whose softmax is always 100 %"):
        open_weights(path, "")
    grey = weights | {"conv1.weight": weights["conv1.weight"][:, :1].contiguous()}
    path = write_folded(tmp_path / "f.safetensors", grey, description)
    with pytest.raises(UserError, match="normalises other channels than the 1 that it reads"):
        open_weights(path, "")


def test_names_of_a_single_or_many_blocks(tmp_path: Path):
    description = made_description(5)
    path = write_folded(tmp_path / "f.safetensors", made_weights(description), description)
    assert open_weights(path, "").column == "folded: SE_3_2 and 4 more static"
    description = made_description(tuned="for 2 minutes on d")
    path = write_folded(tmp_path / "f.safetensors", made_weights(description), description)
    source = open_weights(path, "")
    assert source.column == "folded: SE_5_1 and SE_5_2 static, tuned"
    assert source.notes[0].endswith("from made. It was tuned: for 2 minutes on d.")


def test_parameters_of_torchvision_are_known_without_making_it():
    assert parameters_of_torchvision("torchvision/regnet_y_128gf") == 644_812_894
    assert parameters_of_torchvision("mobilenet_v3_small") == 2_542_856
    assert parameters_of_torchvision("seresnet18") == parameters_of_torchvision("none") == 0
