import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import timm
from networks import awake
from safetensors.torch import save_file

import seviz
from seviz.answers.provenance import arm_edits, provenance, provenance_of_trace
from seviz.gates.grammar import parse_arms
from seviz.nets.embedded import ASSETS
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.file import file_of, read_file
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.records.trace import Trace
from seviz.zoo import catalogue
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.settings import Settings


@pytest.fixture(scope="module")
def record(picture: Path) -> Trace:
    arms = parse_arms(["intact", "half: SE_4*=0.5", "twin"])
    return ask(trace, "embedded", read_file(picture), arms)


def test_a_trace_names_its_photograph_network_input_and_edits(record: Trace, picture: Path):
    found = json.loads(json.dumps(asdict(provenance_of_trace(record, "seviz trace x"))))
    content = (ASSETS / "seresnet50_slim.safetensors").read_bytes()
    assert found["photographs"] == [
        {
            "path": str(picture),
            "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(),
            "width": 240,
            "height": 180,
        }
    ]
    assert found["network"] == {
        "key": "embedded",
        "title": "SE-ResNet-50 slim · embedded",
        "architecture": "seresnet50_slim",
        "source": "embedded",
        "file": "seresnet50_slim.safetensors",
        "sha256": hashlib.sha256(content).hexdigest(),
        "stored": None,
    }
    assert found["twin"]["key"] == "twin"
    assert found["input_size"] == [3, 64, 64]
    assert found["mean"] == pytest.approx([0.485, 0.456, 0.406])
    assert found["std"] == pytest.approx([0.229, 0.224, 0.225])
    assert found["edits"] == {"intact": "intact", "half": "SE_4*=0.5", "twin": "twin"}
    assert (found["device"], found["precision"]) == ("CPU", "float32")
    assert found["versions"]["seviz"] == seviz.__version__
    assert found["versions"]["timm"] == timm.__version__
    assert {"python", "torch", "numpy", "pillow", "captum"} <= set(found["versions"])
    assert (found["command"], found["data"]) == ("seviz trace x", None)


def test_without_a_command_the_one_that_makes_it_is_named(record: Trace, picture: Path):
    assert provenance_of_trace(record).command == (
        f"seviz trace {picture} --model embedded --arms intact 'half: SE_4*=0.5' twin --out DIR"
    )
    unknown = replace(record, photo=None)
    assert provenance_of_trace(unknown).command.startswith("seviz trace PHOTO --model")
    assert provenance_of_trace(unknown).photographs == ()


def test_a_users_file_is_named_with_its_digest_never_as_checkpoint_alone(
    tmp_path: Path, picture: Path
):
    file = tmp_path / "mine.safetensors"
    save_file(awake("seresnet50_slim").bfloat16().state_dict(), file)
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet50_slim"))
    record = ask(trace, key, read_file(picture), [INTACT])
    found = provenance_of_trace(record)
    assert (found.network.stored, found.precision) == ("bfloat16", "float32")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (found.network.key, found.network.file) == (None, "mine.safetensors")
    assert (found.network.sha256, found.network.architecture) == (digest, "seresnet50_slim")
    assert "--checkpoint mine.safetensors --arch seresnet50_slim" in found.command
    save_file(awake("seresnet50_slim", seed=1).state_dict(), file)  # trained on
    assert provenance_of_trace(record).network.sha256 == digest  # of the weights that answered


def test_a_network_in_memory_has_its_name_alone(small, photo):
    found = provenance_of_trace(trace(small, photo, [INTACT]))
    assert (found.network.key, found.network.source) == ("small", "memory")
    assert (found.network.file, found.network.sha256) == (None, None)


def test_the_twin_is_named_only_where_it_was_asked(picture: Path):
    photo = file_of(read_file(picture))
    assert provenance("embedded", [photo], edits=arm_edits([INTACT])).twin is None
    assert provenance("embedded", [photo], edits=arm_edits([TWIN])).twin.key == "twin"
    assert provenance("embedded", data=Path("d")).data == "d"


def test_the_command_says_how_a_users_file_was_opened(tmp_path: Path, picture: Path):
    file = tmp_path / "mine.safetensors"
    save_file(awake("seresnet50_slim").state_dict(), file)
    labels = tmp_path / "my names.txt"
    labels.write_text("\n".join(map(str, range(200))))
    settings = Settings(labels, "sigmoid", (64, 64), (0.5,), (0.25, 0.5, 1.0))
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet50_slim", settings))
    record = ask(trace, key, read_file(picture), [INTACT])
    plain = provenance_of_trace(record).command
    assert plain == (
        "seviz trace "
        f"{picture} --checkpoint mine.safetensors --arch seresnet50_slim --labels 'my names.txt' "
        "--head sigmoid --input-size 64 64 --mean 0.5 --std 0.25 0.5 1.0 --arms intact --out DIR"
    )
    static = replace(record, arms=(INTACT, STATIC))
    assert " 1.0 --profile PROFILE --arms intact static" in provenance_of_trace(static).command
