"""Which kind of data set a name is, by its prefix, and the package that reads it."""

from importlib.util import find_spec
from pathlib import Path

from seviz.errors import UserError
from seviz.phrases import printable

KINDS = {  # by prefix: the package, and seviz's extra that brings it, "" where seviz has it
    "hfds": ("datasets", "hfds"),
    "hfids": ("datasets", "hfds"),
    "wds": ("webdataset", "wds"),
    "tfds": ("tensorflow_datasets", "tfds"),
    "torch": ("torchvision", ""),
}
STREAMS = ("hfids", "wds", "tfds")


def kind_of(data: str | Path) -> str | None:
    """Return the kind of a data set, such as hfds; None for a folder or zip.

    A path, and a text that is the name of a folder or zip that is there, stand for that.
    """
    kind, _, name = str(data).partition("/")
    is_one = name and kind.lower() in KINDS and not isinstance(data, Path)
    return kind.lower() if is_one and not Path(data).exists() else None


def check_kind(data: str | Path) -> None:
    """Raise UserError, with the command that installs it, where a data set's package is missing."""
    package, extra = KINDS.get(kind_of(data) or "", ("", ""))
    if extra and find_spec(package) is None:
        raise UserError(
            f"{printable(str(data))} is read by the package {package}; install it by "
            f"`pip install 'seviz[{extra}]'`."
        )


def data_title(data: Path | str, part: str, limit: int | None) -> str:
    """Name a data set for readers: a folder or zip by its own name, without those around it."""
    name = printable(data.name if isinstance(data, Path) else data)
    if limit is None:
        return f"{name} ({part or 'whole'})"
    return f"{name} ({part}, {limit:,} images)" if part else f"{name} ({limit:,} images)"
