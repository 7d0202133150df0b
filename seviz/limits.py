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
    not set; unit: what is counted, as people read it, such as “arms in one question”; example: what
    is said over it where that is more than `check` says.
    """

    name: str
    default: int
    unit: str
    example: str = ""

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
PLACES = Limit("places", 32, "questions of one client may wait at a time")
PAGE_PLACES = Limit("page_places", 256, "events of one client’s pages may wait at a time")
WAITING = Limit("waiting", 2048, "questions of all visitors may wait at a time")
PAGES = Limit(
    "pages",
    500,
    "pages whose results are kept, those that were used last",
    "The page asks again for what it needs.",
)
CACHE = Limit(
    "cache",
    128,
    "megabytes of answers that are kept for identical questions",
    "Nothing: the oldest answers are forgotten.",
)
EDITS = Limit("edits", 200, "edits of gates in one question")
ARM_TEXT = Limit("arm_text", 10_000, "characters in the text of an arm")
TOP = Limit("top", 256, "channels measured exactly (top)")
TOPK = Limit("topk", 1000, "answers of an arm (topk)")
MAPS = Limit("maps", 64, "maps in one question, methods × arms")
MEASURES = Limit("measures", 4, "methods in one question with trust")
PASSES = Limit("passes", 10_000, "rows through the network in one question, methods × arms × steps")
SEEDS = Limit("seeds", 16, "pictures for one aim (seeds)")
STEPS = Limit("steps", 2048, "steps of a picture")
ROWS = Limit(
    "rows",
    128,
    "rows in one pass through the network",
    "Nothing: more arms pass in parts.",
)
SECONDS = Limit(
    "seconds",
    60,
    "seconds for one question",
    "This would take about 4 min here, and one question may take 60 s (SEVIZ_MAX_SECONDS): …, or, "
    "where that shows only in the work, At most 60 seconds for one question here …",
)
LONG = Limit(
    "long_seconds",
    900,
    "seconds for pictures that form on the page",
    "Nothing: what would take longer is not offered.",
)
TEXT = Limit("text", 200, "characters in a name")
BODY = Limit("body_mb", 4, "MB in one request without files")
FILE = Limit(
    "file_mb",
    20,
    "MB in one photograph’s file",
    "This file is 21.0 MB and the limit is 20 MB: send a smaller version.",
)
FILES = Limit("files", 4, "files in one upload")
UPLOAD = Limit("upload_mb", 64, "MB in one upload")
COLLECTION = Limit("collection", 200, "photographs in one collection")
COLLECTION_ZIP = Limit("collection_mb", 500, "MB in one zip of photographs")
COLLECTION_FILES = Limit("collection_files", 5000, "files in one zip of photographs")
COLLECTIONS = Limit(
    "collections_mb",
    2000,
    "MB of collections of all visitors at a time",
    "Too many collections are here at a time: try again later, or with fewer photographs.",
)
FOLDER = Limit(
    "folder",
    500,
    "photographs of the folder that the server offers (`--data`)",
    "Nothing: the first of each class are taken.",
)
NETWORK = Limit("network_mb", 500, "MB in one uploaded network, also as float32")
OWN_NETWORKS = Limit(
    "own_networks",
    3,
    "uploaded networks of one visitor",
    "Nothing: the oldest is dropped.",
)
NETWORKS = Limit(
    "networks_mb",
    2000,
    "MB of uploaded networks of all visitors at a time",
    "Too many uploaded networks are here at a time: try again later.",
)
PHOTOS = Limit("photos", 1000, "photographs from one address in an hour")
VISIT = Limit("visit_mb", 1000, "MB of files from one address in an hour")
TEMPORARY = Limit("temporary_mb", 4000, "MB of files from all visitors in an hour")
LIFE = Limit(
    "life",
    3600,
    "seconds that an uploaded or written file is kept",
    "This photograph is no longer here, or there is none yet; upload it (again).",
)
ZIP = Limit("zip_mb", 64, "MB of arrays in one archive")
GPU_SECONDS = Limit(
    "gpu_seconds",
    60,
    "seconds of ZeroGPU’s GPU for one question",
    "The GPU was taken back before the answer, 60 s at most: try again, …",
)
# On ZeroGPU, networks up to this size are asked on the CPU. The embedded network has 19, the
# largest of the laboratory 2, an SE-ResNet-18 at 224 pixels 591.
CPU_WORK = Limit(
    "cpu_work",
    60,
    "billions of parameters × pixels of a network that ZeroGPU’s CPU asks",
    "Nothing: larger networks take a GPU.",
)

LIMITS = tuple(each for each in list(globals().values()) if isinstance(each, Limit))


def table() -> Iterator[str]:
    """Yield the lines of the table of all limits, in Markdown."""
    yield "| limit | default | variable | what is said over it |"
    yield "|---|---:|---|---|"
    for limit in LIMITS:
        said = limit.example or f"At most {limit.default:,} {limit.unit}; …"
        yield f"| {limit.unit} | {limit.default:,} | `{limit.variable}` | {said} |"
