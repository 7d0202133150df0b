"""The head of README.md, which configures a Space, and what a Space installs."""

from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from seviz.ui.explore.opening import NETWORK
from seviz.zoo.catalogue import find, openable_sources
from seviz.zoo.download import HUB_FILE

ROOT = Path(__file__).resolve().parents[1]
KEYS = (  # of those that the Hub knows
    "title emoji colorFrom colorTo sdk sdk_version app_file python_version license "
    "short_description thumbnail tags suggested_hardware models preload_from_hub"
)
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
PYTHONS = ("3.10", "3.10.13", "3.12", "3.12.12")  # of ZeroGPU
TORCHES = [  # of ZeroGPU, each with its torchvision
    ("2.8.0", "0.23.0"),
    ("2.9.1", "0.24.1"),
    ("2.10.0", "0.25.0"),
    ("2.11.0", "0.26.0"),
]
LONGEST = 60  # characters of the short description, which the Hub refuses if it is longer
MOST_WORDS = 1500


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def head(readme: str) -> dict:
    return yaml.safe_load(readme.split("---\n")[1])


@pytest.fixture(scope="module")
def needs() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return {needed.name: needed for needed in map(Requirement, lines)}


def test_the_head_has_the_keys_that_the_hub_knows(head: dict):
    assert " ".join(head) == KEYS
    assert {head["colorFrom"], head["colorTo"]} <= COLOURS
    assert len(head["short_description"]) <= LONGEST
    assert head["license"] == "mit"


def test_a_space_runs_the_app_on_zerogpu(head: dict, needs: dict[str, Requirement]):
    assert (head["sdk"], head["suggested_hardware"]) == ("gradio", "zero-a10g")
    assert (ROOT / head["app_file"]).is_file()
    assert head["python_version"] in PYTHONS
    assert needs["gradio"].specifier.contains(head["sdk_version"])


@pytest.mark.parametrize(("torch", "torchvision"), TORCHES)
def test_the_requirements_take_what_zerogpu_has(
    needs: dict[str, Requirement], torch: str, torchvision: str
):
    assert needs["torch"].specifier.contains(torch)
    assert needs["torchvision"].specifier.contains(torchvision)


def test_what_a_space_brings_is_the_file_that_the_opening_network_is_read_from(head: dict):
    opening = find(NETWORK)
    # No revision: seviz asks the cache for the newest one, by its name.
    assert head["preload_from_hub"] == [f"{opening.origin} {HUB_FILE}"]
    assert 90e6 < opening.figures.bytes < 120e6
    assert opening.origin in head["models"]
    hub = {source.origin for source in openable_sources() if source.kind == "hub"}
    assert set(head["models"]) <= hub


def test_the_thumbnail_is_a_file_of_the_repository_at_a_full_address(head: dict, readme: str):
    place, _, path = head["thumbnail"].partition("/resolve/main/")
    owner = place.removeprefix("https://huggingface.co/spaces/")
    assert (ROOT / path).is_file()
    assert f"sed -i 's#{owner}#YOU/seviz#' README.md" in readme  # whoever hosts it puts their own


def test_the_readme_and_its_section_about_hosting_are_short(readme: str):
    hosting = readme.split("## Hosting\n")[1].split("\n## ")[0]
    assert len(hosting.split()) <= 150
    assert len(readme.split()) <= MOST_WORDS
