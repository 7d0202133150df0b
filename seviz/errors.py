"""The exception whose text people read, and how it writes what others named."""

import copyreg
import re
from typing import Any

# What a terminal obeys, what turns the direction of a text, and halves of characters; a line's end
# is fine.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def escape_controls(text: str) -> str:
    """Write the control characters of a text as in Python, such as \\x1b for Escape."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


class UserError(Exception):
    """One sentence for a person: what is wrong, and what would be right.

    The page shows it as a notice, the API as its error text, the command line as its last line
    (exit code 2). Anything else that escapes is a defect of seviz. Control characters, which names
    of files, classes or tensors may hold, are escaped.
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(escape_controls(sentence))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle it for another process; subclasses may take other arguments than Python knows."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
