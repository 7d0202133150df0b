import json
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_gates import CHANNELS, Data, finish
from safetensors.numpy import load_file, save_file

from seviz.errors import UserError
from seviz.records.sites import Site
from seviz.reference.profile import BlockProfile, Profile

EMBEDDED = [64] * 3 + [192] * 4 + [384] * 6 + [896] * 3


@pytest.fixture
def made() -> Profile:
    data = Data(60)
    return finish(data.feed(data.indices, []))


def test_a_saved_profile_comes_back_class_figures_within_half_precision(
    made: Profile, tmp_path: Path
):
    made.save(tmp_path / "made.safetensors")
    back = Profile.load(tmp_path / "made.safetensors")
    assert replace(back, blocks={}) == replace(made, blocks={})
    assert list(back.blocks) == list(made.blocks)
    for name, block in back.blocks.items():
        for field, values in vars(block).items():
            original = getattr(made.blocks[name], field)
            assert values.dtype == np.float32
            error = 2**-12 if field.startswith("class") else 0
            error = 2**-11 * abs(original).max() if field == "z_class_mean" else error
            assert abs(values - original).max() <= error
    stored = load_file(tmp_path / "made.safetensors")
    halves = {name.split("/")[1] for name, array in stored.items() if array.dtype == np.float16}
    assert halves == {"class_mean", "class_std", "z_class_mean"}
    assert [file.name for file in tmp_path.iterdir()] == ["made.safetensors"]


def test_gates_without_bounds_and_classes_without_images_survive_saving(tmp_path: Path):
    data = Data(8)
    data.labels[:] = 1
    data.s["SE_2_2"] *= 1e6
    made = finish(data.feed(data.indices, []))
    made.save(tmp_path / "made.safetensors")
    back = Profile.load(tmp_path / "made.safetensors")
    assert back.class_counts == (0, 8, 0)
    assert np.isnan(back.blocks["SE_2_1"].class_mean[[0, 2]]).all()
    unbounded = [p.blocks["SE_2_2"].class_mean for p in (made, back)]
    np.testing.assert_array_equal(*unbounded)


def test_the_same_profile_is_saved_as_the_same_bytes(made: Profile, tmp_path: Path):
    made.save(tmp_path / "one")
    made.save(tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_profile_of_the_embedded_network_takes_less_than_10_mb(tmp_path: Path):
    rng = np.random.default_rng(0)

    def block(c: int) -> BlockProfile:
        shapes = [(c,), (c,), (33, c)] * 2 + [(200, c)] * 2 + [(33,)] * 2
        shapes += [(200, c), (c,), (c,), (2,), (1,)]
        return BlockProfile(*(rng.random(shape, np.float32) for shape in shapes))

    blocks = {f"SE_{i}": block(c) for i, c in enumerate(EMBEDDED)}
    classes = tuple(f"n{i:08}" for i in range(200))
    Profile("embedded", "made", classes, (50,) * 200, 2818, blocks).save(tmp_path / "x")
    assert (tmp_path / "x").stat().st_size < 9.5e6


def test_a_profile_that_cant_be_written_leaves_its_old_version(
    made: Profile, tmp_path: Path, monkeypatch
):
    path = tmp_path / "made.safetensors"
    made.save(path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UserError, match=r"made\.safetensors can't be written: No space left"):
        replace(made, data="other").save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_gets_one_sentence(made: Profile, tmp_path: Path):
    with pytest.raises(UserError, match=r"nowhere/x can't be written: No such file or directory\."):
        made.save(tmp_path / "nowhere" / "x")


def test_a_file_of_version_1_still_opens(made: Profile, tmp_path: Path):
    newer = ("z_class_mean", "s_within", "s_between", "share_interval", "neighbours")
    old = {name: replace(block, **dict.fromkeys(newer)) for name, block in made.blocks.items()}
    reworded(replace(made, blocks=old), tmp_path / "x", version=1)
    back = Profile.load(tmp_path / "x")
    assert back.blocks["SE_2_1"].s_between is None
    np.testing.assert_array_equal(back.blocks["SE_2_1"].s_mean, made.blocks["SE_2_1"].s_mean)


def test_classes_without_images_are_none_to_compare(made: Profile):
    assert made.has_classes
    assert replace(made, class_counts=(0, 5, 0)).measured_classes == [1]
    assert not replace(made, class_counts=(0, 5, 0)).has_classes


def reworded(made: Profile, path: Path, **changes: object) -> None:
    """Save a profile, then write its file again with other words in the metadata."""
    made.save(path)
    words = vars(made) | {"version": 1, "blocks": list(made.blocks)} | changes
    save_file(load_file(path), path, {"seviz_profile": json.dumps(words)})


def test_a_profile_from_before_weights_were_named_opens(made: Profile, tmp_path: Path):
    made.save(tmp_path / "x")
    words = vars(made) | {"version": 1, "blocks": list(made.blocks)}
    del words["weights"]
    save_file(load_file(tmp_path / "x"), tmp_path / "x", {"seviz_profile": json.dumps(words)})
    assert Profile.load(tmp_path / "x").weights is None
    replace(made, weights="ab" * 32).save(tmp_path / "x")
    assert Profile.load(tmp_path / "x").weights == "ab" * 32


def test_a_profile_of_another_format_gets_one_sentence(made: Profile, tmp_path: Path):
    reworded(made, tmp_path / "x", version=3)
    with pytest.raises(UserError, match=r"/x is of format 3, .* measure the profile anew\.$"):
        Profile.load(tmp_path / "x")


def test_a_file_that_is_no_profile_gets_one_sentence(made: Profile, tmp_path: Path):
    made.save(tmp_path / "whole")
    (tmp_path / "words").write_text("no profile, but longer than a header's first number")
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:-9])
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "weights")
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "torch", {"format": "pt"})
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "odd", {"seviz_profile": "[]"})
    reworded(made, tmp_path / "more", blocks=["SE_2_1", "SE_2_2", "SE_9_9"])
    reworded(made, tmp_path / "unknown", colour="red")
    for name in ("words", "cut", "weights", "torch", "odd", "more", "unknown"):
        with pytest.raises(UserError, match=rf"/{name} is no profile of a network, or it is dam"):
            Profile.load(tmp_path / name)


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path: Path):
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UserError, match=rf"^{path} is not there, or can't be opened\.$"):
            Profile.load(path)


