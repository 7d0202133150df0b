import json
from pathlib import Path

import pytest
from made_folded import made_description
from safetensors.numpy import save_file

from seviz.errors import UserError
from seviz.zoo.description import KEY, VERSION, Preprocessing, read_description

SAID = json.loads(made_description().to_json())


def written(path: Path, text: str) -> Path:
    save_file({}, path, {KEY: text})
    return path


def test_what_is_written_is_read_again(tmp_path: Path):
    for description in (
        made_description(),
        made_description(labels=None, folders=None, tuned="for 3 minutes"),
    ):
        file = written(tmp_path / "f.safetensors", description.to_json())
        assert read_description(file) == description
        assert hash(read_description(file)) == hash(description)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x04", b"PK\x03\x04", b"\xff" * 40, (10**12).to_bytes(8, "little") + b"{}"],
)
def test_other_files_have_none(tmp_path: Path, content: bytes):
    (tmp_path / "f").write_bytes(content)
    assert read_description(tmp_path / "f") is None
    assert read_description(tmp_path / "none") is None
    assert read_description(tmp_path) is None


def test_safetensors_without_a_description_have_none(tmp_path: Path):
    for metadata in (None, {"format": "pt"}):
        save_file({}, tmp_path / "f", metadata)
        assert read_description(tmp_path / "f") is None
    header = json.dumps({"__metadata__": [1]}).encode()
    (tmp_path / "f").write_bytes(len(header).to_bytes(8, "little") + header)
    assert read_description(tmp_path / "f") is None


def changed(**changes: object) -> str:
    return json.dumps(SAID | changes)


def preprocessed(**changes: object) -> str:
    return changed(preprocessing=SAID["preprocessing"] | changes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "it is no JSON;"),
        ("[" * 100_000, "it is no JSON;"),
        ("[]", "it is no JSON object"),
        ("{}", "it is of version None, and this seviz reads 1"),
        (changed(version=VERSION + 1), "it is of version 2"),
        (changed(architecture=["a"]), "“architecture” is missing, or is not a text"),
        (changed(architecture="a" * 1001), "“architecture” has more than 1,000 characters"),
        (changed(blocks="SE_5_1"), "“blocks” is missing, or is not a list"),
        (changed(blocks=["a", 1]), "“blocks” is a list of texts"),
        (changed(blocks=["a", "a"]), "“blocks” names something twice"),
        (changed(removed=None), "“removed” is missing"),
        (changed(scaled={"a": 1.5}), "“a” is missing, or is not a whole number"),
        (changed(scaled={"a": True}), "“a” is missing, or is not a whole number"),
        (changed(head="argmax"), "“head” is softmax or sigmoid"),
        (changed(labels=[["a"]]), "“labels” is a list of texts"),
        (changed(labels=["a"] * 100_001), "“labels” is a list of texts"),
        (changed(folders={}), "“folders” is missing, or is not a list"),
        (changed(origin=None), "“origin” is missing"),
        (changed(origin={"network": "a"}), "“rule” is missing"),
        (changed(tuned=3), "“tuned” is missing, or is not a text"),
        (changed(preprocessing=None), "“preprocessing” is missing"),
        (preprocessed(size=[10**9, 10**9]), "“size” is height and width, of 1 to 2048 pixels"),
        (preprocessed(size=[64]), "“size” is height and width"),
        (preprocessed(size=[0, 64]), "“size” is height and width"),
        (preprocessed(mean=[float("nan")] * 3), "“mean” is from 0 to 1"),
        (preprocessed(mean=["a"] * 3), "“mean” is from 0 to 1"),
        (preprocessed(mean=[0.5] * 2), "“mean” has one number, or one for each of three"),
        (preprocessed(std=[0.0] * 3), "“std” is from 0.001 to 1"),
        (preprocessed(interpolation="random"), "“interpolation” is bicubic or"),
        (preprocessed(crop_pct=10**400), "“crop_pct” is from 0.01 to 1"),
        (preprocessed(crop_mode=""), "“crop_mode” is border or"),
    ],
)
def test_a_wrong_description_gets_one_sentence(tmp_path: Path, text: str, says: str):
    file = written(tmp_path / "f.safetensors", text)
    with pytest.raises(UserError) as error:
        read_description(file)
    start = f"{file} is the file of a folded network, but its description is wrong: {says}"
    assert str(error.value).startswith(start)
    assert "\n" not in str(error.value)


def test_preprocessing_is_what_timm_knows(tmp_path: Path):
    config = {"input_size": (3, 60, 64), "mean": (0.5,) * 3, "std": (0.25,) * 3, "crop_pct": 0.875}
    known = Preprocessing.of(config | {"interpolation": "box", "crop_mode": "squash", "more": 1})
    expected = config | {"interpolation": "box", "crop_mode": "squash"}
    assert known.config(3) == expected
    assert Preprocessing.of(config).config(3)["interpolation"] == "bicubic"
