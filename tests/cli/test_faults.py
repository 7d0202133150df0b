"""Faults of the machine under every kind of command: one sentence, and nothing half."""

import errno
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from PIL import Image

from seviz.__main__ import main
from seviz.cli.commands import COMMANDS, parser
from seviz.passes import dispatch

FULL = Path("/dev/full")
QUESTIONS = (
    ["--help"],
    ["--version"],
    ["trace", "--help"],
    ["models"],
    ["results", "--json"],
    ["costs", "--json"],
    ["necessity", "{photo}"],
    ["channels", "{photo}", "--json"],
    ["compare", "{photo}", "{photo}"],
    ["trace", "{photo}", "--out", "{out}"],
    ["profile", "--data", "{data}", "--out", "{out}.safetensors"],
)
WRITES = (
    ["trace", "{photo}", "--out", "{out}"],
    ["attribute", "{photo}", "--out", "{out}"],
    ["profile", "--data", "{data}", "--out", "{out}"],
    ["results", "--csv", "{out}"],
    ["train", "--data", "{data}", "--epochs", "1", "--batch", "2", "--run", "{out}"],
    ["study", "--data", "{data}", "--smoke", "--workers", "1", "--run", "{out}"],
)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for split in ("train", "val"):
        for name in ("n02129165", "n02123045"):
            (folder / split / name).mkdir(parents=True)
            for i in range(2):
                file = folder / split / name / f"{name}_{i}.png"
                Image.new("RGB", (64, 64), (99 * i, 9, 99)).save(file)
    return folder


@pytest.fixture
def filled(picture: Path, data: Path, tmp_path: Path):
    """Fill the places in a command."""
    places = {"photo": picture, "data": data, "out": tmp_path / "out"}
    return lambda command: [part.format(**places) for part in command]


def told(error: str) -> str:
    """Return the sentence that a command ended with, below its bars of progress."""
    assert "Traceback" not in error
    last = error.replace("\r", "\n").strip().splitlines()[-1]
    assert last.startswith("seviz: ")
    return last


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize("buffered", [True, False])
def test_standard_output_that_is_full(capsys, monkeypatch, filled, command, buffered: bool):
    raw = FULL.open("wb", buffering=-1 if buffered else 0)
    with raw, io.TextIOWrapper(raw, "utf-8", write_through=not buffered) as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(filled(command)) == 2
        monkeypatch.undo()
    expected = "seviz: Standard output can't be used: No space left on device."
    assert told(capsys.readouterr().err) == expected


def test_standard_output_that_is_closed(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["models"]) == 2
    assert told(capsys.readouterr().err).startswith("seviz: Standard output is closed; ")


def test_nobody_to_be_told(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["trace", "a.jpg", "--out", "o", "--topk", "0"]) == 2


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """Let no file grow over `size` bytes: what is written then is cut, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_is_cut_is_none(capsys, filled, tmp_path: Path):
    with small_disk(600):
        assert main(filled(WRITES[0])) == 2
    assert "can't be written: File too large." in told(capsys.readouterr().err)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("command", WRITES[:-1], ids=lambda command: command[0])
def test_a_disk_that_fills_up_leaves_nothing_half(
    capsys, monkeypatch, filled, tmp_path: Path, command
):
    def write_half(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", write_half)
    assert main(filled(command)) == 2
    assert "can't be written: No space left on device." in told(capsys.readouterr().err)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("command", WRITES, ids=lambda command: command[0])
def test_a_file_where_a_folder_should_be(capsys, filled, tmp_path: Path, command):
    (tmp_path / "out").write_text("mine")
    inside = [part.replace(f"{tmp_path}/out", f"{tmp_path}/out/x") for part in filled(command)]
    assert main(inside) == 2
    assert f"{tmp_path}/out" in told(capsys.readouterr().err)
    assert (tmp_path / "out").read_text() == "mine"


def test_an_empty_text_names_no_file():
    for name in COMMANDS:
        (commands,) = (a for a in parser()._actions if isinstance(a.choices, dict))
        command = commands.choices[name]
        for action in command._actions:
            if action.metavar in ("FILE", "DIR", "PHOTO", "DIR_OR_ZIP", "TEXT", "IN", "OUT"):
                with pytest.raises(Exception, match="an empty text names no file or folder"):
                    command._get_value(action, "")


def test_short_memory_is_a_sentence_in_every_command(capsys, monkeypatch, filled):
    for error in (
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        MemoryError(),
    ):

        def short(*args: object, error: Exception = error, **_: object) -> None:
            raise error

        monkeypatch.setattr("seviz.zoo.models.load", short)  # past `ask`, as profile does
        assert main(filled(["profile", "--data", "{data}", "--out", "{out}"])) == 2
        assert "memory does not suffice" in told(capsys.readouterr().err)
    monkeypatch.undo()
    monkeypatch.setattr(dispatch.ZOO, "get", lambda key, **_: short(error=RuntimeError("a defect")))
    with pytest.raises(RuntimeError, match="a defect"):
        main(filled(["necessity", "{photo}"]))


def test_a_refusal_of_another_kind_is_told_in_its_own_words(capsys, monkeypatch):
    def refused(*args: object) -> None:
        raise OSError("Cannot find empty port in range: 7860-7860.\nTake another.")

    monkeypatch.setattr("seviz.zoo.catalogue.entries", refused)
    assert main(["models"]) == 2
    said = told(capsys.readouterr().err)
    assert said == "seviz: Cannot find empty port in range: 7860-7860. Take another."


@pytest.mark.parametrize(
    "command",
    [
        ["train", "--data", "{data}", "--epochs", "9999", "--batch", "2", "--run", "{out}"],
        ["study", "--data", "{data}", "--smoke", "--workers", "2", "--run", "{out}"],
    ],
    ids=lambda command: command[0],
)
def test_ctrl_c_ends_a_command_and_its_processes_quietly(filled, tmp_path: Path, command):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    run = subprocess.Popen(
        [sys.executable, "-m", "seviz", *filled(command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=environment,
    )
    first = run.stdout.read(1)  # of its progress
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does
    rest, _ = run.communicate(timeout=120)
    assert run.returncode == 130
    assert b"Traceback" not in first + rest
    assert not (tmp_path / "out").is_file()
    assert [path.name for path in tmp_path.rglob("*.new")] == []
