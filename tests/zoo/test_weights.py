import json
import struct
from pathlib import Path

import pytest
import torch
from networks import randn
from safetensors.torch import save, save_file

from seviz.errors import UserError
from seviz.zoo.weights import (
    check_file,
    check_values,
    listed,
    match,
    misfit,
    read_bytes,
    said_of,
    tensors,
)

WANTED = ("conv.weight", "bn.weight", "layer.0.conv.weight", "fc.weight")


@pytest.mark.parametrize(
    "prefix",
    ["", "module.", "model.", "_orig_mod.", "ema.", "state_dict.", "backbone.", "net.", "a.b.c."],
)
def test_the_prefix_of_most_names_is_found(prefix: str):
    found = match([prefix + name for name in WANTED], WANTED)
    assert {*found.names} == {*WANTED}
    assert all(found.names[name] == prefix + name for name in WANTED)
    assert found.prefix == ("" if prefix == "_orig_mod." else prefix)
    assert found.left_out == ()
    said = said_of(Path("f"), found)
    assert len(said) == bool(prefix)
    if prefix:
        assert said[0].startswith("The names of f's tensors are read without ")


def test_names_of_wrappers_are_taken_out_wherever_they_are():
    odd = [
        "_orig_mod.module.conv.weight",
        "_orig_mod.module.bn.weight",
        "_orig_mod.module.layer._orig_mod.0._checkpoint_wrapped_module.conv.weight",
        "_orig_mod.module.fc.weight",
    ]
    found = match(odd, WANTED)
    assert found.names == dict(zip(WANTED, odd, strict=True))
    assert said_of(Path("f"), found) == (
        "The names of f's tensors are read without “module.” and wrappers such as “_orig_mod.”.",
    )


def test_an_average_beside_the_weights_and_other_tensors_are_left_out_and_said():
    for own, average in (("", "ema."), ("model.", "ema."), ("state_dict.", "state_dict_ema.")):
        names = [average + name for name in WANTED] + [own + name for name in WANTED]
        found = match(names, WANTED)
        assert found.names == {name: own + name for name in WANTED}
        assert found.left_out == tuple(sorted(average + name for name in WANTED))
    found = match(["net.loss.weight", *(f"net.m.{name}" for name in WANTED)], WANTED)
    assert (found.prefix, found.left_out) == ("net.m.", ("net.loss.weight",))
    assert said_of(Path("f"), found)[1] == ("1 other tensors of f are not used: net.loss.weight.")


def test_of_two_networks_in_a_file_the_same_is_taken_in_any_order():
    names = [prefix + name for prefix in ("net_a.", "net_b.") for name in WANTED]
    one, other = match(names, WANTED), match(reversed(names), WANTED)
    assert (one, one.prefix) == (other, "net_a.")
    assert one.left_out == tuple(sorted(names[len(WANTED) :]))


def test_of_a_name_with_a_wrapper_and_without_the_other_is_said():
    names = [*WANTED, f"_orig_mod.{WANTED[0]}"]
    for order in (names, reversed(names)):
        found = match(order, WANTED)
        assert found.names == {name: name for name in WANTED}
        assert found.left_out == (f"_orig_mod.{WANTED[0]}",)


def test_a_network_without_its_head_is_found_and_another_network_is_not():
    headless = match([f"backbone.{name}" for name in WANTED[:3]], WANTED)
    assert {*headless.names} == {*WANTED[:3]}
    other = match(["a.conv.weight", "b.weight", "c"], WANTED)
    assert (other.prefix, other.left_out) == ("", ())
    assert [*other.names] == ["a.conv.weight", "b.weight", "c"]


