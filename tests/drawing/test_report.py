import base64
import gzip
import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs

from seviz.drawing.report import Column, Maps, Section, report_page
from seviz.figures import style
from seviz.records.trace import Answer
from seviz.words.tables import Table

SEEN = np.zeros((4, 4, 3), np.uint8)
EVIL = "<script>alert(1)</script> & co"


def figure(label: str) -> go.Figure:
    return style.figure([go.Bar(x=[1], y=[2])], height=200, label=label)


@pytest.fixture(scope="module")
def page() -> str:
    first = Section("one", "One", charts=[(figure(EVIL), EVIL)], hints=[EVIL], code=EVIL)
    second = Section(
        "two",
        EVIL,
        EVIL,
        notices=[EVIL],
        columns=[Column(EVIL, "#2b8cbe", [Answer(0, EVIL, 0.25, 1.0)], EVIL)],
        lines=[EVIL],
        maps=Maps([(EVIL, SEEN)], "0.5"),
        charts=[(figure("second"), "")],
        tables=[Table(EVIL, (EVIL, "empty"), ((EVIL, ""), ("x", "")), marked=(True, False))],
    )
    return report_page(EVIL, [first, second], of=EVIL, seen=SEEN)


def packed(page: str, name: str) -> str:
    (text,) = re.findall(rf'id="packed-{name}">([^<]*)<', page)
    return gzip.decompress(base64.b64decode(text)).decode()


def test_the_page_holds_plotly_and_the_figures_packed(page: str):
    assert packed(page, "plotly") == get_plotlyjs()
    labels = [each["layout"]["meta"]["label"] for each in json.loads(packed(page, "charts"))]
    assert labels == [EVIL, "second"]
    assert re.findall(r'data-chart="(\d)"', page) == ["0", "1"]
    assert len(page) < 2_100_000


def test_what_others_named_is_escaped_everywhere(page: str):
    assert "alert(1)" in page
    assert "<script>alert" not in page


def test_parts_are_linked_and_stand_in_their_order(page: str):
    assert '<a href="#one">One</a>' in page
    assert page.index('<section id="one">') < page.index('<section id="two">')


def test_nothing_is_fetched(page: str):
    ours = re.sub(r'id="packed-\w+">[^<]*<', "", page)
    assert set(re.findall(r'(?:src|href)="([a-z]+:)', ours)) == {"data:"}
    assert not re.findall(r"url\(['\"]?http|@import|<link rel=\"stylesheet", ours)


def test_a_table_leaves_out_empty_columns_and_marks_rows(page: str):
    assert '<th scope="col">empty</th>' not in page
    assert page.count('<tr class="marked">') == 1


def test_a_table_without_heads_is_of_facts_whose_long_words_wrap():
    table = Table("Of what", ("", ""), (("photograph", "0123456789abcdef" * 4),))
    text = report_page("", [Section("one", "One", tables=[table])], of="", seen=SEEN)
    assert '<table class="facts"><caption>Of what</caption><tbody>' in text
    assert ".facts th, .facts td { overflow-wrap: anywhere; }" in text


def test_a_column_shows_what_the_network_saw_where_that_differs(page: str):
    assert 'as the network saw it"><ol>' not in page
    column = Column(EVIL, "#2b8cbe", [], seen=SEEN)
    text = report_page("", [Section("one", "One", columns=[column])], of="", seen=SEEN)
    assert re.search(r'<img src="data:image/webp;base64,[^"]+" alt="&lt;script&gt;[^"]+">', text)


def test_equal_sections_give_the_same_page(page: str):
    one = Section("one", "One", charts=[(figure("a"), "")])
    assert len({report_page("t", [one], of="", seen=SEEN) for _ in range(2)}) == 1
