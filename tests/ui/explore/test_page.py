"""The page as a whole, without a browser."""

from collections.abc import Iterator
from dataclasses import replace

import gradio as gr
import pytest
from made import made_trace

from seviz.ui import app
from seviz.ui.explore.page import TABS
from seviz.ui.parts import columns, html
from seviz.zoo import catalogue


def components(demo: gr.Blocks) -> dict[str, gr.blocks.Block]:
    return {b.elem_id: b for b in demo.blocks.values() if getattr(b, "elem_id", None)}


def inside(holder: gr.blocks.BlockContext) -> Iterator[gr.blocks.Block]:
    for child in holder.children:
        yield child
        yield from inside(child) if hasattr(child, "children") else ()


def test_labels_from_anywhere_are_escaped():
    trace = replace(made_trace([[1.0, 0.0], [0.0, 1.0]]), labels=("<script>alert(1)</script>", "b"))
    assert "<script>" not in columns.table(trace, "<b>", 2)
    assert "<b>" not in columns.table(trace, "<b>", 2)
    assert "<script>" not in html.classes(trace.labels)


def test_the_chosen_networks_facts_stand_under_its_name():
    said = html.network(catalogue.find("legacy_seresnet50").entry())
    assert "28.1 M parameters · 224×224 pixels · 77.6 / 93.8 % top-1 / top-5 on ImageNet-1k" in said
    assert said.endswith("to be downloaded</p>")
    assert "on Tiny-ImageNet-200" in html.network(catalogue.find("embedded").entry())


def test_only_the_questions_of_scripts_are_public():
    demo = app.build()
    public = {
        fn.api_name for fn in demo.fns.values() if fn.api_visibility == "public" and fn.api_name
    }
    about_a_photograph = {
        "trace",
        "attribute",
        "necessity",
        "channels",
        "compare",
        "change",
        "networks",
        "report",
    }
    about_images = {"classes", "selectivity", "exemplars", "map", "pictures"}
    assert public == about_a_photograph | about_images | {"models", "study", "costs"}


@pytest.mark.parametrize("notice", ["", "One sentence."])
def test_a_notice_stands_on_top_only_where_there_is_one(notice: str):
    shown = components(app.build("embedded", notice))
    if notice:
        assert shown["notice"].value == html.notice(notice)
    else:
        assert "notice" not in shown


def test_rail_stage_and_inspector_hold_their_parts():
    shown = components(app.build())
    for column, names in (
        ("rail", ["photo", "examples", "model", "network", "columns", "arm", "target"]),
        ("stage", ["answers", "download", "report", "tabs", "atlas"]),
        ("inspector", ["block", "channel", "facts", "before", "after", "gates", "movers"]),
    ):
        assert {shown[name] for name in names} <= set(inside(shown[column])), column


def test_each_question_has_a_tab_of_its_own():
    demo = app.build()
    tabs = components(demo)["tabs"]
    assert [(tab.id, tab.label) for tab in tabs.children] == [of[:2] for of in TABS]
    assert len({name for name, _, _ in TABS}) == 6


def test_a_page_of_another_network_waits_for_a_photograph():
    shown = components(app.build("lab_vgg_se"))
    assert shown["answers"].value == html.WAITING
    assert shown["atlas"].value is None
    assert components(app.build())["atlas"].value is not None