def test_what_does_not_fit_is_counted_and_named():
    ours = {"a": (2, 3), "b": (1,), "c": ()}
    assert misfit(ours, ours | {"bn.num_batches_tracked": ()}) == ""
    assert misfit(ours, {"a": (2, 4), "c": (), "\x1b[31m": (1,)}) == (
        "it lacks 1 of the architecture's tensors: b; it holds 1 that the architecture does not "
        "have: \\x1b[31m; it holds 1 of another shape: a is 2×4 and should be 2×3"
    )
    assert listed("abcde") == "a, b, c, and 2 more"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1.0, float("nan")], r"In f a\\x1b holds NaN \(1 of 2\)"),
        ([float("inf"), -float("inf")], r"In f a\\x1b holds infinite numbers \(2 of 2\)"),
    ],
)
@pytest.mark.parametrize("form", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_values_that_are_not_finite_are_named_by_tensor(values, says: str, form: torch.dtype):
    good = {"fine": torch.ones(2), "bn.num_batches_tracked": torch.tensor(1)}
    check_values(Path("f"), good)
    with pytest.raises(UserError, match=says):
        check_values(Path("f"), good | {"a\x1b": torch.tensor(values, dtype=form)})


def test_numbers_that_only_float64_holds_are_not_called_infinite():
    large = torch.tensor([1.0, 1e300, -1e300], dtype=torch.float64)
    with pytest.raises(UserError, match=r"holds numbers too large for float32 \(2 of 3\); bring"):
        check_values(Path("f"), {"a": large})


@pytest.mark.parametrize("form", [torch.int8, torch.uint8, torch.bool, torch.complex64])
def test_values_of_other_kinds_are_refused(form: torch.dtype):
    with pytest.raises(UserError, match=f"holds {str(form)[6:]} values; weights must be floating"):
        check_values(Path("f"), {"a": torch.zeros(2, dtype=form)})


def test_whole_numbers_stay_where_the_architecture_has_them():
    positions = torch.arange(3)
    check_values(Path("f"), {"at": positions}, whole={"at"})
    with pytest.raises(UserError, match="holds float16 values, and the architecture has whole"):
        check_values(Path("f"), {"at": positions.half()}, whole={"at"})


def test_a_pickle_is_told_with_the_line_that_converts_it(tmp_path: Path):
    file = tmp_path / "my weights.pth"
    for old in (False, True):
        torch.save({"a": randn(2)}, file, _use_new_zipfile_serialization=not old)
        with pytest.raises(UserError) as error:
            read_bytes(file)
        assert str(error.value).endswith(
            f"python -m seviz convert '{file}' '{tmp_path}/my weights.safetensors'"
        )


def test_a_header_that_begins_like_a_pickle_is_read(tmp_path: Path):
    for length in range(500, 800):
        content = save({"a" * length: randn(1)})
        if content[:2] == b"\x80\x02":
            break
    (tmp_path / "f").write_bytes(content)
    assert content[:2] == b"\x80\x02" and read_bytes(tmp_path / "f") == content


def header(**tensor: object) -> bytes:
    text = json.dumps({"a": {"dtype": "F32", "data_offsets": [0, 0], **tensor}}).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"\xff" * 20,
        header(shape=[2**33, 2**33, 0]),
        header(shape=[-1]),
        header(shape="x"),
        header(shape=[0], dtype="F33"),
        header(shape=[2**64, 0]),
    ],
)
def test_what_is_no_safetensors_is_a_sentence(content: bytes, tmp_path: Path):
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(UserError, match="is not a safetensors file, or is damaged"):
        check_file(tmp_path / "f")
    save_file({"a": randn(1)}, tmp_path / "f")
    check_file(tmp_path / "f")


def test_an_endless_shape_without_values_is_read_as_it_is():
    assert tensors(Path("f"), header(shape=[2**33, 0]))["a"].shape == (2**33, 0)


def test_a_pickle_called_safetensors_is_to_be_converted_into_another_file(tmp_path: Path):
    (tmp_path / "a.safetensors").write_bytes(b"PK\x03\x04")
    with pytest.raises(UserError, match=r"convert \S+a.safetensors \S+a-converted.safetensors$"):
        read_bytes(tmp_path / "a.safetensors")
