"""Every limit of the page and the API: what it bounds, its default, and its environment variable.

The command line is its user's own machine, and has none of them.
"""

import os
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

    def check(self, given: int) -> None:
        """Raise UserError where more is given than is allowed."""
        if given > self.value:
            raise UserError(f"At most {self.value:,} {self.unit}; these are {given:,}.")


ARMS = Limit("arms", 32, "arms in one question")
PLACES = Limit("places", 32, "questions of one client may wait at a time")
PAGE_PLACES = Limit("page_places", 256, "events of one client’s pages may wait at a time")
WAITING = Limit("waiting", 2048, "questions of all visitors may wait at a time")
PAGES = Limit("pages", 500, "pages whose results are kept, those that were used last")
CACHE = Limit("cache", 128, "megabytes of answers that are kept for identical questions")

LIMITS = tuple(each for each in list(globals().values()) if isinstance(each, Limit))
