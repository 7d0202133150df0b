import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import torch
from huggingface_hub import save_torch_state_dict
from networks import randn, random_network
from safetensors.torch import load_file, save_file
from weight_shards import FIRST, SECOND, write_index, write_shards

from seviz.errors import UserError
from seviz.zoo import shards
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.folded import open_weights
from seviz.zoo.shards import (
    digest_of_shards,
    number_format,
    read_stored,
    stored_bytes,
    weight_files,
    weights_file,
)


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    return random_network("seresnet18", num_classes=3).state_dict()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_shards(tmp_path, {"a": randn(2), "b": randn(3), "c": randn(4)})


@pytest.mark.parametrize("form", [torch.float16, torch.bfloat16, torch.float32])
def test_a_sharded_network_is_the_same_as_one_file(tmp_path: Path, weights, form: torch.dtype):
    stored = {
        name: value.to(form) if value.is_floating_point() else value
        for name, value in weights.items()
    }
    index = write_shards(tmp_path, {f"module.{name}": value for name, value in stored.items()})
    (tmp_path / "model.txt").write_text("cat\ndog\nfox\n")
    for given in (index, tmp_path):
        source = open_weights(given, "seresnet18")
        assert source.title == "model.safetensors.index.json · seresnet18"
        assert source.labels == ("cat", "dog", "fox")
        built = source.build().state_dict()
        for name, value in stored.items():
            wanted = value.float() if value.is_floating_point() else value
            assert built[name].dtype == wanted.dtype
            assert torch.equal(built[name], wanted)
        assert source.entry().size == sum(
            (tmp_path / shard).stat().st_size for shard in (FIRST, SECOND)
        )
        kind = str(form).removeprefix("torch.")
        said = f"model.safetensors.index.json is stored as {kind}, and computed in float32."
        assert (said in source.notes) == (form != torch.float32)


def test_shards_of_the_hubs_own_library_open(tmp_path: Path, weights):
    save_torch_state_dict(dict(weights), tmp_path, max_shard_size="15MB", metadata={"a": "b"})
    assert len(list(tmp_path.glob("model-*-of-*.safetensors"))) > 2
    built = open_weights(tmp_path, "seresnet18").build().state_dict()
    assert all(torch.equal(built[name], value) for name, value in weights.items())


def test_the_digest_is_that_of_the_list_of_all_shards(small: Path):
    command = "sha256sum *.safetensors | sha256sum"
    environment = {**os.environ, "LC_ALL": "C"}
    printed = subprocess.run(
        command, shell=True, cwd=small.parent, env=environment, capture_output=True, check=True
    )
    assert read_stored(small).digest == printed.stdout.decode().split()[0]
    one = small.parent / FIRST
    assert read_stored(one).digest == hashlib.sha256(one.read_bytes()).hexdigest()
    assert digest_of_shards({"b": "1", "a": "2"}) == digest_of_shards({"a": "2", "b": "1"})


def test_a_shard_that_changes_after_it_was_opened_is_not_loaded(tmp_path: Path, weights):
    source = open_checkpoint(write_shards(tmp_path, weights), "seresnet18")
    assert read_stored(source.file).digest == source.digest
    held = load_file(tmp_path / SECOND)
    save_file({name: value + 1 for name, value in held.items()}, tmp_path / SECOND)
    with pytest.raises(UserError, match="was changed after it was opened; open it again"):
        source.build()
    (tmp_path / SECOND).unlink()
    assert source.entry().size is None
    with pytest.raises(UserError, match="lists 2 shards, of which 1 are not beside it: model"):
        source.build()


