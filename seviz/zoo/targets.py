"""The text form of what is followed: a class, “A vs B”, or a gate such as SE_4_6[17]."""

import re
from collections.abc import Sequence

from seviz.errors import UserError
from seviz.gates.grammar import named_gate, names_gate
from seviz.phrases import brief
from seviz.records.sites import Site
from seviz.records.target import ClassTarget, Difference, Target
from seviz.zoo.labels import find_class, known_class
from seviz.zoo.sources import Source

VERSUS = re.compile(r"\svs\.?\s", re.IGNORECASE)
OTHERWISE = re.compile(r"[,/–−-]|\s(?:or|versus|against)\s", re.IGNORECASE)  # between two names
LONGEST = 1000  # characters; names of classes are shorter


def find_class_target(
    names: Sequence[str], text: str, ids: Sequence[str] | None = None
) -> ClassTarget:
    """Read a class as `find_class` does, or two of them: “A vs B” is A's logit minus B's.

    A class whose whole name is the text comes first. UserError where there is no such class.
    """
    text = text.strip()
    if (known := known_class(names, text, ids)) is not None:
        return known
    sides = _sides(VERSUS, text)
    if not sides:
        _refuse_other_pair(names, text, ids)
        return find_class(names, text, ids)  # which says what is near
    both = [pair for pair in sides if _are_known(names, pair, ids)]
    first, second = (find_class(names, side, ids) for side in (both or sides)[0])
    if first == second:
        raise UserError(
            f"“{brief(text)}” compares {brief(names[first])} with itself; name two different "
            "classes."
        )
    return Difference(first, second)


def class_target(source: Source, text: str) -> ClassTarget:
    """Read a target of a network that can be a class, or two; UserError for a gate too."""
    _refuse_gate(source.labels, text, source.folders)
    return find_class_target(source.labels, text, source.folders)


def find_target(source: Source, sites: Sequence[Site], text: str) -> Target:
    """Read any target of a network with these blocks; UserError where it has no such."""
    if names_gate(text) and known_class(source.labels, text.strip(), source.folders) is None:
        return named_gate(sites, text, source.title)
    return find_class_target(source.labels, text, source.folders)


def _sides(between: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """Cut a text in two at each match of a pattern."""
    cuts = between.finditer(text[:LONGEST])
    return [(text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in cuts]


def _are_known(names: Sequence[str], texts: Sequence[str], ids: Sequence[str] | None) -> bool:
    return all(known_class(names, text, ids) is not None for text in texts)


def _refuse_other_pair(names: Sequence[str], text: str, ids: Sequence[str] | None) -> None:
    """Raise UserError for two classes that are written otherwise than “A vs B”: “A,B”, “A or B”."""
    for pair in _sides(OTHERWISE, text):
        if _are_known(names, pair, ids):
            meant = " vs ".join(map(brief, pair))
            raise UserError(f"“{brief(text)}” is not a class; to compare two, write “{meant}”.")


def _refuse_gate(names: Sequence[str], text: str, ids: Sequence[str] | None) -> None:
    if names_gate(text) and known_class(names, text.strip(), ids) is None:
        raise UserError(
            f"“{brief(text.strip())}” is a gate, and here a class, or two (A vs B), can be "
            "followed; Explanations (seviz attribute) explains gates."
        )
