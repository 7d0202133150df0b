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
LONGEST = 1000  # characters; names of classes are shorter


def find_class_target(
    names: Sequence[str], text: str, ids: Sequence[str] | None = None
) -> ClassTarget:
    """Read a class as `find_class` does, or two of them: “A vs B” is A's logit minus B's.

    A class whose whole name is the text comes first. UserError where there is no such class.
    """
    text = text.strip()
    cuts = list(VERSUS.finditer(text[:LONGEST]))
    if not cuts or known_class(names, text, ids) is not None:
        return find_class(names, text, ids)
    sides = [(text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in cuts]
    both = [
        pair for pair in sides if all(known_class(names, side, ids) is not None for side in pair)
    ]
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


def _refuse_gate(names: Sequence[str], text: str, ids: Sequence[str] | None) -> None:
    if names_gate(text) and known_class(names, text.strip(), ids) is None:
        raise UserError(
            f"“{brief(text.strip())}” is a gate, and here a class, or two (A vs B), can be "
            "followed; Explanations (seviz attribute) explains gates."
        )
