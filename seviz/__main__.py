"""The command line: `python -m seviz --help`."""

import io
import os
import sys
from collections.abc import Sequence

from seviz.cli.commands import parser
from seviz.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.

    0: done; 2: a UserError, printed on standard error; 130: interrupted by Ctrl-C.
    """
    options = parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # its encoding may lack “·”
            stream.reconfigure(errors="backslashreplace")
    try:
        options.run(options)
    except UserError as error:
        print(f"seviz: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # its reader, such as head, has gone: drop what is left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
