"""The view “The tables”, without a browser."""

from dataclasses import fields
from pathlib import Path

import gradio as gr
import pytest
from made_study import made

from seviz.nets.results import results
from seviz.nets.shipped import openable_keys
from seviz.nets.variants import STUDIES
from seviz.study.csv import study_csv
from seviz.ui.laboratory.tables import html as pieces
from seviz.ui.laboratory.tables import view as lab_tables
from seviz.ui.laboratory.tables.files import ALL, csv_paths
from seviz.ui.parts.sortable import Cell, Head, Line, table
from seviz.ui.state import Asked, Sought
from seviz.words.findings import headline, order_words


@pytest.fixture(scope="module")
def handlers() -> lab_tables.Handlers:
    with gr.Blocks():
        asked = Asked(**{field.name: gr.State() for field in fields(Asked)})
        pages = gr.Tabs()
        return lab_tables.Handlers(lab_tables.lay_out(results()), results(), asked, pages)


def clicked(data: object) -> gr.EventData:
    return gr.EventData(None, data)


def test_choosing_a_study_changes_all_that_is_shown(handlers):
    said, p = handlers.choose("stage"), handlers.parts
    assert set(said) == {p.answer, p.here, p.article, p.table, p.one, p.notes}
    assert headline("stage", results()) in said[p.answer]
    assert order_words("stage", results()) in said[p.answer]
    assert said[p.here].layout.yaxis.ticktext[0] == "stage 2 only"
    assert said[p.article].layout.yaxis.ticktext == said[p.here].layout.yaxis.ticktext
    assert (
        "3 seeds of each variant · seviz results --study stage"
        in said[p.here].layout.meta["source"]
    )
    assert "Hu et al." in said[p.article].layout.meta["source"]
    assert said[p.table].count("<tr class") == 4
    assert "table 13" in said[p.notes]


@pytest.mark.parametrize("study", ["stag", "", None, 7, ["r"]])
def test_a_study_that_a_client_made_up_is_refused(handlers, notices, study):
    assert handlers.choose(study) == gr.skip()
    assert notices == ["There is no such study; choose one of the six."]


def test_a_rows_network_opens_in_explore(handlers):
    said = handlers.open(clicked({"name": "lab_resnet_pre", "position": 0}))
    assert said[handlers.asked.wanted] == Sought("lab_resnet_pre")
    assert said[handlers.pages].selected == "explore"


@pytest.mark.parametrize(
    "data",
    [{"name": "lab_resnet"}, {"name": "seresnet50.a1_in1k"}, {"name": ["x"]}, {}, None, "lab_vgg"],
)
def test_what_no_row_opens_is_refused(handlers, notices, data):
    assert handlers.open(clicked(data)) == gr.skip()
    assert notices == ["That row names no network to open; click an underlined name."]


def test_rows_open_what_has_gates_and_plain_hosts_are_text():
    said = pieces.figures("host", results())
    assert said.count("data-name=") == 3
    assert 'data-name="lab_vgg_se"' in said
    assert '<th scope="row">VGG without SE</th>' in said
    assert {"lab_vgg_se", "lab_inception_se", "lab_resnet_se"} <= set(openable_keys())


def test_a_difference_that_may_be_0_is_called_so():
    said = pieces.figures("excitation", made(lab_resnet_relu=0.45))
    (standard, tanh, relu) = said.split("<tr class=")[1:]
    assert "too few seeds to be sure" in tanh
    assert "0.00 (−2.27 to +2.27)" in tanh
    assert ">clear<" in relu
    assert "−5.00 (−7.27 to −2.73)" in relu
    assert "−1.19" in relu
    assert "23.47" in relu
    assert "reference" in standard
    assert "50.0 ± 1.0" in standard


def test_notes_say_how_where_from_and_what_not():
    said = pieces.notes("squeeze", results())
    for title in ("How it was measured", "Where the article’s figures come from", "can’t tell you"):
        assert title in said
    assert "table 16" in said
    assert "best seed" in said


def test_sheets_are_those_of_the_library():
    paths = csv_paths()
    assert set(paths) == {*STUDIES, ALL}
    assert Path(paths["r"]).read_bytes() == study_csv(["r"], results()).encode()
    assert Path(paths[ALL]).read_bytes() == study_csv(STUDIES, results()).encode()


def test_a_table_escapes_its_texts_and_names_its_columns_groups():
    said = table(
        "<b>",
        [Head("a & b"), Head("c", "<one>"), Head("d", "<one>"), Head("e", "two")],
        [Line("x", (Cell("<i>"), Cell("1.0", 1.0), Cell("<u>"), Cell("")), 'k"', "Open <i>")],
    )
    assert "<b>" not in said
    assert "<i>" not in said
    assert "<u>" not in said
    assert '<th scope="colgroup" colspan="2">&lt;one&gt;</th>' in said
    assert said.count('aria-sort="none"') == said.count("data-column=") == 4
    assert 'data-name="k&#34;"' in said
    assert '<td data-value="1">1.0</td>' in said


def test_a_copy_without_results_says_so(monkeypatch):
    monkeypatch.setattr("seviz.answers.study.FILE", Path("nowhere"))
    with gr.Blocks() as demo:
        lab_tables.build(None, None, None)
    (told,) = [c.value for c in demo.blocks.values() if isinstance(c, gr.HTML)]
    assert "This copy of seviz has no study" in told


def test_the_charts_of_the_chosen_study_are_drawn_when_the_view_is_opened(handlers):
    said, p = handlers.draw("r"), handlers.parts
    assert set(said) == {p.here, p.article}
    assert said[p.here].layout.yaxis.ticktext[-1] == "r = 32"
    assert handlers.draw(["r"]) == gr.skip()
    assert (p.here.value, p.article.value) == (None, None)  # the start does not wait for them
