"""The names of networks' classes."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unicodedata import normalize

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.phrases import brief, nearest_names, printable
from seviz.records.trace import NO_HEAD

MOST = 10 << 20  # bytes of a file of names
DIGITS = 9  # of a class's number: Python refuses to read thousands of them
Classes = tuple[tuple[str, str], ...]  # WordNet id, the name of data sets' folders, and name


def numbered_labels(count: int) -> tuple[str, ...]:
    """Name `count` unnamed classes by their index."""
    return tuple(f"class {i}" for i in range(count))


def read_labels(file: Path, classes: int, weights: str) -> tuple[str, ...]:
    """Read names of classes, one a line; UserError where they are not one for each, each once.

    classes: their number in the network of the file of a name, `weights`. Names are written as
    those of class folders are: composed, and printable.
    """
    text = read_text(file).strip()
    names = tuple(printable(line.strip()) for line in text.split("\n") if text)
    if len(names) != classes or len({*names, ""}) != len(names) + 1:
        different = len({*names} - {""})
        raise UserError(
            f"{file} names {different} different class{'es' * (different != 1)} on {len(names)} "
            f"line{'s' * (len(names) != 1)} and {weights} has {classes}; give one name a line, "
            "each once."
        )
    return names


def read_text(file: Path) -> str:
    """Read a text of UTF-8, composed; UserError where it is no ordinary file, or is too long."""
    try:
        if not file.is_file():  # a device or a pipe may never end
            raise UserError(f"{file} is not a file; give a text file that names the classes.")
        with file.open("rb") as stream:
            content = stream.read(MOST + 1)
        if len(content) > MOST:
            raise UserError(
                f"{file} is larger than {MOST >> 20} MB; give a text file that names the classes."
            )
        return normalize("NFC", content.decode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file} can't be read; names of classes are UTF-8 text.") from error


def known_class(names: Sequence[str], text: str, ids: Sequence[str] | None = None) -> int | None:
    """Return the index of a class as `find_class` does; None where there is none."""
    if text.isdecimal() and len(text) <= DIGITS and int(text) < len(names):
        return int(text)
    if text in names:  # before one that differs by small and capital letters
        return names.index(text)
    by_name = {name.casefold(): i for i, name in enumerate(names)}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    return ids.index(text) if ids and text in ids else None


def find_class(
    names: Sequence[str],
    text: str,
    ids: Sequence[str] | None = None,
    *,
    of: str = "the network",
) -> int:
    """Return the index of a class by number, name or id, such as a WordNet id.

    ids: in the order of names; None where they are not known; of: whose classes they are.
    UserError, with the nearest name, if there is no such class.
    """
    if not names:
        raise UserError(NO_HEAD)
    if (known := known_class(names, text, ids)) is not None:
        return known
    by_name = {name.casefold(): i for i, name in enumerate(names)}
    if text.isdecimal():
        raise UserError(
            f"There is no class {brief(text)}; they are numbered 0 to {len(names) - 1}."
        )
    (near,) = nearest_names(text[:200].casefold(), by_name, count=1, cutoff=0.0)
    raise UserError(
        f"There is no class “{brief(text)}” among {of}'s {len(names)}; did you mean "
        f"“{names[by_name[near]]}”?"
    )


@cache
def embedded_classes() -> Classes:
    """Read the classes of the embedded pair."""
    rows = (ASSETS / "classes.tsv").read_text("utf-8").splitlines()
    return tuple((wnid, name) for wnid, name in (row.split("\t") for row in rows))


@cache  # the page asks twice for each photograph, and timm reads its files each time
def imagenet_classes(count: int) -> Classes | None:
    """Return the classes of the ImageNet with `count` classes; None where there is none.

    A class has its first name only, or its full name where the first is not unique.
    """
    from timm.data import ImageNetInfo, infer_imagenet_subset

    subset = infer_imagenet_subset({"num_classes": count})
    if not subset:
        return None
    info = ImageNetInfo(subset)
    full, wnids = info.label_descriptions(), info.label_names()
    short = [name.split(", ")[0] for name in full]
    uses, full_uses = Counter(short), Counter(full)
    return tuple(
        (wnid, s if uses[s] == 1 else f if full_uses[f] == 1 else f"{f} ({wnid})")
        for s, f, wnid in zip(short, full, wnids, strict=True)
    )
