"""Every limit of the page and the API: what it bounds, its default, and its environment variable.

The command line is its user's own machine, and has none of them but those on memory: the rows of
one pass, and the size of a photograph's file. `assets/limits.md` lists them all.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from seviz.errors import UserError


@dataclass(frozen=True)
class Limit:
    """The most of something that a visitor may ask for.

    name: also of its environment variable: `arms` is SEVIZ_MAX_ARMS; default: holds where that is
    not set; unit: what is counted, as people read it, such as “arms in one question”.
    """

    name: str
    default: int
    unit: str

    @property
    def variable(self) -> str:
        """Return the environment variable that sets another value."""
        return f"SEVIZ_MAX_{self.name.upper()}"

    @property
    def value(self) -> int:
        """Return the environment's value, or the default; UserError where that is no number."""
        text = os.environ.get(self.variable)
        if text is None:
            return self.default
        if not text.isascii() or not text.isdigit():
            raise UserError(f"{self.variable} is a whole number of {self.unit}, such as 1.")
        return int(text)

    def check(self, given: int, subject: str = "these are") -> None:
        """Raise UserError where more is given than is allowed.

        subject: what the sentence says of the given number, such as “model has”.
        """
        if given > self.value:
            raise UserError(f"{self.sentence}; {subject} {given:,}.")

    @property
    def sentence(self) -> str:
        """Return what the refusal of more begins with, such as “At most 32 arms …”."""
        return f"At most {self.value:,} {self.unit}"


ARMS = Limit("arms", 32, "arms in one question")
EDITS = Limit("edits", 200, "edits of gates in one question")
TOP = Limit("top", 256, "channels measured exactly (top)")
TOPK = Limit("topk", 1000, "answers of an arm (topk)")
MAPS = Limit("maps", 64, "maps in one question, methods × arms")
MEASURES = Limit("measures", 4, "methods in one question with trust")
PASSES = Limit("passes", 10_000, "rows through the network in one question, methods × arms × steps")
ROWS = Limit("rows", 64, "rows in one pass through the network")
SECONDS = Limit("seconds", 60, "seconds for one question")
TEXT = Limit("text", 200, "characters in a name")
ARM_TEXT = Limit("arm_text", 4000, "characters in an arm")
PHOTOS = Limit("photos", 60, "photographs from one visitor in an hour")
FILE = Limit("file_mb", 20, "MB in one photograph’s file")
FILES = Limit("files", 4, "files in one upload")
UPLOAD = Limit("upload_mb", 40, "MB in one upload")
VISIT = Limit("visit_mb", 300, "MB of photographs from one visitor in an hour")
ZIP = Limit("zip_mb", 64, "MB of arrays in one archive")
TEMPORARY = Limit("temporary_mb", 4000, "MB of temporary files from all visitors")
LIFE = Limit("life", 3600, "seconds that a temporary file is kept")

LIMITS = tuple(each for each in list(globals().values()) if isinstance(each, Limit))


def table() -> Iterator[str]:
    """Yield the lines of the table of all limits, in Markdown."""
    yield "| limit | default | variable | what is said over it begins with |"
    yield "|---|---:|---|---|"
    for limit in LIMITS:
        said = f"At most {limit.default:,} {limit.unit}"
        yield f"| {limit.unit} | {limit.default:,} | `{limit.variable}` | {said} |"
