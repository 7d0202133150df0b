import json
from functools import partial
from pathlib import Path

import pytest
import timm
import torch
import torchvision
from networks import random_network
from PIL import Image
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo import catalogue, models
from seviz.zoo.checkpoint import open_checkpoint

ARCHITECTURES = {  # as typed: the same network, with 7 classes
    **{
        name: partial(timm.create_model, name, num_classes=7)
        for name in ("efficientnet_b0", "mobilenetv3_small_050", "regnety_002", "legacy_seresnet18")
    },
    "mobilenet_v3_small": lambda: torchvision.models.mobilenet_v3_small(num_classes=7),
    "torchvision/efficientnet_b0": lambda: torchvision.models.efficientnet_b0(num_classes=7),
    "regnet_y_400mf": lambda: torchvision.models.regnet_y_400mf(num_classes=7),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), path)
    return path


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_any_architecture_with_se_blocks_opens(architecture: str, tmp_path: Path):
    model = random_network(ARCHITECTURES[architecture], seed=1).eval()
    save_file(model.state_dict(), tmp_path / "mine.safetensors")
    key = catalogue.add_checkpoint(open_checkpoint(tmp_path / "mine.safetensors", architecture))
    entry = catalogue.find(key).entry()
    assert entry.parameters == sum(p.numel() for p in model.parameters())
    assert (entry.source, entry.origin, entry.cached) == ("checkpoint", "mine.safetensors", True)
    size = catalogue.find(key).file.stat().st_size
    assert (entry.size, entry.classes, entry.twin) == (size, 7, None)
    loaded = models.load(key)
    x = loaded.prepare(Image.new("RGB", (300, 280), "teal"))
    assert x.shape == (1, *entry.input_size)
    with torch.inference_mode():
        expected = model(x)
        with loaded.probe.ask([INTACT]):
            torch.testing.assert_close(loaded.model(x), expected, rtol=1e-4, atol=1e-5)
    assert loaded.labels == tuple(f"class {i}" for i in range(7))


def test_it_is_asked_like_every_other_network(file: Path, photo: Image.Image):
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet18"))
    assert key in catalogue.all_keys()
    assert catalogue.find(key).title == "mine.safetensors · seresnet18"
    record = ask(trace, key, photo, [INTACT, IDENTITY])
    assert record.logits.shape == (2, 3)
    assert record.sites[0].name == "SE_2_1"


def test_names_of_its_classes_stand_beside_it(file: Path):
    names = "\ufeffcat\r\ndog\r\nfüchse\r\n\r\n"
    file.with_suffix(".txt").write_bytes(names.encode())
    assert open_checkpoint(file, "seresnet18").labels == ("cat", "dog", "füchse")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (b"cat\ndog\n", "names 2 different classes on 2 lines .* has 3"),
        (b"cat\ndog\ndog\n", "names 2 different classes on 3 lines"),
        (b"cat\n\ndog\n", "names 3 different classes on 3 lines"),
        ("füchse".encode("latin-1"), "can't be read; names of classes are UTF-8 text"),
    ],
)
def test_names_that_do_not_fit_get_one_sentence(file: Path, names: bytes, says: str):
    file.with_suffix(".txt").write_bytes(names)
    with pytest.raises(UserError, match=rf"mine\.txt {says}"):
        open_checkpoint(file, "seresnet18")


def test_half_precision_opens_as_single(file: Path):
    weights = random_network("seresnet18", num_classes=3).half().state_dict()
    save_file(weights, file)
    model = open_checkpoint(file, "seresnet18").build()
    assert torch.equal(model.fc.weight, weights["fc.weight"].float())


