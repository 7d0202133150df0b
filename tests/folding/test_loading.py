import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
import torchvision
from made_fold import made_gates, off
from networks import awake, randn
from safetensors.torch import load_file, save_file

from seviz.folding.fold import FoldedNetwork, fold
from seviz.folding.loading import loading_lines, plain_counterpart
from seviz.nets.scale import ChannelScale
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.settings import Settings


def folded_of(
    make, architecture: str, folder: Path, **options
) -> tuple[LoadedModel, FoldedNetwork]:
    file = folder / "original.safetensors"
    save_file(awake(make, **options).state_dict(), file)
    loaded = prepare(open_checkpoint(file, architecture, Settings(size=(64,))))
    gates = made_gates(loaded.model)
    return loaded, fold(loaded, loaded.probe.sites, gates, statistics="made gates")


def test_the_lines_load_it_where_there_is_no_seviz(loaded, folded, file: Path, tmp_path: Path):
    lines = loading_lines(folded.description, file, classes=3, channels=3)
    assert "seviz" not in lines.replace(str(file), "")
    x = randn(2, 3, 64, 64)
    save_file({"x": x}, tmp_path / "x.safetensors")
    program = f"""
import sys
sys.modules["seviz"] = None
{lines}
from safetensors.torch import save_file
with torch.inference_mode():
    y = model(load_file({str(tmp_path / "x.safetensors")!r})["x"])
save_file({{"y": y}}, {str(tmp_path / "y.safetensors")!r})
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    with torch.inference_mode():
        assert off(load_file(tmp_path / "y.safetensors")["y"], folded.model(x)) < 1e-6


def executed(lines: str) -> torch.nn.Module:
    names: dict[str, object] = {}
    exec(lines, names)
    return names["model"]


def test_where_a_scale_stays_the_lines_define_it(tmp_path: Path):
    _, folded = folded_of("lab_resnet_post", "lab_resnet_post", tmp_path, num_classes=3)
    path = tmp_path / "f.safetensors"
    path.write_bytes(folded.content())
    lines = loading_lines(folded.description, path, classes=3, channels=3)
    assert "import seviz.nets.registry  # timm then knows lab_resnet_post" in lines
    model, x = executed(lines), randn(1, 3, 64, 64)
    assert not any(isinstance(module, ChannelScale) for module in model.modules())
    assert off(model(x).detach(), folded.model(x)) < 1e-6


@pytest.mark.parametrize("channels", [3, 1])
def test_torchvisions_are_loaded_too_also_of_one_channel(channels: int, tmp_path: Path):
    make = partial(torchvision.models.mobilenet_v3_small, num_classes=3)
    model = awake(make)
    first = model.features[0][0]
    first.weight = torch.nn.Parameter(first.weight[:, :channels].detach().clone())
    file = tmp_path / "original.safetensors"
    save_file(model.state_dict(), file)
    loaded = prepare(open_checkpoint(file, "mobilenet_v3_small", Settings(size=(64,))))
    gates = made_gates(loaded.model)
    folded = fold(loaded, loaded.probe.sites, gates, statistics="made gates")
    path = tmp_path / "f.safetensors"
    path.write_bytes(folded.content())
    lines = loading_lines(folded.description, path, classes=3, channels=channels)
    assert max(map(len, lines.replace(str(path), "").splitlines())) <= 100
    x = randn(1, channels, 64, 64)
    assert off(executed(lines)(x).detach(), folded.model(x)) < 1e-6


def test_the_plain_counterpart_is_found_by_its_weights_and_answers(loaded, gates, monkeypatch):
    whole = fold(loaded, loaded.probe.sites, gates, statistics="made gates")
    source = loaded.source
    assert plain_counterpart(whole.model, whole.description, source) == "resnet18"
    scaled = replace(whole.description, scaled=(("a", 1),))
    assert plain_counterpart(whole.model, scaled, source) is None
    other = replace(whole.description, architecture="seresnet34")
    assert plain_counterpart(whole.model, other, source) is None
    unknown = replace(whole.description, architecture="legacy_seresnet18")
    assert plain_counterpart(whole.model, unknown, source) is None


def test_with_se_left_there_is_no_plain_counterpart(loaded, folded):
    assert plain_counterpart(folded.model, folded.description, loaded.source) is None