def source(identity: str, digest: str | None = None, *, pixels: str = "") -> SimpleNamespace:
    """Stand for a network with weights of a sha256, and images of some kind."""
    return SimpleNamespace(identity=identity, digest=digest, pixels=pixels)


def sites(**channels: int) -> list[Site]:
    return [Site(f"layer1.{i}.se", n, 2, i, c, 8) for i, (n, c) in enumerate(channels.items())]


@pytest.mark.parametrize(
    ("model", "blocks", "says"),
    [
        ("other", CHANNELS, "of the network “made”, not of “other”"),
        (
            "made",
            {"SE_2_1": 3, "SE_2_2": 4},
            "at SE_2_2 it has 5 channels, and the network 4 channels",
        ),
        ("made", {"SE_2_1": 3}, "at SE_2_2 it has 5 channels, and the network no block"),
        (
            "made",
            {**CHANNELS, "SE_2_3": 7},
            "at SE_2_3 it has no block, and the network 7 channels",
        ),
    ],
)
def test_a_profile_of_another_network_is_refused(made: Profile, model: str, blocks, says: str):
    made.check_fits(source("made"), sites(**CHANNELS))
    with pytest.raises(UserError, match=says):
        made.check_fits(source(model), sites(**blocks))


def test_weights_tell_networks_apart_and_a_name_only_where_they_are_unknown(made: Profile):
    of_a = replace(made, weights="a" * 64)
    assert of_a.is_of(source("made", "a" * 64)) and of_a.is_of(source("renamed", "a" * 64))
    assert of_a.is_of(source("made", None)) and not of_a.is_of(source("other", None))
    assert replace(made, weights=None).is_of(source("made", "b" * 64))
    assert (of_a.doubt, replace(made, weights=None).doubt[:44]) == (
        "",
        "This profile of “made” is older and does not",
    )
    with pytest.raises(
        UserError,
        match=r"^This profile is of the network “made” with weights a{12}…, not of “made” with "
        r"weights b{12}…; use its own, which `python -m seviz profile` measures\.$",
    ):
        of_a.check_is_of(source("made", "b" * 64))


def test_statistics_of_other_images_are_refused(made: Profile):
    small, large = "3×64×64, mean 0.5, deviation 1", "3×224×224, mean 0.5, deviation 1"
    of_small = replace(made, pixels=small)
    assert of_small.is_of(source("made", pixels=small)) and made.is_of(source("made", pixels=large))
    with pytest.raises(
        UserError, match=rf"is of images of {small}, and the network gets .* {large}"
    ):
        of_small.check_is_of(source("made", pixels=large))


def test_every_field_of_a_block_is_saved_under_its_name(made: Profile, tmp_path: Path):
    made.save(tmp_path / "x")
    names = {field.name for field in fields(BlockProfile)}
    assert set(load_file(tmp_path / "x")) == {f"{b}/{f}" for b in CHANNELS for f in names}