def test_images_are_matched_to_its_names_not_to_their_alphabet(file: Path, tmp_path: Path, capsys):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    weights["fc.weight"].zero_()
    weights["fc.bias"].copy_(torch.tensor([1.0, 0.0, 0.0]))  # whatever it sees is a fox
    save_file(weights, file)
    file.with_suffix(".txt").write_text("fox\ncat\ndog\n")
    for name, count in (("cat", 1), ("dog", 1), ("fox", 4)):
        (tmp_path / "val" / name).mkdir(parents=True)
        for i in range(count):
            Image.new("RGB", (9, 9), (i, 0, 0)).save(tmp_path / "val" / name / f"{i}.png")
    command = ["evaluate", "--checkpoint", str(file), "--arch", "seresnet18", "--json"]
    assert main([*command, "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["top1"] == 4 / 6
    file.with_suffix(".txt").write_text("fox\ncat\nhog\n")
    assert main([*command, "--data", str(tmp_path)]) == 2
    assert "class folder dog is not one of the network's" in capsys.readouterr().err


def test_weights_without_step_counters_open_too(file: Path):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    save_file({k: v for k, v in weights.items() if "num_batches" not in k}, file)
    model = open_checkpoint(file, "seresnet18").build()
    assert torch.equal(model.fc.weight, weights["fc.weight"])


def test_a_file_that_changed_since_it_was_opened_is_refused(file: Path):
    checkpoint = open_checkpoint(file, "seresnet18")
    save_file(random_network("seresnet34", num_classes=3).state_dict(), file)  # has all of it too
    with pytest.raises(UserError, match=r"mine\.safetensors does not fit seresnet18: layer1\.2\."):
        checkpoint.build()


@pytest.mark.parametrize(
    ("architecture", "says"),
    [
        (
            "seresnet34",
            r"mine\.safetensors does not fit seresnet34: layer1\.2\..* is missing in the",
        ),
        ("legacy_seresnet18", r"mine\.safetensors does not fit legacy_seresnet18: "),
        ("resnet18", "ResNet has no Squeeze-and-Excitation block"),
        (
            "seresnet81",
            "There is no architecture “seresnet81” in timm or torchvision; did you mean",
        ),
        ("eficientnet_b0", "did you mean efficientnet_b0"),
        ("torchvision/mobilnet_v3_small", "did you mean mobilenet_v3_small"),
        ("?", r"did you mean seresnet50\?"),
        ("deeplabv3_mobilenet_v3_large", "There is no architecture “deeplabv3_mobilenet_v3_large”"),
        ("", r"Give the architecture of mine\.safetensors too: --arch ARCH"),
    ],
)
def test_another_architecture_gets_one_sentence(file: Path, architecture: str, says: str):
    with pytest.raises(UserError, match=says):
        open_checkpoint(file, architecture)


def test_what_is_no_safetensors_file_is_refused_with_the_reason(tmp_path: Path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "mine.pth")
    with pytest.raises(UserError, match=r"mine\.pth is a pickle, which may run any program"):
        open_checkpoint(tmp_path / "mine.pth", "seresnet18")
    (tmp_path / "cut.safetensors").write_bytes(b"\x80\x00\x00\x00\x00\x00\x00\x00{")
    with pytest.raises(UserError, match=r"cut\.safetensors is not a safetensors file, or is dam"):
        open_checkpoint(tmp_path / "cut.safetensors", "seresnet18")
    with pytest.raises(UserError, match="is not a file; give the path"):
        open_checkpoint(tmp_path, "seresnet18")


def test_the_command_line_opens_it(file: Path, tmp_path: Path, photo: Image.Image, capsys):
    photo.save(tmp_path / "photo.png")
    arguments = ["trace", str(tmp_path / "photo.png"), "--out", str(tmp_path / "out")]
    arguments += ["--checkpoint", str(file)]
    assert main([*arguments, "--arch", "seresnet18"]) == 0
    assert (tmp_path / "out" / "photo" / "trace.json").exists()
    for more, says in (
        ([], "--arch ARCH"),
        (
            ["--arch", "seresnet18", "--model", "embedded"],
            "--model and --checkpoint each choose a network",
        ),
    ):
        assert main([*arguments, *more]) == 2
        assert says in capsys.readouterr().err
    assert main([*arguments[:-2], "--arch", "seresnet18"]) == 2
    assert "give both, or --model alone" in capsys.readouterr().err


def test_without_one_its_key_gets_a_sentence():
    with pytest.raises(UserError, match="There is no network “checkpoint”; did you mean"):
        catalogue.find("checkpoint")
