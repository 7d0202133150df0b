"""Pieces of sentences that several folders write."""

import difflib
from collections.abc import Iterable


def nearest_names(text: str, known: Iterable[str], *, count: int, cutoff: float) -> list[str]:
    """Return at most `count` known names that resemble a text by `cutoff` or more, of 0 to 1."""
    return difflib.get_close_matches(text, known, count, cutoff)


def did_you_mean(
    text: str,
    known: Iterable[str],
    *,
    otherwise: Iterable[str],
    count: int = 3,
    cutoff: float = 0.5,
) -> str:
    """Ask “did you mean a or b?”: of the known names nearest to a text, else of `otherwise`."""
    names = nearest_names(text, known, count=count, cutoff=cutoff) or otherwise
    return f"did you mean {' or '.join(names)}?"


def join_list(items: Iterable[str], last: str = " and ") -> str:
    """Join one item or more as in a sentence: a, b and c."""
    *firsts, end = items
    return f"{', '.join(firsts)}{last}{end}" if firsts else end


def capitalize(text: str) -> str:
    """Write the first letter as a capital, and leave the others as they are."""
    return text[:1].upper() + text[1:]


def photographs_words(count: int) -> str:
    """Count photographs: “1 photograph”, “3 photographs”."""
    return "1 photograph" if count == 1 else f"{count:,} photographs"


def first_line(text: str, longest: int = 200) -> str:
    """Return the first line of a text that is not blank, shortened; "" where there is none."""
    lines = text.strip().splitlines() or [""]
    return lines[0] if len(lines[0]) <= longest else f"{lines[0][:longest]}…"


def minus(number: str) -> str:
    """Write a number with minus signs in place of hyphens."""
    return number.replace("-", "−")


def printable(text: str) -> str:
    """Write what others named so that no terminal obeys it: control characters are escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def printable_lines(text: str) -> str:
    """Write lines so that no terminal obeys what others named in them."""
    return "\n".join(map(printable, text.split("\n")))


def brief(text: str, most: int = 80) -> str:
    """Write what others named, printable and at most `most` characters long."""
    shown = printable(text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
