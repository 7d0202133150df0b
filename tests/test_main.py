import argparse
import os
import subprocess
import sys

import pytest

from seviz.__main__ import main
from seviz.cli.commands import COMMANDS


def test_output_that_cant_be_encoded_is_no_error():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "seviz", "models"]
    run = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert b"\\xb7" in run.stdout


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    command = f"{sys.executable} -m seviz models --json | head -c 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"[", b"")


def test_control_characters_of_names_do_not_reach_the_terminal(capsys):
    assert main(["necessity", "\x1b[31mgone.png"]) == 2
    assert main(["evaluate", "--data", "\x1b]0;gone"]) == 2
    said = capsys.readouterr().err
    assert ("\x1b" in said, r"\x1b" in said) == (False, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_begins_with_a_sentence(capsys, name: str):
    help = COMMANDS[name].HELP
    assert help[0].isupper()
    assert help.endswith(".")
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    usage, said, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: seviz {name} ")
    assert " ".join(said.split()) == help


def test_every_option_says_what_it_is():
    for name, module in COMMANDS.items():
        command = argparse.ArgumentParser(name)
        module.add_options(command)
        silent = [action.dest for action in command._actions if not action.help]
        assert silent == [], name


NOT_YET = """
import sys
from seviz.__main__ import main
try:
    print(main({arguments}))
except SystemExit as ended:
    print(ended.code)
libraries = {{"torch", "numpy", "timm", "gradio", "plotly"}}
print(sorted(libraries & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["trace", "--help"], 0),
        (["trace", "a.jpg", "--nonsense"], 2),
        (["explane", "a.jpg"], 2),
        (["trace", "a.jpg", "--out", "o", "--topk", "0"], 2),
        (["attribute", "a.jpg", "--out", "o", "--steps", "1"], 2),
        (["pointing", "--data", "d", "--images", "1"], 2),
        (["profile", "--data", "d", "--out", "nowhere/o"], 2),
        (["costs", "--arch", "seresnet50"], 2),
        (["costs", "--model", "embedded", "--checkpoint", "f"], 2),
    ],
)
def test_help_and_bad_options_do_not_wait_for_torch(arguments: list[str], status: int):
    code = NOT_YET.format(arguments=arguments)
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.splitlines()[-2:] == [str(status), "[]"]
    if status:
        assert run.stderr
