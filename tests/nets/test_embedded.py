import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from networks import random_network
from safetensors.torch import load_file

from seviz.gates.sites import find_sites
from seviz.nets.embedded import (
    ARCHITECTURE,
    ASSETS,
    EMBEDDED_NAME,
    TWIN_ARCHITECTURE,
    TWIN_NAME,
    run_facts,
)
from seviz.nets.shipped import openable_keys
from seviz.reference import profile
from seviz.reference.gather import reference
from seviz.shipping.measured import read_figures
from seviz.shipping.part import Setting
from seviz.shipping.remake import PARTS
from seviz.training.recipe import Recipe
from seviz.zoo.catalogue import find

SHIPPED = Setting(Path("no data are needed"), ASSETS)
MOST_BYTES = 10_000_000  # the Hub refuses larger plain files
PAIR = ((ARCHITECTURE, EMBEDDED_NAME), (TWIN_ARCHITECTURE, TWIN_NAME))


@pytest.mark.parametrize(("architecture", "name"), PAIR)
def test_the_weights_are_small_enough_to_travel_and_fit_the_network(architecture: str, name: str):
    file = ASSETS / f"{architecture}.safetensors"
    assert file.stat().st_size < MOST_BYTES
    model = timm.create_model(name, pretrained=True)
    shipped = load_file(file)
    assert torch.equal(model.fc.weight, shipped["fc.weight"].float())
    assert not shipped["layer4.2.bn3.weight"].eq(0).all()  # they begin at 0
    assert run_facts(architecture)["parameters"] == sum(p.numel() for p in model.parameters())


def runs(architecture: str) -> list[dict]:
    """Return the facts of a network's runs, the last first: each goes on from the one before."""
    facts = run_facts(architecture)
    found = [facts]
    while facts := facts.get("before", {}):
        found.append(facts)
    return found


def test_the_pair_was_trained_by_one_recipe():
    for ours, its in zip(runs(ARCHITECTURE), runs(TWIN_ARCHITECTURE), strict=True):
        own = {"model": TWIN_ARCHITECTURE}
        own |= {"start": its["recipe"]["start"]} if "start" in its["recipe"] else {}
        assert ours["recipe"] | own == its["recipe"]


def test_its_classes_are_named_once_each_in_the_order_of_their_wnids():
    rows = (ASSETS / "classes.tsv").read_text("utf-8").splitlines()
    wnids, names = zip(*(row.split("\t") for row in rows), strict=True)
    assert len(set(names)) == len(names) == 200
    assert list(wnids) == sorted(set(wnids))
    assert dict(zip(wnids, names, strict=True))["n02509815"] == "red panda"


def test_the_card_states_the_figures_of_the_runs_that_are_shipped():
    card = (ASSETS / "seresnet50_slim.md").read_text("utf-8")
    for architecture in (ARCHITECTURE, TWIN_ARCHITECTURE):
        facts = run_facts(architecture)
        last = facts["history"][-1]
        for run in runs(architecture):
            if minutes := run["recipe"].get("minutes"):
                assert run["minutes"] == pytest.approx(minutes, rel=0.1)
            else:
                assert len(run["history"]) == run["recipe"]["epochs"]
        assert last["top1"] >= 0.5
        for figure in (f"{last['top1']:.1%}", f"{last['top5']:.1%}"):
            assert figure.replace("%", " %") in card
        assert f"{facts['parameters']:,}" in card
        assert facts["date"] in card
    recipes = [asdict(Recipe(**facts["recipe"])) for facts in reversed(runs(ARCHITECTURE))]
    for name in recipes[0].keys() - {"model", "start"}:
        values = " | ".join(str(recipe[name]) for recipe in recipes)
        assert f"| {name} | {values} |" in card


@pytest.fixture
def weights() -> dict[str, str]:
    """Return the sha256 of the weights that ship, by network."""
    return {
        key: hashlib.sha256((ASSETS / f"{architecture}.safetensors").read_bytes()).hexdigest()
        for key, architecture in (("embedded", ARCHITECTURE), ("twin", TWIN_ARCHITECTURE))
    }


def test_the_reference_statistics_are_of_the_weights_that_ship(weights):
    assert reference("embedded").weights == weights["embedded"]


def test_figures_and_card_are_of_the_weights_that_ship(weights):
    named = {name: entry["weights"] for name, entry in read_figures(SHIPPED.figures).items()}
    for key in openable_keys():
        assert named.pop(f"dynamic_{key}") == {key: find(key).digest}
    assert named.pop("evaluate") == weights
    assert named.keys() == {"arms", "pointing", "opened", "answers", "dynamic_embedded"}
    assert all(of == {"embedded": weights["embedded"]} for of in named.values())
    card = SHIPPED.card.read_text("utf-8")
    lines = [line for line in card.splitlines() if line.startswith("Weights (sha256)")]
    assert len(lines) == 8
    assert all(f"`{weights['embedded']}` (embedded)" in line for line in lines)
    assert sum(f"`{weights['twin']}` (twin)" in line for line in lines) == 1


def test_the_card_states_what_was_measured():
    """Run `make shipped` where this fails: nobody copies figures by hand."""
    (card,) = (part for part in PARTS if part.name == "card")
    assert card.current(SHIPPED)


def test_the_reference_statistics_are_of_the_training_images_and_fit_the_network():
    file = ASSETS / f"{ARCHITECTURE}.profile.safetensors"
    assert file.stat().st_size < 10_000_000
    statistics = reference("embedded")
    sites = find_sites(random_network(ARCHITECTURE))
    statistics.check_fits(find("embedded"), sites)
    assert statistics.class_counts == (500,) * 200
    assert "train" in statistics.data
    wnids = [row.split("\t")[0] for row in (ASSETS / "classes.tsv").read_text().splitlines()]
    assert statistics.classes == tuple(wnids)
    for block in statistics.blocks.values():
        assert ((block.s_mean > 0) & (block.s_mean < 1)).all()
        np.testing.assert_allclose(block.class_mean.mean(0), block.s_mean, atol=2.5e-4)


def test_other_networks_bring_no_statistics(monkeypatch):
    monkeypatch.setattr(profile.Profile, "load", lambda path: pytest.fail("read"))
    assert reference("seresnet50.a1_in1k") is None


def test_the_facts_are_what_a_run_writes():
    text = (ASSETS / f"{ARCHITECTURE}.json").read_text("utf-8")
    assert json.loads(text) == run_facts(ARCHITECTURE)
    assert 0.2 < run_facts(ARCHITECTURE)["history"][-1]["temperature"] < 3
