"""The page's handlers and pieces, without a browser."""

import tempfile
from dataclasses import replace

import gradio as gr
import numpy as np
import psutil
import pytest
from made import made_trace
from PIL import Image

from seviz.errors import UserError
from seviz.reference.gather import reference
from seviz.ui import app
from seviz.ui.explore import layout
from seviz.ui.explore import page as explore
from seviz.ui.parts import html
from seviz.ui.state import OFF, off_choices
from seviz.zoo import catalogue

STATIC_OFF, IDENTITY_OFF = OFF  # static is the default


@pytest.fixture(scope="module")
def handlers() -> explore.Handlers:
    with gr.Blocks():
        return explore.Handlers(layout.lay_out_question("embedded", ""), gr.Column())


def answers(handlers, photo, model="embedded", off=STATIC_OFF) -> list:
    """Each step of the answer to a photograph, in turn."""
    return list(handlers.answer(photo, model, off, progress=lambda *args, **kwargs: None))


def answered(handlers, photo, **question) -> dict:
    """All that the answer to a photograph updates, as one dictionary."""
    merged: dict = {}
    for news in answers(handlers, photo, **question):
        merged |= news if news != gr.skip() else {}
    return merged


def test_the_answers_come_before_the_trace_and_the_download(handlers, photo):
    steps = answers(handlers, photo)
    q = handlers.asked
    assert [q.answers in step for step in steps] == [False, False, True, True]
    assert [q.record in step for step in steps] == [False, False, False, True]
    assert [q.download in step for step in steps] == [False, False, False, True]
    # A browser may skip all but the last.
    assert set(steps[0]) < set(steps[1]) < set(steps[2]) < set(steps[3])


def test_without_a_photograph_the_network_says_what_it_knows_and_the_last_result_stays(handlers):
    said = answered(handlers, None)
    q = handlers.asked
    assert set(said) == {q.network, q.classes, q.networks, q.off}
    assert "red panda" in said[q.classes]


def test_weights_that_cant_be_had_are_a_notice_and_the_embedded_network_answers(
    handlers, photo, notices
):
    introduced, fallen_back, *_, last = answers(handlers, photo, "seresnet50.a1_in1k")
    assert "to be downloaded" in introduced[handlers.asked.network]
    assert fallen_back[handlers.asked.model] == "embedded"
    assert "SE-ResNet-50 slim · embedded" in last[handlers.asked.answers]
    assert last[handlers.asked.record].model == "embedded"
    assert last[handlers.asked.model] == "embedded"
    assert "choose the embedded network" in notices[0]


def test_a_photograph_that_cant_be_read_is_a_notice_and_no_result(handlers, notices):
    assert handlers.asked.record not in answered(handlers, UserError("One sentence."))
    assert notices == ["One sentence."]


def test_what_handlers_change_is_what_gradio_lets_them_change(photo):
    demo = app.build()
    for fn in demo.fns.values():
        if fn.name == "answer":
            handlers, outputs = fn.fn.__self__, set(fn.outputs)
            assert set(answered(handlers, photo)) <= outputs
            assert handlers.asked.model in outputs


def test_memory_and_disk_stay_flat_over_two_hundred_photographs(handlers, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process, sizes = psutil.Process(), []
    for i in range(200):
        answered(handlers, Image.new("RGB", (320, 240), (i, 255 - i, 7)))
        sizes.append(process.memory_info().rss)
    assert np.median(sizes[-20:]) - np.median(sizes[40:60]) < 20e6
    assert not list(tmp_path.iterdir())


def test_labels_from_anywhere_are_escaped():
    trace = made_trace([[1.0, 0.0], [0.0, 1.0]])
    object.__setattr__(trace, "labels", ("<script>alert(1)</script>", "b"))
    assert "<script>" not in html.answers(trace, "<b>", 2)
    assert "<b>" not in html.answers(trace, "<b>", 2)
    assert "<script>" not in html.classes(trace.labels)


def test_static_is_what_off_means_where_there_are_statistics(handlers, photo):
    assert off_choices("embedded") == [STATIC_OFF, IDENTITY_OFF]
    assert off_choices("seresnet50.a1_in1k") == [IDENTITY_OFF]
    record = answered(handlers, photo)[handlers.asked.record]
    assert [arm.name for arm in record.arms] == ["intact", "static", "twin"]
    held = reference("embedded").blocks["SE_4_6"].s_mean
    np.testing.assert_allclose(record.s["SE_4_6"][1], held, rtol=1e-6)
    assert not np.allclose(record.s_computed["SE_4_6"][1], held)  # computed, and not applied


def test_networks_are_listed_by_group_with_their_facts():
    own = replace(
        catalogue.find("embedded").entry(), key="x", title="<mine>", group="your own", top1=None
    )
    listed = html.networks([*catalogue.entries(), own])
    groups = [part.split("<")[0] for part in listed.split('scope="rowgroup">')[1:]]
    assert groups == [
        "embedded",
        "SE-ResNet",
        "SE-ResNeXt",
        "SENet",
        "other",
        "laboratory",
        "your own",
    ]
    assert "<td>28.1 M</td><td>224</td><td>81.1 / 95.1</td>" in listed
    assert "&lt;mine&gt;" in listed


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
    about_a_photograph = {"trace", "attribute", "necessity", "channels", "compare"}
    assert public == about_a_photograph | {"models", "study", "costs"}
