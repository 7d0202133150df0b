"""Edits of gates and their effects, in sentences."""

import re
from collections.abc import Sequence

from seviz.phrases import join_list
from seviz.records.analysis import AlphaPath
from seviz.records.arms import Edit
from seviz.records.trace import Answer, Trace
from seviz.words.answers import answer_change, answer_words, merge_tops
from seviz.words.arms import EDITED, rule_words


def edit_words(edit: Edit) -> str:
    """Say where an edit is and what it does there: “stage 4: each gate at 1 (identity)”."""
    stage = re.fullmatch(r"SE_(\d+)\*", edit.place)
    where = f"stage {stage[1]}" if stage else "all blocks" if edit.place == "all" else edit.place
    if edit.channels:
        ranges = [f"{a} to {b - 1}" if b - a > 1 else f"{a}" for a, b in edit.channels]
        one = len(ranges) == 1 and "to" not in ranges[0]
        where += f", channel{'' if one else 's'} {join_list(ranges)}"
    return f"{where}: {rule_words(edit.rule)}"


def edited_headline(trace: Trace) -> str:
    """Compare the answer with the second arm's edits with that of the first arm, as trained."""
    if not trace.arms[1].edits:
        return f"Nothing is edited: the network says {answer_words(trace.top(0, 1)[0])}."
    return f"With these edits the network {answer_change(trace, 1, column=EDITED[0])}."


def tops_along(
    path: AlphaPath, step: int, labels: Sequence[str], *, k: int
) -> list[tuple[Answer, ...]]:
    """Pair the answers at the start of a path with those at a step, as `union_of_tops` does."""
    return merge_tops(path.logits[[0, step]], labels, k, head=path.head)
