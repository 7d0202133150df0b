"""Which of a network's classes the listed classes of a data set are."""

from collections.abc import Sequence

from seviz.photos.class_folders import number_folders


def number_classes(
    classes: Sequence[str], names: tuple[str, ...] | None, labels: Sequence[str], *, data: str
) -> tuple[tuple[str, ...], dict[int, int]]:
    """Return a network's names of classes, and which of them each listed class is.

    names: of its classes' folders, None where unknown; labels: of its classes. Two lists of one
    length are one where half of the names agree by place (“tench, Tinca tinca” is “tench”), or
    where the network's classes have no names; else each class is found by its own. UserError where
    one is not found, or two are the same.
    """
    ours, theirs = ([_first_name(name) for name in each] for each in (classes, labels))
    agree = sum(one == other for one, other in zip(ours, theirs, strict=False))
    unnamed = names is None and not {*ours} & {*theirs}
    if len(ours) == len(theirs) and (2 * agree >= len(ours) or unnamed):
        return names or tuple(labels), {i: i for i in range(len(ours))}
    found = number_folders(classes, names or tuple(labels), labels, root=data, what="class")
    return names or tuple(labels), {i: found[name] for i, name in enumerate(classes)}


def _first_name(text: str) -> str:
    """Return the first of a class's names, in small letters."""
    return text.partition(",")[0].strip().casefold()
