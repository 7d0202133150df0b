import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
import torchvision
from networks import awake, random_network
from PIL import Image
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo import catalogue, models
from seviz.zoo.architecture import make
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.settings import Settings
from seviz.zoo.sources import wrap

ARCHITECTURES = {  # as typed: the same network, with 7 classes
    **{
        name: partial(timm.create_model, name, num_classes=7)
        for name in (
            "efficientnet_b0",
            "mobilenetv3_small_050",
            "regnety_002",
            "legacy_seresnet18",
            "tresnet_m",  # no convolution of it reads three channels
        )
    },
    "mobilenet_v3_small": lambda: torchvision.models.mobilenet_v3_small(num_classes=7),
    "torchvision/efficientnet_b0": lambda: torchvision.models.efficientnet_b0(num_classes=7),
    "regnet_y_400mf": lambda: torchvision.models.regnet_y_400mf(num_classes=7),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("written") / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), path)
    return path


@pytest.fixture
def file(written: Path, tmp_path: Path) -> Path:
    """A test's own copy, which it may change."""
    return Path(shutil.copy(written, tmp_path))


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
        (b"cat\n\ndog\n", "names 2 different classes on 3 lines"),
        (b"cat\n", "names 1 different class on 1 line and "),
        (b"", "names 0 different classes on 0 lines and "),
        (b"\n \n", "names 0 different classes on 0 lines and "),
        ("füchse".encode("latin-1"), "can't be read; names of classes are UTF-8 text"),
    ],
)
def test_names_that_do_not_fit_get_one_sentence(file: Path, names: bytes, says: str):
    file.with_suffix(".txt").write_bytes(names)
    with pytest.raises(UserError, match=rf"mine\.txt {says}"):
        open_checkpoint(file, "seresnet18")


