import errno
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from networks import awake, random_network
from PIL import Image
from safetensors.torch import save_file

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.zoo import download, models
from seviz.zoo.memory import Zoo
from seviz.zoo.models import load, load_twin, on_device, photo_transform, prepare
from seviz.zoo.published import Published
from seviz.zoo.sources import Source, wrap


def test_the_embedded_network_loads_frozen_and_in_eval_mode(zoo: Zoo):
    loaded = zoo.get("embedded")
    assert not loaded.model.training
    assert not any(p.requires_grad for p in loaded.model.parameters())
    assert len(loaded.labels) == 200
    assert "lion" in loaded.labels
    assert zoo.get("seresnet50_slim") is loaded


def test_preprocessing_scales_the_short_side_crops_the_middle_and_normalises(zoo: Zoo):
    wide = Image.new("RGB", (300, 100), "black")  # a grey square between black bars
    wide.paste((128, 64, 255), (100, 0, 200, 100))
    x = zoo.get("embedded").prepare(wide)
    assert x.shape == (1, 3, 64, 64)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's
    expected = [(v / 255 - m) / s for v, m, s in zip((128, 64, 255), mean, std, strict=True)]
    np.testing.assert_allclose(x[0, :, 32, 32], expected, rtol=1e-5)
    np.testing.assert_allclose(x[0, :, 5:59, 5:59].std((1, 2)), 0, atol=1e-5)


def test_the_visible_crop_is_the_input_without_its_normalisation(small):
    pixels = np.arange(2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 3) * 20
    image = (pixels / 255 - np.array(small.mean)) / np.array(small.std)
    assert np.array_equal(small.visible(image.transpose(2, 0, 1).astype(np.float32)), pixels)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "choose a smaller network"),
        (torch.OutOfMemoryError(), "choose a smaller network"),
        (PermissionError(errno.EACCES, "no", "/cache"), "/cache can't be opened; check its rights"),
        (ValueError("what"), r"reading them failed \(ValueError\); try again"),
    ],
)
def test_weights_that_cant_be_used_give_one_sentence(
    monkeypatch, tmp_path: Path, error: Exception, says: str
):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(download, "fetch", lambda source: tmp_path)
    monkeypatch.setattr(timm, "create_model", fail)
    with pytest.raises(UserError, match=says) as caught:
        models.load("legacy_seresnet18.in1k")
    assert str(caught.value).startswith("The weights of SE-ResNet-18 · legacy in1k can't be used")


def test_a_device_that_is_too_small_gives_one_sentence(monkeypatch):
    def fail(*args, **kwargs):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(torch.nn.Module, "to", fail)
    with pytest.raises(UserError, match="choose a smaller network"):
        models.load("embedded")


def test_a_hub_network_offline_gives_its_sentence_at_once():
    with pytest.raises(UserError, match="not on this machine"):
        models.load("seresnet50.a1_in1k")


def test_a_hub_network_loads_from_its_file_with_timms_labels(tmp_path, monkeypatch):
    weights = random_network("seresnet50", seed=3).state_dict()
    file = tmp_path / "model.safetensors"
    save_file(weights, file)
    monkeypatch.setattr(download, "fetch", lambda source: file)
    loaded = models.load("seresnet50.a1_in1k")
    assert torch.equal(loaded.model.fc.weight, weights["fc.weight"])
    assert len(loaded.probe.sites) == 16
    assert loaded.labels[291] == "lion"


def test_a_legacy_network_loads_from_its_release_file(tmp_path, monkeypatch):
    weights = random_network("legacy_seresnet18", seed=4).state_dict()
    file = tmp_path / "seresnet18-4bb0ce65.pth"
    torch.save(weights, file)
    monkeypatch.setattr(download, "fetch", lambda source: file)
    loaded = models.load("legacy_seresnet18.in1k")
    assert torch.equal(loaded.model.last_linear.weight, weights["last_linear.weight"])
    assert [site.name for site in loaded.probe.sites][:3] == ["SE_2_1", "SE_2_2", "SE_3_1"]


