from pathlib import Path

import pytest
from made_fold import made_gates
from networks import awake
from safetensors.torch import save_file

from seviz.folding.fold import FoldedNetwork, chosen_sites, fold
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.settings import Settings


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> LoadedModel:
    """A random SE-ResNet-18 of a file, three classes."""
    file = tmp_path_factory.mktemp("original") / "mine.safetensors"
    save_file(awake("seresnet18", num_classes=3).state_dict(), file)
    file.with_suffix(".txt").write_text("ant\nbee\ncat\n")
    return prepare(open_checkpoint(file, "seresnet18", Settings(size=(64,))))


@pytest.fixture(scope="session")
def gates(loaded):
    return made_gates(loaded.model)


@pytest.fixture(scope="session")
def folded(loaded, gates) -> FoldedNetwork:
    """The network with two of its eight blocks folded."""
    sites = chosen_sites(loaded.probe.sites, ["SE_5*"])
    return fold(loaded, sites, gates, statistics="made gates")


@pytest.fixture
def file(folded, tmp_path: Path) -> Path:
    """The file of the network with two blocks folded."""
    path = tmp_path / "folded.safetensors"
    path.write_bytes(folded.content())
    return path


@pytest.fixture
def whole_file(loaded, gates, tmp_path: Path) -> Path:
    """The file of the network with all blocks folded."""
    path = tmp_path / "whole.safetensors"
    path.write_bytes(fold(loaded, loaded.probe.sites, gates, statistics="made gates").content())
    return path