@pytest.mark.parametrize("form", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_computed_in_single_and_said(file: Path, form: torch.dtype):
    weights = random_network("seresnet18", num_classes=3).to(form).state_dict()
    save_file(weights, file)
    source = open_checkpoint(file, "seresnet18")
    model = source.build()
    assert torch.equal(model.fc.weight, weights["fc.weight"].float())
    assert model.bn1.num_batches_tracked.dtype == torch.int64
    kind = str(form).removeprefix("torch.")
    assert source.stored == kind
    said = f"mine.safetensors is stored as {kind}, and computed in float32."
    assert source.notes[0] == said


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


@pytest.mark.parametrize("prefix", ["module.", "model.", "_orig_mod.", "ema.", "a.backbone."])
def test_a_prefix_of_all_names_is_taken_off_and_said(file: Path, prefix: str):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    extra = {} if prefix == "_orig_mod." else {"loss.weight": torch.ones(3)}
    save_file({prefix + name: value for name, value in weights.items()} | extra, file)
    checkpoint = open_checkpoint(file, "seresnet18")
    for name, value in checkpoint.build().state_dict().items():
        assert torch.equal(value, weights[name])
    assert prefix in checkpoint.notes[0]
    assert ("1 other tensors" in checkpoint.notes[1]) == bool(extra)


def test_weights_under_another_networks_prefix_do_not_pass(file: Path):
    weights = random_network("seresnet34", num_classes=3).state_dict()
    save_file({f"model.{name}": value for name, value in weights.items()}, file)
    with pytest.raises(
        UserError, match="does not fit seresnet18: it holds 112 that the architecture"
    ):
        open_checkpoint(file, "seresnet18")


@pytest.mark.parametrize("form", [torch.float16, torch.bfloat16, torch.float64])
def test_every_precision_answers(file: Path, photo: Image.Image, form: torch.dtype):
    save_file(random_network("seresnet18", num_classes=3).to(form).state_dict(), file)
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet18"))
    record = ask(trace, key, photo, [INTACT])
    assert np.isfinite(record.logits).all()


def test_weights_that_are_not_finite_are_named(file: Path):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    weights["layer2.0.bn1.weight"][3] = float("nan")
    save_file(weights, file)
    with pytest.raises(UserError, match=r"In mine\.safetensors layer2\.0\.bn1\.weight holds NaN"):
        open_checkpoint(file, "seresnet18")


def test_a_classifier_of_impossible_shape_is_a_sentence(file: Path):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    for shape in ((3, 9), (512, 3, 1), (0, 512)):
        save_file(weights | {"fc.weight": torch.zeros(shape)}, file)
        with pytest.raises(UserError, match=r"it holds [12] of another shape: fc\.weight is "):
            open_checkpoint(file, "seresnet18")


@pytest.mark.parametrize("architecture", ["seresnet18", "torchvision/mobilenet_v3_small"])
def test_a_network_of_one_channel_sees_the_photograph_in_grey(
    file: Path, photo: Image.Image, architecture: str
):
    model = make(architecture, classes=3, channels=1)
    save_file(random_network(lambda: model).state_dict(), file)
    checkpoint = open_checkpoint(file, architecture)
    assert "photographs are made grey" in checkpoint.notes[0]
    assert checkpoint.config["mean"] == pytest.approx((0.449,))
    key = catalogue.add_checkpoint(checkpoint)
    record = ask(trace, key, photo, [INTACT, IDENTITY])
    x = models.load(key).prepare(photo)
    side = round(224 / checkpoint.config["crop_pct"])
    grey = photo.convert("L")
    again = models.load(key).prepare(grey)
    assert x.shape == (1, 1, 224, 224) and side > 224
    torch.testing.assert_close(x, again, atol=0.02, rtol=0)
    with torch.inference_mode():
        expected = model.eval()(torch.from_numpy(record.image)[None])
    np.testing.assert_allclose(record.logits[0], expected[0], rtol=1e-4, atol=1e-5)
    assert record.seen.shape == (224, 224, 3)
    assert (record.seen[..., 0] == record.seen[..., 2]).all()


def test_four_channels_are_a_sentence(file: Path):
    save_file(random_network("seresnet18", num_classes=3, in_chans=4).state_dict(), file)
    with pytest.raises(UserError, match=r"conv1 of mine\.safetensors reads 4 channels; a photo"):
        open_checkpoint(file, "seresnet18")


def test_one_output_is_a_sigmoid(file: Path, photo: Image.Image):
    save_file(random_network("seresnet18", num_classes=1).state_dict(), file)
    checkpoint = open_checkpoint(file, "seresnet18")
    assert "its sigmoid is the probability" in checkpoint.notes[0]
    record = ask(trace, catalogue.add_checkpoint(checkpoint), photo, [INTACT])
    (answer,) = record.top(0, 5)
    assert answer.probability == pytest.approx(1 / (1 + np.exp(-float(record.logits[0, 0]))))
    assert 0.01 < answer.probability < 0.99
    with pytest.raises(UserError, match="has one output, whose softmax is always 100 %"):
        open_checkpoint(file, "seresnet18", Settings(head="softmax"))


def test_several_labels_have_probabilities_of_their_own(file: Path, photo: Image.Image):
    checkpoint = open_checkpoint(file, "seresnet18", Settings(head="sigmoid"))
    record = ask(trace, catalogue.add_checkpoint(checkpoint), photo, [INTACT])
    expected = torch.from_numpy(record.logits).double().sigmoid()
    np.testing.assert_allclose(record.probabilities, expected, rtol=1e-12)


@pytest.mark.parametrize("architecture", ["seresnet18", "efficientnet_b0"])
def test_without_a_head_there_are_gates_and_no_answers(
    tmp_path: Path, picture: Path, capsys, architecture: str
):
    file = tmp_path / "mine.safetensors"
    model = awake(architecture, num_classes=0)
    save_file(model.state_dict(), file)
    checkpoint = open_checkpoint(file, architecture)
    assert checkpoint.notes[0].endswith("has no head: there are its gates, and no answers.")
    assert checkpoint.figures.parameters == sum(p.numel() for p in model.parameters())
    whole = awake(architecture, num_classes=0)
    record = trace(models.prepare(checkpoint), Image.open(picture), [INTACT, IDENTITY])
    expected = trace(models.prepare(wrap("whole", whole)), Image.open(picture), [INTACT])
    assert (record.labels, record.logits.shape) == ((), (2, 0))
    for name, gates in expected.s.items():
        np.testing.assert_allclose(record.s[name][0], gates[0], rtol=1e-4, atol=1e-6)
    given = [str(picture), "--checkpoint", str(file), "--arch", architecture]
    assert main(["trace", *given, "--out", str(tmp_path / "out")]) == 0
    assert "gates alone: the network has no head" in capsys.readouterr().out
    said = json.loads((tmp_path / "out" / "garden" / "trace.json").read_text())
    assert [arm["top"] for arm in said["arms"]] == [[], []]
    assert main(["compare", str(picture), *given, "--json"]) == 0
    capsys.readouterr()
    for command in (["necessity"], ["channels"], ["attribute", "--out", str(tmp_path / "maps")]):
        assert main([*command, *given]) == 2
        assert "This network has no head, so it gives no answers" in capsys.readouterr().err


def test_size_mean_and_deviation_are_those_that_are_given(file: Path, photo: Image.Image):
    given = Settings(size=(64,), mean=(0.5,), std=(0.25, 0.5, 1.0))
    checkpoint = open_checkpoint(file, "seresnet18", given)
    assert checkpoint.notes == ()
    loaded = models.prepare(checkpoint)
    white = loaded.prepare(Image.new("RGB", (100, 80), "white"))
    assert white.shape == (1, 3, 64, 64)
    assert white[0, :, 5, 5].tolist() == [2.0, 1.0, 0.5]
    for bounds in (Settings(mean=(0.0,), std=(1.0,)), Settings(mean=(1.0,), std=(0.001,))):
        config = open_checkpoint(file, "seresnet18", bounds).config
        assert (config["mean"], config["std"]) == (bounds.mean * 3, bounds.std * 3)
    assert open_checkpoint(file, "seresnet18", Settings(size=(64, 96))).input_size == (3, 64, 96)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"size": (0,)}, "--input-size 0 is not possible; give one side"),
        ({"size": (1, 2, 3)}, "--input-size 1 2 3 is not possible"),
        ({"size": (10**6,)}, "--input-size 1e.06 is not possible"),
        ({"mean": (0.1, 0.2)}, "--mean has 2 numbers; mine.safetensors takes one number, or 3"),
        (
            {"mean": (float("nan"),)},
            r"--mean nan is not possible; give numbers from 0 to 1 \(those for pix",
        ),
        ({"std": (0.0,)}, "--std 0 is not possible; give numbers from 0.001 to 1 "),
        ({"std": (1.0, -1.0, 1.0)}, "--std 1 -1 1 is not possible"),
        ({"std": (1e-300,)}, "--std 1e-300 is not possible; give numbers from 0.001 to 1 "),
        ({"std": (58.395, 57.12, 57.375)}, r"--std 58.395 57.12 57.375 is .* 255 divided by 255\)"),
        ({"mean": (123.675, 116.28, 103.53)}, r"--mean 123.675 116.28 103.53 is .* 255 divided by"),
        ({"mean": (-0.1,)}, "--mean -0.1 is not possible"),
        ({"labels": Path("nothing")}, "nothing is not a file; give a text file that names"),
    ],
)
def test_settings_that_cannot_be_get_a_sentence(file: Path, given: dict, says: str):
    with pytest.raises(UserError, match=says):
        open_checkpoint(file, "seresnet18", Settings(**given))


