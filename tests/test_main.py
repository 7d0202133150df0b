import argparse
import os
import subprocess
import sys
from pathlib import Path

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


INTERRUPTED = """
import os, signal, sys
import seviz.__main__ as command_line
from seviz.cli import commands
def interrupted(options):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise {error} from None
commands.COMMANDS["models"].run = interrupted
command_line.run(["models"])
"""


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "ImportError('half')", "SystemError"])
def test_ctrl_c_of_which_a_library_makes_another_error_is_quiet(error: str):
    code = INTERRUPTED.format(error=error)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (run.returncode, run.stderr) == (130, b"")


def test_ctrl_c_while_a_library_is_imported_is_quiet(tmp_path: Path):
    (tmp_path / "library.py").write_text("import os; os.kill(os.getpid(), 2); os.abort()")
    code = INTERRUPTED.replace("os.kill(os.getpid(), signal.SIGINT)", "import library")
    command = [sys.executable, "-c", code.format(error="SystemError")]
    environment = {**os.environ, "PYTHONPATH": f"{Path.cwd()}:{tmp_path}"}
    run = subprocess.run(command, capture_output=True, env=environment)
    assert (run.returncode, run.stderr) == (130, b"")


def test_ctrl_c_at_the_end_of_a_command_does_not_disturb_it():
    code = """
import atexit, os, signal
from seviz.__main__ import run
atexit.register(os.kill, os.getpid(), signal.SIGINT)
run(["models"])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (run.returncode, run.stderr) == (0, b"")


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


BUSY = """
import atexit, sys, threading, time
import seviz.__main__ as command_line
from seviz.cli import commands
def leave(options):
    threading.Thread(target=time.sleep, args=(60,)).start()
    atexit.register(print, "removed")
    {ends}
commands.COMMANDS["models"].run = leave
command_line.run(["models"])
"""


@pytest.mark.parametrize(("ends", "code"), [("sys.exit(143)", 143), ("return", 0)])
def test_the_end_waits_for_no_thread_and_removes_what_is_to_be_removed(ends: str, code: int):
    command = [sys.executable, "-c", BUSY.format(ends=ends)]
    run = subprocess.run(command, capture_output=True, timeout=50)
    assert (run.returncode, run.stdout, run.stderr) == (code, b"removed\n", b"")
