"""Edits of gates and their effects, in sentences."""

import re
from collections.abc import Sequence

import numpy as np

from seviz.phrases import join_list
from seviz.records.analysis import AlphaPath
from seviz.records.arms import Edit, Rule
from seviz.records.trace import Answer, Trace
from seviz.words.answers import answer_words
from seviz.words.numbers import percent, signed


def edit_words(edit: Edit) -> str:
    """Say where an edit is and what it does there: “stage 4: each gate at 1 (identity)”."""
    stage = re.fullmatch(r"SE_(\d+)\*", edit.place)
    where = f"stage {stage[1]}" if stage else "all blocks" if edit.place == "all" else edit.place
    if edit.channels:
        ranges = [f"{a} to {b - 1}" if b - a > 1 else f"{a}" for a, b in edit.channels]
        one = len(ranges) == 1 and "to" not in ranges[0]
        where += f", channel{'' if one else 's'} {join_list(ranges)}"
    return f"{where}: {_rule_words(edit.rule)}"


def _rule_words(rule: Rule) -> str:
    value = signed(rule.value)
    match rule.name:
        case "set" | "scale" if rule.value == 0:
            return "silenced (gate 0)"
        case "set":
            return f"each gate set to {value}"
        case "scale":
            return f"each gate scaled by {value}"
        case "identity":
            return "each gate at 1 (identity)"
        case "static":
            return "each gate held at its mean (static)"
        case "uniform":
            return "each gate at the mean of its block's gates (uniform)"
        case "shuffle":
            return f"the gates shuffled among the channels (seed {rule.value:.0f})"
        case "mix":
            assert rule.of is not None
            return f"{signed(100 * rule.value)} % of the way to “{_rule_words(rule.of)}”"
    return f"the gates recorded from {rule.source} ({rule.name})"


def edited_headline(trace: Trace) -> str:
    """Compare the answer with the second arm's edits with that of the first arm, as trained."""
    intact, edited = trace.top(0, 1)[0], trace.top(1, 1)[0]
    if not trace.arms[1].edits:
        return f"Nothing is edited: the network says {answer_words(intact)}."
    if intact.index != edited.index:
        return (
            f"With these edits the network says {answer_words(edited)} "
            f"instead of {answer_words(intact)}."
        )
    return (
        f"With these edits the network still says {intact.label}: {percent(edited.probability)} "
        f"instead of {percent(intact.probability)}."
    )


def tops_along(
    path: AlphaPath, step: int, labels: Sequence[str], *, k: int
) -> list[tuple[Answer, Answer]]:
    """Pair the answers at the start of a path with those at a step, as `union_of_tops` does."""
    first, there = path.logits[0], path.logits[step]
    best = {int(i) for row in (first, there) for i in np.argsort(-row, kind="stable")[:k]}
    pairs = [(Answer.of(first, labels, i), Answer.of(there, labels, i)) for i in best]
    return sorted(pairs, key=lambda p: (-max(p[0].probability, p[1].probability), p[0].index))