def test_labels_come_from_the_file_that_is_named(file: Path, tmp_path: Path):
    file.with_suffix(".txt").write_text("a\nb\nc\n")
    (tmp_path / "names").write_text("ant\nbee\ncat\n")
    given = Settings(labels=tmp_path / "names")
    assert open_checkpoint(file, "seresnet18", given).labels == ("ant", "bee", "cat")
    (tmp_path / "names").write_text("ant\nbee\n")
    with pytest.raises(UserError, match=r"names 2 different classes on 2 lines and mine\..* has 3"):
        open_checkpoint(file, "seresnet18", given)


def test_a_second_network_is_never_answered_by_the_first(
    file: Path, tmp_path: Path, photo: Image.Image
):
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / file.name
    save_file(random_network("seresnet18", seed=1, num_classes=3).state_dict(), other)
    first = catalogue.add_checkpoint(open_checkpoint(file, "seresnet18"))
    second = catalogue.add_checkpoint(open_checkpoint(other, "seresnet18"))
    assert (first, second) == ("checkpoint", "checkpoint-2")
    assert {first, second} <= set(catalogue.all_keys())
    of_first, of_second = (ask(trace, key, photo, [INTACT]) for key in (first, second))
    assert not np.array_equal(of_first.logits, of_second.logits)
    assert np.array_equal(ask(trace, first, photo, [INTACT]).logits, of_first.logits)
    assert catalogue.add_checkpoint(open_checkpoint(other, "seresnet18")) == second
    save_file(random_network("seresnet18", seed=2, num_classes=3).state_dict(), file)  # retrained
    third = catalogue.add_checkpoint(open_checkpoint(file, "seresnet18"))
    assert third == "checkpoint-3"
    assert not np.array_equal(ask(trace, third, photo, [INTACT]).logits, of_first.logits)
    sized = open_checkpoint(other, "seresnet18", Settings(size=(64,)))
    assert catalogue.add_checkpoint(sized) == "checkpoint-4"


