from dataclasses import replace

import numpy as np
import pytest

from seviz.records.analysis import AlphaPath
from seviz.records.entry import Entry
from seviz.records.trace import Answer
from seviz.ui.parts import html

EVIL = "<b> & co"
SAFE = "&lt;b&gt; &amp; co"


def test_every_text_is_escaped():
    pair = (Answer(0, EVIL, 0.5, 1.0), Answer(0, EVIL, 0.25, 0.0))
    pieces = [
        html.section(EVIL, EVIL),
        html.headline(EVIL),
        html.hint(EVIL),
        html.notice(EVIL),
        html.facts(EVIL),
        html.classes([EVIL]),
        html.table(EVIL, (EVIL, EVIL), [pair]),
    ]
    for piece in pieces:
        assert EVIL not in piece
        assert SAFE in piece


def test_what_is_not_to_be_said_takes_no_room():
    assert html.notice(None) == html.notice("") == html.facts(None) == html.facts("") == ""


def test_a_headline_that_waits_is_fainter_and_no_line_begins_with_a_percent_sign():
    assert html.headline("is 34 %.") == '<p class="headline">is 34\u00a0%.</p>'
    assert html.headline("a") == '<p class="headline">a</p>'
    assert html.headline("a", waiting=True) == '<p class="headline waiting">a</p>'


def test_an_answer_has_its_bar_as_long_as_its_probability_and_a_difference():
    row = html.table("c", ("one", "two"), [(Answer(0, "a", 0.5, 1.0), Answer(0, "a", 0.125, 0.0))])
    assert '<span>50 %</span><span><i style="width:50.00%">' in row
    assert '<span>12 %</span><span><i style="width:12.50%">' in row
    assert '<td class="difference">−37.5</td>' in row
    assert row.index(">one<") < row.index(">two<")


def test_a_step_of_a_path_is_named_by_its_alpha():
    logits = np.log(np.float32([[0.75, 0.25], [0.5, 0.5]]))
    path = AlphaPath("static", np.float32([0, 0.25]), logits)
    shown = html.path_answers(path, 1, ("lion", "tabby"), k=2)
    assert ">α = 0<" in shown
    assert ">α = 0.25<" in shown
    assert "−25.0" in shown
    assert "+25.0" in shown


@pytest.mark.parametrize(
    ("share", "seconds", "says"),
    [
        (0.0, 9.0, "</progress> starting</p>"),
        (0.02, 9.0, "</progress> 2.0 %</p>"),  # too little to tell by
        (0.25, 0.5, "</progress> 25 %</p>"),
        (0.25, 4.0, "</progress> 25 %, about 12 s left</p>"),
        (0.5, 120.0, "</progress> 50 %, about 2 min left</p>"),
    ],
)
def test_progress_tells_the_time_that_is_left_once_it_can(share: float, seconds: float, says: str):
    shown = html.progress(share, seconds)
    assert shown.endswith(says)
    assert f'value="{share:.3f}"' in shown


NET = Entry(
    key="k",
    title="Net <1>",
    group="ones",
    source="hub",
    origin="o",
    architecture="a",
    tag="t",
    parameters=4_607_000,
    input_size=(3, 64, 96),
    licence="mit",
    top1=50.0,
    top5=75.25,
    measured_on="ImageNet & more",
    cached=True,
    size=18_400_000,
    classes=200,
    twin=None,
)
UNKNOWN = replace(NET, top1=None, top5=None, cached=False)


def test_a_network_is_told_by_its_size_accuracy_licence_and_place():
    assert html.network(NET) == (
        '<p class="network">4.6 M parameters · 64×96 pixels · 50.0 / 75.2 % top-1 / top-5 on '
        "ImageNet &amp; more · licence mit · on this machine</p>"
    )
    assert html.network(UNKNOWN) == (
        '<p class="network">4.6 M parameters · 64×96 pixels · licence mit · to be downloaded</p>'
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (NET, "Net <1> (4.6 M, 50.0 %, mit, here)"),
        (replace(NET, cached=False), "Net <1> (4.6 M, 50.0 %, mit, 18 MB to fetch)"),
        (UNKNOWN, "Net <1> (4.6 M, mit, 18 MB to fetch)"),
        (replace(UNKNOWN, size=None), "Net <1> (4.6 M, mit, to fetch)"),
        (replace(UNKNOWN, size=112_499_999), "Net <1> (4.6 M, mit, 112 MB to fetch)"),
    ],
)
def test_a_network_is_picked_by_one_line(entry: Entry, said: str):
    assert html.picker_line(entry) == said


def test_classes_are_in_the_order_of_the_alphabet():
    assert "<span>ant</span><span>Bee</span><span>cat</span>" in html.classes(["cat", "Bee", "ant"])


def test_a_class_that_one_side_does_not_know_has_no_number_and_no_difference():
    known = Answer(0, "a", 0.5, 1.0)
    for pair, first in (((known, None), False), ((None, known), True)):
        row = html.table("c", ("one", "two"), [pair])
        assert row.count("not a class") == 1
        assert (row.index("not a class") < row.index("50")) == first
        assert '<td class="difference"></td>' in row
