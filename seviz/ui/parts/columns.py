"""A photograph's answers, a column an arm: short on top, all of them folded below."""

from collections.abc import Sequence

from markupsafe import Markup

from seviz.analysis.against_intact import compare
from seviz.phrases import capitalize
from seviz.records.arms import Arm
from seviz.records.trace import Answer, Trace
from seviz.reference.unknown import likely_unknown
from seviz.ui.parts.html import NOTHING, column_heads, facts, headline, join, notice
from seviz.words.answers import (
    FAR,
    arm_note,
    change_words,
    doubt,
    tops_caption,
    twin_words,
    union_of_tops,
)
from seviz.words.answers import headline as answered
from seviz.words.arms import arm_title, is_twin
from seviz.words.numbers import percent

FIRST = 3  # answers of a column


def answers(trace: Trace, title: str, *, mark: str, served: str, k: int) -> Markup:
    """Set the columns, who answered, and all arms' first k answers, folded.

    title: the network's name for people; mark: as of `columns`; served: who answered.
    """
    who = Markup('<p class="served">{}</p>').format(served)
    return columns(trace, mark=mark) + who + details(trace, title, k)


def columns(trace: Trace, *, mark: str = "") -> Markup:
    """Set one sentence over a column for each arm with its first answers.

    mark: what stands before the sentence, such as that the photograph is an example.
    """
    return (
        (Markup('<p class="mark">{}</p>').format(mark) if mark else NOTHING)
        + headline(answered(trace))
        + notice(doubt(trace, likely_unknown(trace)))
        + side_by_side(trace)
    )


def side_by_side(trace: Trace, heads: Sequence[str] = ()) -> Markup:
    """Set a column for each arm with its first answers; heads: their titles, if not the usual."""
    own = trace.top(0, 1)[0].index
    titles = heads or [arm_title(arm) for arm in trace.arms]
    return Markup('<div class="columns">{}</div>').format(
        join(_column(trace, row, own, title=title) for row, title in enumerate(titles))
    )


def details(trace: Trace, title: str, k: int) -> Markup:
    """Fold away the `table` of all arms' answers; title: the network's name for people."""
    return Markup('<details class="all-answers"><summary>All figures</summary>{}</details>').format(
        table(trace, title, k)
    )


def table(trace: Trace, title: str, k: int) -> Markup:
    """Set all arms' first k answers in a table, and say how far each arm moves the answer.

    title: the network's name for people.
    """
    rows = join(map(_row, union_of_tops(trace, k)))
    heads = column_heads(["answer", *(arm_title(arm) for arm in trace.arms)])
    return Markup(
        '<div class="figures" tabindex="0" role="region" aria-label="{caption}"><table>'
        "<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        "</div>{changes}{twin}"
    ).format(
        caption=tops_caption(title, k),
        heads=heads,
        rows=rows,
        changes=join(_change(trace, row) for row in range(1, len(trace.arms))),
        twin=facts(twin_words(trace)),
    )


def arm_class(arm: Arm) -> str:
    """Return the CSS class that gives an arm its colour."""
    return f"arm-{arm.name if arm.name.isidentifier() else 'edited'}"


def _column(trace: Trace, row: int, own: int, *, title: str) -> Markup:
    arm, note = trace.arms[row], arm_note(trace, row)
    answers = trace.top(row, FIRST)
    change = compare(trace, row)
    far = " far" if change and (change.shift or 0) >= FAR else ""
    changed = f"{far} changed" if answers[0].index != own else far
    return Markup(
        '<section class="arm {kind}{changed}"><h2>{title}</h2><ol>{answers}</ol>{note}</section>'
    ).format(
        kind=arm_class(arm),
        changed=changed,
        title=title,
        note=Markup('<p class="note">{}</p>').format(note) if note else NOTHING,
        answers=join(map(answer_line, answers)),
    )


def answer_line(answer: Answer) -> Markup:
    """Set an answer and its probability, also as a bar, as an item of a list."""
    return Markup(
        '<li><span class="label">{}</span> <span class="share">{}</span>'
        '<i style="width:{:.2f}%"></i></li>'
    ).format(answer.label, percent(answer.probability), 100 * answer.probability)


def _row(answers: tuple[Answer, ...]) -> Markup:
    cells = join(Markup("<td>{}</td>").format(percent(a.probability)) for a in answers)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(answers[0].label, cells)


def _change(trace: Trace, row: int) -> Markup:
    change = compare(trace, row)
    assert change is not None  # the first arm is intact
    arm = trace.arms[row]
    words = change_words(change, trace.labels[change.target], twin=is_twin(arm))
    return facts(f"{capitalize(arm_title(arm))}: {words}")
