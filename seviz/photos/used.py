"""Which images of a data set were used, and what was left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seviz.phrases import join_list, printable

REASONS = 5  # for which files are left out, that are told in sentences
NAMED = 3  # of the files left out for one reason
LISTED = 6  # classes whose images are counted one by one


@dataclass(frozen=True)
class LeftOut:
    """Files that were left out for one reason; names: of the first NAMED of them."""

    reason: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class ImagesUsed:
    """The images that were read; folder: the split's, "" where the data set was used whole.

    kind: whether `folder` is a folder or the name of a split. class_counts: images by class folder;
    empty: class folders without a readable picture; left_out: what was not listed. unreadable: how
    many images could not be read, of which the first are named, with the reason. remarks: sentences
    about the data set; limited: whether a limit on their number was given.
    """

    folder: str
    images: int
    classes: int
    class_counts: dict[str, int]
    empty: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    kind: str = "folder"
    unreadable: int = 0
    unreadable_first: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    limited: bool = False


def group(left_out: Mapping[str, str]) -> tuple[LeftOut, ...]:
    """Group files, given with why they were left out, by the reason; the most files first."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in left_out.items():
        by_reason.setdefault(reason, []).append(printable(name))
    found = (
        LeftOut(reason, len(names), tuple(names[:NAMED])) for reason, names in by_reason.items()
    )
    return tuple(sorted(found, key=lambda each: -each.count))


def used_lines(used: ImagesUsed) -> Iterator[str]:
    """Yield lines about the images, the empty class folders, and what was left out."""
    whole = "a part of the data set (--limit)" if used.limited else "the whole data set is used"
    where = f"in the {used.kind} {used.folder}" if used.folder else whole
    classes = f"{used.classes:,} class{'' if used.classes == 1 else 'es'}"
    yield f"{_images(used.images)} of {classes} ({_each(used)}), {where}"
    if used.empty:
        one, many = (" folder", " folders") if used.kind == "folder" else ("", "es")
        s = many if len(used.empty) > 1 else one
        yield f"empty, or without a readable picture: class{s} {some(used.empty)}"
    for phrase in left_out_phrases(used.left_out):
        yield f"left out: {phrase}"
    if used.unreadable:
        rest = "" if used.unreadable == len(used.unreadable_first) else ", the first of them"
        yield f"unreadable, and left out: {_images(used.unreadable)}{rest}:"
        yield from (f"  {name}: {why}" for name, why in used.unreadable_first)
    yield from used.remarks


def left_out_phrases(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """Yield how many files were left out, which, and why, for the REASONS of most files."""
    for each in left_out[:REASONS]:
        yield f"{_files(each.count)} ({some(each.names, each.count)}): {each.reason.rstrip('.')}"
    if rest := sum(each.count for each in left_out[REASONS:]):
        yield f"{_files(rest)} for other reasons"


def some(names: tuple[str, ...], count: int | None = None) -> str:
    """Name up to NAMED of `count` names, and say how many more there are."""
    rest = (count or len(names)) - len(names[:NAMED])
    more = [f"{rest:,} more"] if rest else []
    return join_list([*names[:NAMED], *more])


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _images(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"


def _each(used: ImagesUsed) -> str:
    counts = used.class_counts
    if 1 < len(counts) <= LISTED:
        return ", ".join(f"{name} {count:,}" for name, count in counts.items())
    fewest, most = min(counts.values()), max(counts.values())
    return f"{fewest:,} each" if fewest == most else f"{fewest:,} to {most:,} each"
