"""The command line: `python -m seviz --help`."""

import atexit
import errno
import io
import os
import shlex
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from seviz.errors import UserError
from seviz.phrases import printable_lines

# Of a stream that can't be written; files are written in `seviz.files`, which names them.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO)

_interrupts: list[int] = []  # the signals of Ctrl-C that came, in a process of `run`


def run(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command as the whole process, whose start and end Ctrl-C does not disturb either."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        code: str | int | None = main(argv)
    except SystemExit as ended:  # argparse, or a signal's handler
        code = ended.code
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what ends Python would complain
    if threading.active_count() > 1 and isinstance(code, int):
        _end_now(code)
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.

    0: done; 2: bad input, or what the machine refuses, told in a sentence on standard error; 130:
    interrupted by Ctrl-C.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run_told(arguments)
    except SystemExit:
        raise
    except BaseException as error:
        # Libraries that Ctrl-C meets while they are imported make other errors of it.
        if not (_interrupts or isinstance(error, KeyboardInterrupt)):
            raise
        _end_quietly(error)
        return 130


def _end_now(code: int) -> NoReturn:
    """End without waiting for threads: the work of one would hold up the end, or abort it."""
    atexit._run_exitfuncs()  # removes temporary files, and ends other processes
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or with nobody behind it
            stream.flush()
    os._exit(code)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise what Python raises on Ctrl-C, and keep in mind that it came.

    While a module is imported, end at once: at an error in the middle some libraries abort.
    """
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            os._exit(130)
        frame = frame.f_back
    _interrupts.append(number)
    raise KeyboardInterrupt


def _run_told(arguments: list[str]) -> int:
    """Run one command; returns 0, or 2 with a sentence on standard error."""
    try:
        if sys.stdout is None:  # closed by who started it
            raise UserError("Standard output is closed; send it somewhere, such as to a file.")
        try:
            _run(arguments)
        except SystemExit:  # argparse: of --help, or of a wrong option
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except UserError as error:
        return _fail(str(error))
    except BrokenPipeError:  # its reader, such as head, has gone: drop what is left
        _drop_output()
    except OSError as error:
        _drop_output()
        return _fail(_refusal_words(error))
    except (MemoryError, RuntimeError) as error:
        return _fail(_memory_words(error))
    return 0


def _run(arguments: list[str]) -> None:
    from seviz.cli.commands import parser  # here, where Ctrl-C is caught

    options = parser().parse_args(arguments)
    options.command = shlex.join(["seviz", *arguments])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # its encoding may lack “·”
            stream.reconfigure(errors="backslashreplace")
    options.run(options)


def _fail(sentence: str) -> int:
    if sys.stderr is not None:
        with suppress(OSError):  # nobody can be told
            print(f"seviz: {printable_lines(sentence)}", file=sys.stderr, flush=True)
    return 2


def _drop_output() -> None:
    """Let what standard output still holds go nowhere, or the end of the process would complain."""
    with suppress(OSError):  # a stand-in without a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_quietly(error: BaseException) -> None:
    """Take down what the interrupted frames hold, whose half-made objects may complain."""
    with suppress(ValueError):  # outside the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would cut off the end
    before, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
    finally:
        sys.unraisablehook = before


def _refusal_words(error: OSError) -> str:
    """Return the sentence for what the machine refuses."""
    if error.filename is None and error.errno not in UNWRITABLE:
        return " ".join(str(error).split())  # a library's own words, such as of a port in use
    where = error.filename or "Standard output"
    return f"{where} can't be used: {error.strerror}."


def _memory_words(error: MemoryError | RuntimeError) -> str:
    """Return the sentence for an error of short memory; raises any other again."""
    if not isinstance(error, MemoryError):
        from seviz.passes.batch_size import out_of_memory

        if not out_of_memory(error):
            raise error
    return "The device's memory does not suffice for this; take a smaller network."


if __name__ == "__main__":
    run()
