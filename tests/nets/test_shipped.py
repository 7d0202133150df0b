import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from seviz import __main__ as command_line
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.nets import shipped
from seviz.nets.results import FILE, WEIGHTS, results
from seviz.nets.variants import VARIANTS
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.study.plan import FULL
from seviz.zoo import catalogue
from seviz.zoo.memory import Zoo
from seviz.zoo.models import load

ARMS = [INTACT, IDENTITY, TWIN]
KEYS = tuple(key for key, variant in VARIANTS.items() if not variant.plain)


def test_every_variant_ships_and_all_are_of_one_study():
    assert tuple(results().variants) == tuple(VARIANTS)
    assert shipped.openable_keys() == KEYS
    assert results().about["seeds"] >= 3
    assert results().classes == FULL.classes
    assert all(len(found.top1) == FULL.seeds for found in results().variants.values())


def test_the_weights_are_small():
    sizes = [(WEIGHTS / f"{key}.safetensors").stat().st_size for key in VARIANTS]
    assert max(sizes) <= 2e6
    assert sum(sizes) <= 25e6
    assert FILE.stat().st_size < 100_000


@pytest.mark.parametrize("key", KEYS)
def test_a_variant_opens_and_answers_in_every_arm(key: str, photo: Image.Image):
    loaded = load(key)
    record = trace(loaded, photo, ARMS)
    assert record.logits.shape == (3, 20)
    assert np.isfinite(record.logits).all()
    assert not np.allclose(record.logits[0], record.logits[1])  # its gates are at work
    assert loaded.labels == catalogue.find("lab_resnet_se").labels
    assert loaded.temperature == results().variants[key].temperature
    stages = VARIANTS[key].stages
    assert {site.stage for site in record.sites} >= set(stages)


def test_a_variant_is_edited_like_all_others(photo: Image.Image):
    arms = parse_arms(["intact", "SE_4*=0", "SE_5_2[3:9]*=0.5", "uniform", "shuffle@1"])
    for key in ("lab_vgg_se", "lab_inception_se", "lab_resnet_nosqueeze", "lab_resnet_relu"):
        record = trace(load(key), photo, arms)
        assert (record.s["SE_4_1"][1] == 0).all()
        assert len(np.unique(record.logits[:, 0])) == len(arms)


def test_the_catalogue_lists_the_group_last_with_its_own_figures():
    entries = [entry for entry in catalogue.entries() if entry.group == "laboratory"]
    assert tuple(entry.key for entry in entries) == KEYS == catalogue.all_keys()[-len(KEYS) :]
    entry = catalogue.find("lab_resnet_pre").entry()
    found = results().variants["lab_resnet_pre"]
    assert entry.title == "SE-ResNet · PRE · laboratory"
    assert (entry.source, entry.origin) == ("embedded", "lab_resnet_pre.safetensors")
    assert entry.top1 == pytest.approx(100 * max(found.top1))
    assert entry.measured_on == "20 classes of Tiny-ImageNet-200, of the best seed"
    assert (entry.input_size, entry.cached) == ((3, 64, 64), True)
    assert entry.licence == "imagenet-non-commercial"


def test_labels_are_the_subsets_short_names():
    assert catalogue.find("lab_vgg_se").labels[0] == "goldfish"
    assert catalogue.find("lab_vgg_se").labels[-1] == "cliff"
    assert catalogue.find("lab_vgg_se").folders == FULL.classes


def test_a_plain_host_can_be_measured_but_has_no_gates_to_open():
    assert "lab_resnet" not in catalogue.all_keys()
    assert not catalogue.find("lab_resnet").has_gates
    assert catalogue.find("lab_resnet_r8").twin == catalogue.find("lab_resnet")
    assert catalogue.find("lab_resnet").twin is None
    with pytest.raises(UserError, match="has no Squeeze-and-Excitation block"):
        Zoo().get("lab_vgg")


def test_the_shipped_accuracy_is_that_of_the_seed_whose_weights_ship():
    for found in results().variants.values():
        assert found.top1[found.shipped_seed] == max(found.top1)


def test_the_command_opens_a_variant_by_its_key(photo: Image.Image, tmp_path: Path, capsys):
    photo.save(tmp_path / "photo.png")
    asked = ["trace", str(tmp_path / "photo.png"), "--model", "lab_resnet_pre"]
    assert command_line.main([*asked, "--out", str(tmp_path)]) == 0
    told = json.loads((tmp_path / "photo" / "trace.json").read_text())
    assert told["model"] == "lab_resnet_pre"
    assert command_line.main(["models"]) == 0
    assert "SE-ResNet · no squeeze · laboratory" in capsys.readouterr().out


def test_importing_the_catalogue_builds_no_network():
    code = "import torch.nn as n; made = []; old = n.Module.__init__\n"
    code += "def init(self, *a, **k): made.append(type(self)); old(self, *a, **k)\n"
    code += "n.Module.__init__ = init\nimport seviz.zoo.catalogue\n"
    code += "print([m.__name__ for m in made if m.__module__.startswith('seviz')])"
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert said.stdout.decode().strip() == "[]"


def test_the_stored_weights_are_what_was_measured():
    """Rounding to float16 came before the measuring, so loading them changes nothing."""
    model = load("lab_resnet_se").model
    for parameter in model.parameters():
        if parameter.ndim > 1:
            assert torch.equal(parameter, parameter.half().float())
