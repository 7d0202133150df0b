"""The line that saved charts print: what they are of, and the command that makes them again."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_data_set import made_data_set
from networks import awake
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.answers import chart_sources
from seviz.answers.alpha_path import find_path
from seviz.answers.necessity import weigh_gates
from seviz.attribution.maps import attribute
from seviz.measuring.known_necessity import known_necessity
from seviz.nets.results import results
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.file import read_file, record_file
from seviz.photos.read import read_photo
from seviz.records.arms import IDENTITY, INTACT, STATIC
from seviz.records.drift import Changing
from seviz.records.network_pair import GateSimilarity
from seviz.records.target import Difference, Gate
from seviz.records.trace import Trace
from seviz.reference import gather, own
from seviz.reference.gather import reference
from seviz.zoo import catalogue
from seviz.zoo.checkpoint import open_checkpoint

GATE = Gate("SE_4_6", 17)
TITLE = "SE-ResNet-50 slim · embedded · "


@pytest.fixture(scope="module")
def record(picture: Path) -> Trace:
    return ask(trace, "embedded", read_file(picture), [INTACT])


@pytest.fixture
def uploaded(picture: Path) -> Trace:
    """Return a trace of a photograph as the page knows it, by its name alone."""
    photo = record_file(read_photo(picture), "my cat.png", picture.read_bytes())
    return ask(trace, "embedded", photo, [INTACT])


def explained(record: Trace) -> Iterator[str]:
    """Yield the lines of what an answer depends on, and of its explanations."""
    target = record.top(0, 1)[0].index
    rule, arms = STATIC.edits[0].rule, (INTACT, IDENTITY)
    needed, effects = weigh_gates(record, rule, target)
    yield chart_sources.of_necessity(record, needed)
    yield chart_sources.of_effects(record, effects)
    found = ask(attribute, record.model, record.image, arms, method="gradcam", target=target)
    yield chart_sources.of_maps(record, found)
    of_gate = ask(attribute, record.model, record.image, arms, method="saliency", target=GATE)
    yield chart_sources.of_maps(record, of_gate)
    yield chart_sources.of_maps(record, replace(found, layer="SE_3_4"), trust=True)
    yield chart_sources.of_shares(record, arms, Difference(target, (target + 1) % 200))
    yield chart_sources.of_path(record, find_path(record, "static"), target)


def lines(record: Trace) -> Iterator[str]:
    """Yield the lines whose commands need nothing but a photograph."""
    twin, first = replace(record, model="twin"), record.labels[record.top(0, 1)[0].index]
    classes = [reference("embedded").classes[i] for i in (3, 7)]
    yield chart_sources.of_trace(record)
    yield from explained(record)
    yield chart_sources.of_gate(record, GATE)
    yield chart_sources.of_photographs(record, record)
    yield chart_sources.of_change(record, Changing("noisy", (0, 10), seed=3), 10.0)
    yield chart_sources.of_change(record, Changing("painted", (100,), region="top"), 100.0)
    yield chart_sources.of_pair(record, twin)
    yield chart_sources.of_pair(record, twin, method="gradcam", label=first)
    yield chart_sources.of_gate_images("embedded", GATE)
    yield chart_sources.of_classes("embedded", "SE_4_6", classes, order="mean", beside=record)
    yield chart_sources.of_depth("embedded")
    yield chart_sources.of_map("embedded", "SE_4_6", ["lion", "sports car"], method="pca")
    yield chart_sources.of_study("host", results())


def test_each_command_runs(record: Trace, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for line in lines(record):
        said = line.rpartition(" · seviz ")[2]
        assert main(shlex.split(said.replace("--out DIR", "--out kept"))) == 0, line
    files = {"kept", "curves.html", "map.html", "report.html"}
    assert {path.name for path in tmp_path.iterdir()} == files
    capsys.readouterr()


def test_a_photograph_is_called_by_its_name(uploaded: Trace):
    assert chart_sources.of_gate(uploaded, GATE) == (
        f"{TITLE}my cat.png · SE_4_6[17] · "
        "seviz channels 'my cat.png' --model embedded --gate 'SE_4_6[17]'"
    )
    unknown = replace(uploaded, photo=None)
    assert chart_sources.of_trace(unknown).startswith(f"{TITLE}a photograph · seviz trace PHOTO ")
    painted = Changing("painted", (100,), mask=np.ones((2, 2), bool))
    assert chart_sources.of_change(uploaded, painted, 100.0) == f"{TITLE}my cat.png, painted 100"


def test_images_are_named_with_their_number():
    assert chart_sources.of_depth("embedded") == (
        f"{TITLE}Tiny-ImageNet-200 (train), 100,000 images · "
        "seviz classes --model embedded --by-depth"
    )
    found = known_necessity("embedded")
    assert found
    assert chart_sources.of_set_necessity("embedded", found) == (
        f"{TITLE}Tiny-ImageNet-200 (val), 10,000 images · "
        "seviz necessity --model embedded --data DATA --replace static --budget 5"
    )
    assert chart_sources.of_set_necessity("embedded", replace(found, path=None)).endswith("static")


def test_statistics_that_do_not_ship_are_a_file_for_the_command():
    _, profile, images = made_data_set()
    gather.set_reference(profile, images)
    assert chart_sources.of_depth("embedded") == (
        f"{TITLE}{profile.data}, {profile.images:,} images · "
        "seviz classes --model embedded --profile PROFILE --by-depth"
    )


def test_a_visitors_photographs_are_nobodys_in_particular():
    profile = made_data_set()[1]
    mine = replace(profile, data=f"your {profile.images} photographs")
    with own.using(own.OwnStatistics((mine,), preferred=True)):
        told = chart_sources.of_gate_images("embedded", GATE)
    assert f" · {profile.images} photographs · seviz exemplars " in told
    assert "your" not in told
    assert "--profile PROFILE" in told
    cka = np.ones((1, 1))
    pair = GateSimilarity("embedded", "lab_vgg_se", ("a",), ("b",), cka, (), (), 3, mine.data)
    told = chart_sources.of_similarity(pair)
    assert "your" not in told
    assert told.endswith("seviz compare --networks embedded lab_vgg_se --data PHOTOGRAPHS")


def test_a_network_in_memory_has_no_command(small, photo):
    record = ask(trace, "embedded", photo, [INTACT])
    record = replace(record, model=small.key)
    assert chart_sources.of_trace(record) == "small · a photograph"
    assert chart_sources.of_pair(record, record) == "A: small · B: small · a photograph"


def test_a_users_file_is_named_without_its_folder(tmp_path: Path, uploaded: Trace):
    file = tmp_path / "mine.safetensors"
    save_file(awake("seresnet50_slim").state_dict(), file)
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet50_slim"))
    record = replace(uploaded, model=key)
    told = chart_sources.of_pair(record, uploaded)
    assert told.endswith("--networks mine.safetensors@seresnet50_slim embedded 'my cat.png'")
    told = chart_sources.of_costs(key)
    assert told.endswith("seviz costs --checkpoint mine.safetensors --arch seresnet50_slim")
    assert str(tmp_path) not in told


def test_a_study_names_its_images_and_seeds_and_the_article_its_table():
    assert chart_sources.of_study("r", results()) == (
        "20 classes of Tiny-ImageNet-200, 3 seeds of each variant · seviz results --study r"
    )
    assert chart_sources.of_article("r") == (
        "Hu et al., arXiv 1709.01507v4, of SE-ResNet-50, section 6.1, table 10 · "
        "seviz results --study r"
    )
