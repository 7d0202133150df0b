from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.analysis.against_intact import compare
from seviz.gates.grammar import parse_arm
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN
from seviz.ui.parts import html
from seviz.ui.parts.columns import answers, arm_class, columns, details
from seviz.words.answers import arm_note, change_words, twin_words
from seviz.words.answers import headline as answered

EVIL = "<b> & co"
TRACE = replace(
    made_trace([[2.0, 0.0, 1.0, -1.0], [0.0, 2.0, 1.0, -1.0], [3.0, 0.0, 1.0, -1.0]]),
    arms=(INTACT, STATIC, TWIN),
)


def sections(shown: str) -> list[str]:
    return shown.split("<section ")[1:]


def test_each_arm_has_a_column_of_its_three_first_answers_with_bars():
    own, static, twin = sections(columns(TRACE))
    assert own.startswith('class="arm arm-intact"><h2>with gates</h2><ol>')
    assert static.startswith('class="arm arm-static changed"><h2>')
    assert twin.startswith('class="arm arm-twin"><h2>')  # which says the same
    named = [
        [part.split("<")[0] for part in column.split('class="label">')[1:]]
        for column in (own, static, twin)
    ]
    assert named == [["a", "c", "b"], ["b", "c", "a"], ["a", "c", "b"]]
    share = float(np.exp(2) / np.exp([2.0, 0.0, 1.0, -1.0]).sum())
    assert f'<i style="width:{100 * share:.2f}%">' in own
    assert f'<p class="note">{arm_note(TRACE, 2)}</p>' in twin
    assert 'class="note"' not in own


def test_one_sentence_stands_over_the_columns_and_a_mark_over_that():
    shown = columns(TRACE, mark="An example.")
    assert shown.startswith(f'<p class="mark">An example.</p>{html.headline(answered(TRACE))}')
    assert columns(TRACE).startswith(html.headline(answered(TRACE)))
    unsure = replace(
        made_trace([[0.1, 0.0, 0.0, 0.0, 0.0, 0.0]] * 2), temperature=1.0, arms=(INTACT, IDENTITY)
    )
    assert 'class="notice"' in columns(unsure)
    assert 'class="notice"' not in columns(TRACE)


def test_who_answered_stands_under_the_columns_and_all_answers_are_folded():
    shown = answers(TRACE, "Net", mark="", served="Net · CPU", k=1)
    assert shown.index("<section") < shown.index(">Net · CPU</p>")
    assert shown.index('class="served"') < shown.index('<details class="all-answers">')
    assert "<details open" not in shown


def test_all_arms_answers_are_in_one_table_with_what_changed():
    shown = details(TRACE, "Net", 1)
    assert shown.count("<tr>") == 3  # the head, and the first answers a and b
    assert "Net: the first answer of each column" in shown
    for row, twin in ((1, False), (2, True)):
        assert change_words(compare(TRACE, row), "a", twin=twin) in shown
    assert html.facts(twin_words(TRACE)) in shown
    assert twin_words(replace(TRACE, arms=(INTACT, STATIC, IDENTITY))) is None


def test_one_arm_alone_is_one_column():
    (only,) = sections(columns(replace(made_trace([[1.0, 0.0]] * 2), arms=(INTACT, IDENTITY))))[:1]
    assert "arm-intact" in only


@pytest.mark.parametrize(
    "of",
    [
        columns,
        lambda trace, mark: details(trace, mark, 2),
        lambda trace, mark: answers(trace, mark, mark=mark, served=mark, k=2),
    ],
)
def test_every_text_is_escaped(of):
    shown = of(replace(TRACE, labels=(EVIL, EVIL, "c", "d")), mark=EVIL)
    assert EVIL not in shown
    assert "&lt;b&gt; &amp; co" in shown


def test_an_arms_class_is_a_word_whatever_its_name():
    assert arm_class(INTACT) == "arm-intact"
    assert arm_class(parse_arm("SE_4_6=0")) == "arm-edited"
    assert arm_class(replace(INTACT, name='x" onload="y')) == "arm-edited"