@pytest.mark.parametrize("content", [b"", b"not safetensors at all"])
def test_a_broken_hub_file_gives_its_sentence(tmp_path, monkeypatch, content: bytes):
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    monkeypatch.setattr(download, "fetch", lambda source: file)
    monkeypatch.setattr(Published, "local_file", file)
    with pytest.raises(
        UserError,
        match=r"the file model\.safetensors is damaged or belongs to another network; delete it",
    ):
        models.load("seresnet50.a1_in1k")


def test_a_failed_load_leaves_the_embedded_network_usable(zoo: Zoo):
    with pytest.raises(UserError):
        zoo.get("seresnet50.a1_in1k")
    assert zoo.get("embedded").key == "embedded"


def test_a_network_knows_its_bytes():
    loaded = Zoo().get("embedded")  # without its twin, which others may have loaded
    parameters = sum(p.numel() for p in loaded.model.parameters())
    assert 4 * parameters < loaded.bytes < 4.2 * parameters  # float32, and the norms' statistics


def test_a_network_that_was_loaded_while_somebody_inferred_still_has_gradients(photo):
    with torch.inference_mode():
        loaded = load("embedded")
        plain = load_twin(loaded)
    x = loaded.prepare(photo).requires_grad_()
    (loaded.model(x).sum() + plain(x).sum()).backward()
    assert x.grad is not None and x.grad.abs().sum() > 0


def test_a_twin_is_kept_as_long_as_its_network_and_counts_among_its_bytes():
    loaded = load("lab_resnet_se")
    alone = loaded.bytes
    plain = load_twin(loaded)
    assert load_twin(loaded) is plain
    assert not any(p.requires_grad for p in plain.parameters()) and not plain.training
    weights = [t.numel() * t.element_size() for t in plain.state_dict().values()]
    assert loaded.bytes == alone + sum(weights)
    assert load("lab_resnet_se").bytes == alone


def test_a_network_knows_the_file_of_its_weights(zoo):
    assert zoo.get("embedded").file == ASSETS / "seresnet50_slim.safetensors"


def test_a_network_of_one_channel_gets_photographs_in_grey():
    config = {"input_size": (1, 8, 8), "mean": (0.5,), "std": (0.25,), "crop_pct": 1.0}
    seen = photo_transform(config)(Image.new("RGB", (9, 9), (255, 0, 0)))
    assert seen.shape == (1, 8, 8)
    torch.testing.assert_close(seen[0, 3, 3], torch.tensor((76 / 255 - 0.5) / 0.25))


def test_a_network_moves_to_another_device_with_its_twin_and_forgets_what_was_of_the_first():
    loaded = prepare(wrap("moved", awake("seresnet50_slim")))
    twin = awake("seresnet50_slim")
    loaded.cache.update({Source: twin, dict: {"of": "the CPU"}})
    moved = on_device(loaded, torch.device("meta"))
    assert moved.device.type == "meta"
    assert {p.device.type for net in (moved.model, twin) for p in net.parameters()} == {"meta"}
    assert moved.cache == {Source: twin}
    assert moved.probe is loaded.probe


def test_a_network_has_the_preprocessing_of_its_own():
    def half(photo: Image.Image) -> torch.Tensor:
        return torch.full((3, 64, 64), 0.5)

    loaded = prepare(wrap("mine", awake("seresnet18", num_classes=3), transform=half))
    assert loaded.prepare(Image.new("RGB", (9, 9))).unique().tolist() == [0.5]


def test_a_network_without_se_is_loaded_where_it_will_do_and_else_refused(zoo: Zoo):
    for refused in (lambda: load("lab_vgg"), lambda: Zoo().get("lab_vgg")):
        with pytest.raises(UserError, match="has no Squeeze-and-Excitation block"):
            refused()
    loaded = zoo.get("lab_vgg", plain=True)
    assert loaded.probe.sites == ()
    assert zoo.get("lab_vgg", plain=True) is loaded
    with pytest.raises(UserError, match=r"VGG · without SE .* has no Squeeze-and-Excitation block"):
        zoo.get("lab_vgg")
    assert models.on_cpu(loaded).probe.sites == ()