@pytest.mark.parametrize(
    "name",
    [
        "../model.safetensors",
        "/etc/model.safetensors",
        "sub/model.safetensors",
        "..\\model.safetensors",
        "C:model.safetensors",
        "..",
        ".",
        "",
        "a\0.safetensors",
        "a\x1b.safetensors",
    ],
)
def test_a_shard_lies_in_the_folder_of_its_index(tmp_path: Path, name: str):
    save_file({"a": randn(2)}, tmp_path / "model.safetensors")
    (tmp_path / "inside").mkdir()
    index = write_index(tmp_path / "inside", {"a": name})
    with pytest.raises(UserError, match="is not the name of a file beside it") as error:
        read_stored(index)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("weight_map", "says"),
    [
        ({"a": "pytorch_model.bin"}, "is no .safetensors file; `seviz convert` turns"),
        ({"a": 7}, "lists 7 as a shard; shards are names of files"),
        ({"a": [FIRST]}, "as a shard; shards are names of files"),
        ({}, "has no “weight_map”"),
        ([], "has no “weight_map”"),
        (None, "has no “weight_map”"),
        ({"a": FIRST, "b": SECOND, "c": FIRST}, "00001-of-00002.safetensors lacks 1 of the 2 .* c"),
        ({"a": FIRST, "b": SECOND}, "00002-of-00002.safetensors holds 1 tensors that .* there: c"),
        (
            {"a": FIRST, "b": SECOND, "c": "model-3.safetensors"},
            "lists 3 shards, of which 1 are not beside it: model-3.safetensors; bring all",
        ),
    ],
)
def test_an_index_that_does_not_fit_gets_one_sentence(small: Path, weight_map: object, says: str):
    write_index(small.parent, weight_map)
    with pytest.raises(UserError, match=says) as error:
        read_stored(small)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "is not JSON, or is damaged"),
        (b"", "is not JSON, or is damaged"),
        (b"\xff\xfe", "is not JSON, or is damaged"),
        (b"[" * 100_000, "is not JSON, or is damaged"),
        (b"7", "has no “weight_map”"),
        (b'{"weight_map": {"a": "x", "a": "y"}}', "names a twice; get the index anew"),
        (b'{"weight_map": {"a": "x"}, "weight_map": {}}', "names weight_map twice"),
    ],
)
def test_damaged_json_gets_one_sentence(small: Path, text: bytes, says: str):
    small.write_bytes(text)
    with pytest.raises(UserError, match=says):
        read_stored(small)


def test_a_huge_index_is_not_read(small: Path, monkeypatch):
    monkeypatch.setattr(shards, "LARGEST_INDEX", 10)
    with pytest.raises(UserError, match="is larger than 0 MB; it is no index"):
        read_stored(small)


def test_a_tensor_in_two_shards_is_refused(small: Path):
    held = load_file(small.parent / FIRST) | {"b": randn(3)}
    save_file(held, small.parent / FIRST)
    with pytest.raises(UserError, match=r"00001-of-00002\.safetensors holds 1 tensors that"):
        read_stored(small)


def test_a_damaged_shard_is_named(small: Path):
    (small.parent / SECOND).write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"00002-of-00002\.safetensors is not a safetensors file"):
        read_stored(small)


def test_a_folder_is_its_index_or_its_only_file(tmp_path: Path, small: Path):
    assert weights_file(tmp_path) == small
    assert weights_file(small) == small
    shards_there = (small, tmp_path / FIRST, tmp_path / SECOND)
    assert weight_files(tmp_path) == weight_files(small) == shards_there
    assert weight_files(tmp_path / FIRST) == (tmp_path / FIRST,)
    assert stored_bytes(tmp_path / FIRST) == (tmp_path / FIRST).stat().st_size
    small.unlink()
    with pytest.raises(UserError, match="holds 2 files of weights"):
        weights_file(tmp_path)
    (tmp_path / SECOND).unlink()
    assert weights_file(tmp_path) == tmp_path / FIRST
    (tmp_path / FIRST).unlink()
    with pytest.raises(UserError, match=r"holds no \.safetensors file, and no index of shards"):
        weights_file(tmp_path)
    with pytest.raises(UserError, match=r"is not a file; give the path of a \.safetensors.index"):
        read_stored(small)


def test_formats_are_named_by_how_many_numbers_have_them():
    weights = {
        "a": torch.zeros(2),
        "b": torch.zeros(5, dtype=torch.bfloat16),
        "bn.num_batches_tracked": torch.tensor(7),
    }
    assert number_format(weights.items()) == "bfloat16 and float32"
    assert number_format([]) == ""
