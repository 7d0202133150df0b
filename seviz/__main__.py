"""The command line: `python -m seviz --help`."""

import io
import os
import sys
from collections.abc import Sequence

from seviz.cli.commands import parser
from seviz.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 2 with one sentence on standard error."""
    options = parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # it may lack a letter of a name, or a “·”
            stream.reconfigure(errors="backslashreplace")
    try:
        options.run(options)
    except UserError as error:
        print(f"seviz: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
