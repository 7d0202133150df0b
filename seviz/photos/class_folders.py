"""Which of a network's classes the class folders of a data set are."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

from seviz.errors import UserError
from seviz.phrases import nearest_names


def number_folders(
    folders: Sequence[str],
    names: Sequence[str],
    labels: Sequence[str],
    *,
    root: Path | str,
    what: str = "class folder",
) -> dict[str, int]:
    """Return which class each folder of a data set is, by its name or by its label.

    names: of the classes' folders; a label counts where only one class has it, and small and
    capital letters are one where that tells labels apart. UserError where a folder is not one of
    the classes, or two are the same, with `what` they are in its sentence.
    """
    labels = [normalize("NFC", label) for label in labels]
    number = _places(labels) | {name: i for i, name in enumerate(names)}
    folded = _places([label.casefold() for label in labels])
    some = "classes" if what == "class" else f"{what}s"
    found: dict[str, int] = {}
    folder_of: dict[int, str] = {}
    for folder in sorted(folders):
        place = number.get(folder, folded.get(folder.casefold()))
        if place is None:
            raise UserError(
                f"In {root}, the {what} {folder} is not one of the network's; "
                f"{_nearest(folder, names, labels)}"
            )
        if place in folder_of:
            raise UserError(
                f"In {root}, the {some} {folder_of[place]} and {folder} are one class of the "
                "network's; put them together."
            )
        found[folder], folder_of[place] = place, folder
    return found


def _places(texts: Sequence[str]) -> dict[str, int]:
    """Return where each text is that is there once."""
    counts = Counter(texts)
    return {text: i for i, text in enumerate(texts) if counts[text] == 1}


def _nearest(folder: str, names: Sequence[str], labels: Sequence[str]) -> str:
    """Ask whether another class folder was meant, by its name or by its class's label."""
    folders = {label: f"{name} ({label})" for name, label in zip(names, labels, strict=False)}
    folders |= {name: name for name in names}
    near = nearest_names(folder, folders, count=1, cutoff=0.5) or names[:2]
    return f"did you mean {' or '.join(folders[name] for name in near)}?"
