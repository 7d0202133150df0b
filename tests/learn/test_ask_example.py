"""What is kept of an example, as a network gives it."""

from pathlib import Path

import numpy as np
import pytest
from downloaded import downloaded

from seviz.learn.ask_example import ask_example
from seviz.learn.example import load_example
from seviz.learn.story import telling_gate
from seviz.passes.forward import trace
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo.models import prepare

KEY = "seresnet50.a1_in1k"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "model.safetensors"
    file.touch()
    return file


def test_it_is_the_answer_of_any_network_in_its_default_arms(monkeypatch, weights: Path):
    loaded = prepare(downloaded(monkeypatch, KEY, weights))
    photo = read_file(EXAMPLES[0].path)
    asked = ask_example(loaded, EXAMPLES[0], photo, weights={KEY: "0"})
    alone = trace(loaded, photo, [INTACT, IDENTITY])
    np.testing.assert_array_equal(asked.trace.logits, alone.logits)
    assert (asked.trace.model, asked.trace.arms) == (KEY, alone.arms)  # it has no statistics
    assert (asked.trace.photo, asked.name) == (alone.photo, "lion")
    assert (asked.maps.site.name, asked.channel) == telling_gate(alone)
    assert asked.maps.u.any((1, 2)).sum() > 1  # not that channel alone
    assert asked.silenced.shape == alone.logits[0].shape


def test_it_is_kept_in_a_file(monkeypatch, weights: Path, tmp_path: Path):
    loaded = prepare(downloaded(monkeypatch, KEY, weights))
    photo, path = read_file(EXAMPLES[0].path), tmp_path / "example.npz"
    asked = ask_example(loaded, EXAMPLES[0], photo, weights={KEY: "0"})
    asked.save(path)
    kept = load_example(path, photo)
    np.testing.assert_array_equal(kept.trace.seen, asked.trace.seen)
    np.testing.assert_array_equal(kept.maps.u[kept.channel], asked.maps.u[asked.channel])
    assert (kept.weights, kept.made) == ({KEY: "0"}, asked.made)
