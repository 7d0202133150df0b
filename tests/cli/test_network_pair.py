import json
from pathlib import Path

import pytest
from made_collection import made_photograph
from networks import awake
from PIL import Image
from safetensors.torch import save_file
from weight_shards import write_shards

from seviz.__main__ import main
from seviz.answers.network_pair import network_pair_answer
from seviz.photos.read import read_photo

PAIR = ["compare", "--networks"]


@pytest.fixture
def picture(tmp_path: Path, photo: Image.Image) -> str:
    photo.save(tmp_path / "garden.png")
    return str(tmp_path / "garden.png")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "many").mkdir()
    for seed in range(6):
        made_photograph(seed).save(tmp_path / "many" / f"{seed}.png")
    (tmp_path / "many" / "bad.png").write_bytes(b"no picture")
    return str(tmp_path / "many")


def test_json_holds_what_the_library_finds_and_what_both_are(capsys, picture):
    command = [*PAIR, "lab_resnet_se", "twin", picture, "--method", "gradcam", "--json"]
    assert main(command) == 0
    value = json.loads(capsys.readouterr().out)
    ours = network_pair_answer(
        "lab_resnet_se", "twin", read_photo(Path(picture)), method="gradcam"
    ).report
    assert value["headline"] == ours.headline
    assert [side["model"] for side in (value["a"], value["b"])] == ["lab_resnet_se", "twin"]
    assert value["maps"]["likeness"]["spearman"] == pytest.approx(ours.maps.likeness.spearman)
    assert value["similarity"] is None
    assert value["why_null"]["similarity"].startswith("no photographs were given")
    assert [of["network"]["key"] for of in value["provenance"]] == ["lab_resnet_se", "twin"]
    assert all(of["network"]["sha256"] for of in value["provenance"])
    assert all(of["photographs"][0]["sha256"] for of in value["provenance"])


def test_people_get_both_answers_and_a_line_a_block(capsys, picture):
    assert main([*PAIR, "lab_resnet_se", "lab_resnet_tanh", picture]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("A: SE-ResNet · standard · laboratory, 8 SE blocks: ")
    assert lines[2].startswith("B: SE-ResNet · tanh gates · laboratory, 8 SE blocks: ")
    assert lines[3] == ("20 classes in common, matched by WordNet id; 0 of A alone, 0 of B alone")
    assert len([line for line in lines if line.startswith("SE_")]) == 8
    assert "lab_resnet_se (" in lines[-2] and "lab_resnet_tanh (" in lines[-1]


def test_gates_are_compared_over_a_folder_with_a_photograph_or_without(capsys, folder):
    assert main([*PAIR, "lab_resnet_se", "lab_resnet_tanh", "--data", folder]) == 0
    printed = capsys.readouterr()
    assert "over 6 photographs (n = 6, rough)" in printed.out
    assert len([line for line in printed.out.splitlines() if line.startswith("SE_")]) == 8
    assert "Left out: 1 file, for example bad.png" in printed.err
    command = [*PAIR, "lab_resnet_se", "lab_resnet_se", "--data", folder, "--json"]
    assert main(command) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["similarity"]["count"] == 6
    own = [row[i] for i, row in enumerate(value["similarity"]["cka"])]
    assert own[3] is None  # SE_3_2 does not move over these
    assert value["similarity"]["constant_a"] == ["SE_3_2"]
    assert own[:3] + own[4:] == pytest.approx([1] * 7)


def test_weights_before_and_after_training_are_compared_as_files(capsys, tmp_path, picture):
    model = awake("seresnet18", num_classes=3)
    save_file(model.state_dict(), tmp_path / "before.safetensors")
    model.layer4[1].se.fc1.weight.data.mul_(1.1)
    save_file(model.state_dict(), tmp_path / "after.safetensors")
    before, after = (str(tmp_path / f"{name}.safetensors") for name in ("before", "after"))
    size = ["--input-size", "64"]
    assert main([*PAIR, before, after, picture, "--arch", "seresnet18", *size, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    blocks = {block["site"]: block for block in value["blocks"]}
    assert all(block["weight_correlation"] == pytest.approx(1) for block in blocks.values())
    assert blocks["SE_5_1"]["difference"] == pytest.approx(0, abs=1e-6)
    assert blocks["SE_5_2"]["difference"] > 1e-4
    assert value["classes"]["matched_by"] == ["number"]
    files = [of["network"]["file"] for of in value["provenance"]]
    assert files == ["before.safetensors", "after.safetensors"]


def test_shards_are_compared_by_their_folder_or_their_index(capsys, tmp_path, picture):
    (tmp_path / "shards").mkdir()
    index = write_shards(tmp_path / "shards", awake("seresnet18", num_classes=3).state_dict())
    pair = [f"{index.parent}@seresnet18", f"{index}@seresnet18"]
    assert main([*PAIR, *pair, picture, "--input-size", "64", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert {block["difference"] for block in value["blocks"]} == {0}
    files = [of["network"]["file"] for of in value["provenance"]]
    assert files == [index.name] * 2
    assert main([*PAIR, "embedded", str(index.parent), picture, "--arch", "resnet18"]) != 0
    assert "does not fit resnet18: " in capsys.readouterr().err


def test_a_plain_network_of_ones_own_stands_beside_one_with_se(capsys, tmp_path, picture):
    save_file(awake("resnet18", num_classes=3).state_dict(), tmp_path / "plain.safetensors")
    file = f"{tmp_path / 'plain.safetensors'}@resnet18"
    assert main([*PAIR, "embedded", file, picture, "--input-size", "64"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ", no SE block: class " in lines[2]
    assert lines[3].startswith("0 classes in common; 200 of A alone")
    alone = ["--checkpoint", file.partition("@")[0], "--arch", "resnet18"]
    assert main(["compare", picture, picture, *alone]) != 0
    assert "resnet18 has no Squeeze-and-Excitation block" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([*PAIR, "embedded", "twin"], "takes one photograph, or --data with many"),
        ([*PAIR, "embedded", "twin", "{p}", "{p}"], "compare --networks takes one photograph"),
        ([*PAIR, "embedded", "nothing", "{p}"], "There is no network “nothing”"),
        ([*PAIR, "embedded", "twin", "{p}", "--model", "twin"], "--model and --networks each say"),
        ([*PAIR, "embedded", "twin", "{p}", "--change", "jigsaw"], "--change and --networks each"),
        ([*PAIR, "embedded", "twin", "{p}", "--seed", "1"], "--seed is about --change"),
        ([*PAIR, "embedded", "twin", "{p}", "--arch", "x"], "--arch is about --checkpoint"),
        ([*PAIR, "embedded", "embedded", "--data", "/nowhere"], "/nowhere does not exist"),
        (
            [*PAIR, "embedded", "twin", "--data", "{d}"],
            "the twin without SE has no gates, so there is no similarity",
        ),
        ([*PAIR, "embedded", "twin", "{p}", "--method", "magic"], "There is no method “magic”"),
        (["compare", "{p}", "{p}", "--method", "gradcam"], "--method is about --networks A B"),
        (["compare", "{p}", "{p}", "--data", "{d}"], "--data is about --networks A B"),
    ],
)
def test_what_it_does_not_take_is_one_sentence(capsys, picture, folder, arguments, sentence):
    assert main([each.format(p=picture, d=folder) for each in arguments]) != 0
    assert sentence in capsys.readouterr().err
