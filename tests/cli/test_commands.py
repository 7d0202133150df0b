import argparse
from pathlib import Path

import pytest

import seviz
from seviz.cli import trace
from seviz.cli.commands import COMMANDS, GROUPS, parser

CLI = Path(trace.__file__).parent
SHARED = {
    "changing",
    "data_options",
    "__init__",
    "commands",
    "early_page",
    "explaining",
    "figure_file",
    "necessity_of_data",
    "network_pair",
    "options",
    "output",
    "photographs",
    "removal",
}


def test_each_module_of_a_command_is_listed_once_by_its_name():
    modules = {path.stem for path in CLI.glob("*.py")} - SHARED
    assert set(COMMANDS) == modules
    for name, module in COMMANDS.items():
        assert Path(module.__file__) == CLI / f"{name}.py"


def test_the_function_of_the_command_and_its_options_are_parsed():
    options = parser().parse_args(["trace", "a.jpg", "b.jpg", "--out", "o", "--topk", "3"])
    assert options.run is trace.run
    assert options.photos == [Path("a.jpg"), Path("b.jpg")]
    assert (options.out, options.top, options.model) == (Path("o"), 3, None)


def test_a_reference_is_printed_with_its_lines_as_they_are(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["study", "--help"])
    assert COMMANDS["study"].MORE in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["explane"], "invalid choice: 'explane'"),
    ],
)
def test_a_command_that_is_missing_or_unknown_ends_with_status_2(capsys, arguments, sentence: str):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "near"), [("necesity", "necessity"), ("model", "models")])
def test_an_unknown_command_gets_the_nearest_in_one_line(capsys, typed: str, near: str):
    with pytest.raises(SystemExit):
        parser().parse_args([typed])
    said = capsys.readouterr().err
    assert f"invalid choice: '{typed}'; did you mean {near}?" in said
    assert said.count("\n") == 1


def test_the_help_groups_the_commands_and_says_what_each_does(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    said = capsys.readouterr().out
    assert "{app," not in said
    places = [said.index(f"\n{title}:\n") for title in GROUPS]
    assert places == sorted(places)
    for name, module in COMMANDS.items():
        assert f"\n  {name:14}{module.HELP}\n" in said
    assert max(map(len, said.splitlines())) <= 100


def test_the_help_lists_the_commands_in_their_order():
    whole = parser()
    (commands,) = (a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
    assert [choice.dest for choice in commands._choices_actions] == list(COMMANDS)
    assert [choice.help for choice in commands._choices_actions] == [
        module.HELP for module in COMMANDS.values()
    ]


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"seviz {seviz.__version__}\n"


def test_a_photograph_behind_numbers_and_a_long_value_are_told_in_a_short_sentence(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["trace", "--out", "o", "--mean", "0.5", "a b.png"])
    assert "photographs come first" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parser().parse_args(["trace", "a.png", "--out", "o", "--topk", "9" * 5000 + "x"])
    assert len(capsys.readouterr().err) < 1500
