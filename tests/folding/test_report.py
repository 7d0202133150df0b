from pathlib import Path

import pytest
from folders import class_folders
from made_fold import off
from made_profile import made_block
from networks import randn

from seviz.errors import UserError
from seviz.folding import compare, report
from seviz.folding.fold import chosen_sites, fold
from seviz.folding.report import Tuning, Wanted, fold_network
from seviz.folding.tune import Tuned
from seviz.reference.profile import Profile
from seviz.zoo import catalogue
from seviz.zoo.folded import open_weights
from seviz.zoo.models import build_network


@pytest.fixture
def key(loaded) -> str:
    return catalogue.add_checkpoint(loaded.source)


@pytest.fixture(scope="module")
def profile(loaded, gates) -> Profile:
    """Statistics of three images, whose mean gates are made."""
    source = loaded.source
    blocks = {name: made_block(s_mean=s) for name, s in gates.items()}
    classes = ("ant", "bee", "cat")
    return Profile(source.identity, "noise", classes, (1, 1, 1), 3, blocks, source.sha256)


def test_all_is_measured_then_written(key, loaded, gates, profile, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compare, "PAIRS", {1: 3})
    class_folders(tmp_path, ["ant", "bee", "cat"], train=1, val=2)
    out, program = tmp_path / "f.safetensors", tmp_path / "f.pt2"
    places = ["SE_5_2", "SE_2*"]
    wanted = Wanted(places, out, profile, data=tmp_path, program=program, batches=[1])
    found = fold_network(key, wanted)
    assert [(each.batch, each.pairs) for each in found.latency] == [(1, 3)]
    assert found.blocks == dict.fromkeys(["SE_2_1", "SE_2_2", "SE_5_2"], "before")
    assert found.left == ("SE_3_1", "SE_3_2", "SE_4_1", "SE_4_2", "SE_5_1")
    assert (found.statistics, found.file) == ("noise, 3 images", str(out))
    assert (found.bytes, program.exists()) == (out.stat().st_size, True)
    assert (found.accuracy.images, found.tuned, found.onnx_error, found.plain) == (
        6,
        None,
        None,
        None,
    )
    assert max(found.error, found.program_error) < 1e-5
    source = open_weights(out, "")
    sites = chosen_sites(loaded.probe.sites, places)
    expected = fold(loaded, sites, gates, statistics="").model
    x = randn(2, 3, 64, 64, seed=5)
    assert off(build_network(source)(x), expected(x)) < 1e-6


def test_it_stands_beside_the_file_that_it_was_folded_from(key, profile, tmp_path: Path):
    out, original = tmp_path / "f.safetensors", catalogue.find(key)
    fold_network(key, Wanted(["all"], out, profile, batches=()))
    folded = open_weights(out, "")
    beside = catalogue.find(catalogue.put_beside(folded, str(original.file)))
    assert (beside.digest, beside.twin) == (original.digest, folded)
    assert (beside.pixels, beside.labels) == (original.pixels, original.labels)
    with pytest.raises(UserError, match="is not a file; give the path"):
        catalogue.put_beside(folded, str(tmp_path / "none.safetensors"))
    again = fold_network(key, Wanted(["SE_5_1"], out, profile, batches=()))
    assert "SE_5_1" not in again.left
    further = catalogue.add_checkpoint(open_weights(out, ""))
    with pytest.raises(UserError, match="SE_5_1 is folded already"):
        fold_network(further, Wanted(["SE_5_1"], tmp_path / "g.safetensors", profile, batches=()))


def test_tuning_is_said_in_the_file(key, profile, tmp_path: Path, monkeypatch):
    tuned = Tuned("d (train)", "d (val)", 6, (0.1, 0.2, 0.3), 2, 128, 1.0, 0)
    asked = {}

    def tune(model, source, data, **options):
        asked.update(options, data=data)
        model.fc.bias.fill_(7)
        return tuned

    monkeypatch.setattr(report, "tune", tune)
    out = tmp_path / "f.safetensors"
    wanted = Wanted(["all"], out, profile, tuning=Tuning("d", 2.0, 3), batches=())
    found = fold_network(key, wanted)
    assert (found.tuned, found.latency, found.left) == (tuned, (), ())
    assert (asked["data"], asked["minutes"], asked["seed"]) == ("d", 2.0, 3)
    source = open_weights(out, "")
    assert source.description.tuned == tuned.words
    assert build_network(source).fc.bias.tolist() == [7.0] * 3


def test_without_statistics_or_with_a_wrong_block_nothing_is_written(key, profile, tmp_path):
    out = tmp_path / "f.safetensors"
    with pytest.raises(UserError, match="There are no reference statistics of “mine"):
        fold_network(key, Wanted(["all"], out))
    with pytest.raises(UserError, match="no block “SE_9_1” here"):
        fold_network(key, Wanted(["SE_9_1"], out, profile))
    assert not out.exists()
