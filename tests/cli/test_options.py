import argparse
from dataclasses import replace
from pathlib import Path

import pytest
from made_folded import write_folded_embedded
from networks import random_network
from safetensors.torch import save_file

from seviz.cli import options as module
from seviz.cli.commands import parser
from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.reference.profile import Profile
from seviz.zoo import catalogue

PROFILE = ASSETS / "seresnet50_slim.profile.safetensors"


def parsed(add, *arguments: str, **how) -> argparse.Namespace:
    """Return what a command with these options alone makes of its arguments."""
    command = argparse.ArgumentParser(exit_on_error=False)
    add(command, **how)
    return command.parse_args(arguments)


def test_the_embedded_network_is_taken_where_none_is_named():
    assert module.network(parsed(module.add_network)) == "embedded"


def test_a_network_is_found_by_each_of_its_names():
    key = module.network(parsed(module.add_network, "--model", "seresnet50_slim"))
    assert key == "embedded"
    with pytest.raises(UserError, match="There is no network “embeded”; did you mean"):
        module.network(parsed(module.add_network, "--model", "embeded"))


def test_somebodys_weights_become_a_network_of_the_catalogue(tmp_path: Path):
    file = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), file)
    given = parsed(module.add_network, "--checkpoint", str(file), "--arch", "seresnet18")
    assert catalogue.find(module.network(given)).local_file == file


def test_what_is_said_about_ones_own_weights_reaches_them_and_the_rest_is_told(
    tmp_path: Path, capsys
):
    file = tmp_path / "mine.safetensors"
    weights = random_network("seresnet18", num_classes=2).state_dict()
    save_file({f"model.{name}": value for name, value in weights.items()}, file)
    (tmp_path / "names").write_text("cat\ndog\n")
    arguments = ["--checkpoint", str(file), "--arch", "seresnet18", "--head", "sigmoid"]
    arguments += ["--labels", str(tmp_path / "names"), "--input-size", "64", "96", "--mean", "0.5"]
    source = catalogue.find(module.network(parsed(module.add_network, *arguments)))
    assert (source.labels, source.head) == (("cat", "dog"), "sigmoid")
    config = source.config
    assert (config["input_size"], config["mean"]) == ((3, 64, 96), (0.5, 0.5, 0.5))
    assert capsys.readouterr().err == (
        "seviz: The names of mine.safetensors's tensors are read without “model.”.\n"
        "seviz: --std 0.229 0.224 0.225 is taken from seresnet18; give your own where "
        "mine.safetensors was trained with others.\n"
    )


def test_a_folded_network_is_opened_beside_the_one_that_is_named(tmp_path: Path, capsys):
    file = str(write_folded_embedded(tmp_path / "f.safetensors"))
    given = parsed(module.add_network, "--checkpoint", file, "--beside", "seresnet50_slim")
    assert module.network(given) == "embedded"
    assert catalogue.find("embedded").twin.file == Path(file)
    assert capsys.readouterr().err.startswith("seviz: f.safetensors is seresnet50_slim with the")
    for key, sentence in (
        ("embeded", "There is no network “embeded”; did you mean"),
        ("twin", "has no SE; --beside names the network with SE"),
        ("lab_vgg_se", "f.safetensors and .* differ: classes 200, and 20; give"),
    ):
        with pytest.raises(UserError, match=sentence):
            module.network(parsed(module.add_network, "--checkpoint", file, "--beside", key))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--arch", "seresnet18"], "--arch is about --checkpoint FILE; give both"),
        (["--arch", "seresnet18", "--model", "twin"], "--arch is about"),
        (["--labels", "names.txt"], "--labels is about --checkpoint FILE"),
        (["--head", "sigmoid"], "--head is about --checkpoint FILE"),
        (["--input-size", "64"], "--input-size is about --checkpoint FILE"),
        (["--mean", "0", "0", "0"], "--mean is about --checkpoint FILE"),
        (["--std", "1"], "--std is about --checkpoint FILE"),
        (["--beside", "embedded"], "--beside is about --checkpoint FILE"),
        (["--checkpoint", "f", "--model", "twin"], "--model and --checkpoint each choose a"),
    ],
)
def test_options_that_contradict_each_other_are_refused(given: list[str], sentence: str):
    with pytest.raises(UserError, match=f"^{sentence}"):
        module.network(parsed(module.add_network, *given))


def test_statistics_are_read_where_a_file_is_named():
    assert module.statistics(parsed(module.add_statistics, use="")) is None
    given = parsed(module.add_statistics, "--profile", str(PROFILE), use="")
    assert module.statistics(given).model == "embedded"


def test_an_older_profile_is_read_and_it_is_said_that_it_cannot_be_checked(tmp_path: Path, capsys):
    replace(Profile.load(PROFILE), weights=None).save(tmp_path / "old")
    given = parsed(module.add_statistics, "--profile", str(tmp_path / "old"), use="")
    assert module.statistics(given).images == 100_000
    assert capsys.readouterr().err == (
        "seviz: This profile of “embedded” is older and does not say of which weights it is, so it "
        "can't be checked; `python -m seviz profile` measures it anew.\n"
    )


def test_a_question_has_photographs_a_network_a_class_and_statistics():
    asked = parsed(
        module.add_question,
        *("sea.png", "set", "--model", "twin", "--target", "lion", "--profile", str(PROFILE)),
        statistics_use="",
    )
    found = module.question(asked)
    assert asked.photos == [Path("sea.png"), Path("set")]
    assert (found["key"], found["target"]) == ("twin", "lion")
    assert found["profile"].model == "embedded"
    assert not asked.json
    alone = module.question(parsed(module.add_question, "sea.png", statistics_use=""))
    assert alone == {"key": "embedded", "target": "", "profile": None}


def test_photographs_are_one_or_more_or_need_not_be_named():
    assert parsed(module.add_photos, "a", "b", "c").photos == [Path("a"), Path("b"), Path("c")]
    assert parsed(module.add_photos, required=False).photos == []
    with pytest.raises(SystemExit):
        parsed(module.add_photos)


def test_arms_have_a_default_and_a_count():
    assert parsed(module.add_arms, help="").arms == []
    default = ("intact", "identity")
    assert parsed(module.add_arms, help="", default=default).arms == ["intact", "identity"]
    given = parsed(module.add_arms, "--arms", "static", help="", default=default)
    assert given.arms == ["static"]
    two = parsed(module.add_arms, "--arms", "static", "intact", help="", count=2)
    assert two.arms == ["static", "intact"]
    with pytest.raises(argparse.ArgumentError, match="expected 2 arguments"):
        parsed(module.add_arms, "--arms", "static", help="", count=2)


def test_data_and_the_folder_must_be_named_and_loaders_need_not():
    assert parsed(module.add_data, "--data", "d", help="").data == Path("d")
    assert parsed(module.add_folder, "--out", "o").out == Path("o")
    for add, how in ((module.add_data, {"help": ""}), (module.add_folder, {})):
        with pytest.raises(SystemExit):
            parsed(add, **how)
    assert parsed(module.add_loaders).loaders is None
    assert parsed(module.add_loaders, "--loaders", "3").loaders == 3
    assert parsed(module.add_json, "--json").json


@pytest.mark.parametrize("out", ["http://a/b.png", "file:///tmp/x"])
def test_an_address_is_no_folder(out: str, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["trace", "a.png", "--out", out])
    assert "is an address; name a file or folder here" in capsys.readouterr().err