def test_weights_without_step_counters_open_too(file: Path):
    weights = random_network("seresnet18", num_classes=3).state_dict()
    save_file({k: v for k, v in weights.items() if "num_batches" not in k}, file)
    model = open_checkpoint(file, "seresnet18").build()
    assert torch.equal(model.fc.weight, weights["fc.weight"])


def test_a_file_that_changed_since_it_was_opened_is_refused(file: Path):
    checkpoint = open_checkpoint(file, "seresnet18")
    save_file(random_network("seresnet34", num_classes=3).state_dict(), file)  # has all of it too
    with pytest.raises(UserError, match=r"mine\.safetensors was changed after it was opened; open"):
        checkpoint.build()


@pytest.mark.parametrize(
    ("architecture", "says"),
    [
        (
            "seresnet34",
            r"mine\.safetensors does not fit seresnet34: it lacks 112 of the architecture's tensors"
            r": layer1\.2\.conv1\.weight, layer1\.2\.bn1\.weight, layer1\.2\.bn1\.bias, and 109 "
            r"more; .*give another --arch\.$",
        ),
        ("legacy_seresnet18", r"mine\.safetensors does not fit legacy_seresnet18: "),
        ("resnet18", "^resnet18 has no Squeeze-and-Excitation block"),
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


@pytest.mark.parametrize("said", [{"labels": Path("names.txt")}, {"head": "sigmoid"}])
def test_another_architecture_is_said_before_what_depends_on_it(file: Path, said: dict):
    with pytest.raises(UserError, match=r"does not fit legacy_seresnet18: it lacks 37 of the "):
        open_checkpoint(file, "legacy_seresnet18", Settings(**said))


def test_what_is_no_safetensors_file_is_refused_with_the_reason(tmp_path: Path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "mine.pth")
    with pytest.raises(
        UserError, match=r"mine\.pth is a pickle, which may run any program .* convert "
    ):
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


def test_a_plain_architecture_opens_where_it_will_do(tmp_path: Path):
    save_file(random_network("resnet18", num_classes=3).state_dict(), tmp_path / "p.safetensors")
    opened = open_checkpoint(tmp_path / "p.safetensors", "resnet18", plain=True)
    assert (opened.has_gates, opened.classes) == (False, 3)
    with pytest.raises(UserError, match=r"^resnet18 has no Squeeze-and-Excitation block"):
        open_checkpoint(tmp_path / "p.safetensors", "resnet18")
    with pytest.raises(UserError, match="There is no architecture"):
        open_checkpoint(tmp_path / "p.safetensors", "resnet_nothing", plain=True)
