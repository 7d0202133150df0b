"""What people take away from the page, without a browser."""

import json
import re
import tempfile
import zipfile
from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from explored import lay_out_asked
from made import made_trust, map_trust
from markupsafe import escape

from seviz.answers.changes import asked_change, change_answer
from seviz.passes.forward import trace
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.records.analysis import AlphaPath
from seviz.records.arms import INTACT, STATIC, Rule
from seviz.records.target import class_of
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.reports import result as results
from seviz.reports.result import completed
from seviz.ui.explore.compare.asked import Shown as Compared
from seviz.ui.explore.downloads import WRITING, Handlers, Measured
from seviz.ui.explore.explanations.question import Question, Trusted
from seviz.ui.explore.explanations.question import Shown as Explained
from seviz.ui.explore.matters.tab import Shown as Weighed
from seviz.ui.explore.surgery.alpha import Shown as Along
from seviz.ui.state import Asked

ARMS = [INTACT, STATIC]


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_asked())


@pytest.fixture(scope="module")
def q(handlers) -> Asked:
    return handlers.asked


@pytest.fixture(scope="module")
def record(zoo, picture) -> Trace:
    recorded = recorded_for("embedded", ARMS)
    return trace(zoo.get("embedded"), read_file(picture, picture.name), ARMS, recorded=recorded)


def test_a_trace_can_be_downloaded_and_its_file_is_gone_once_it_was_taken(
    handlers, q, record, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    steps = handlers.archive(record)
    said = next(steps)
    assert said[q.download].visible
    assert said[q.report].visible
    assert not said[q.report_file].visible
    (folder,) = tmp_path.iterdir()
    assert [file.name for file in folder.iterdir()] == ["seviz-embedded.zip"]
    with zipfile.ZipFile(folder / "seviz-embedded.zip") as archive:
        of = json.loads(archive.read("trace.json"))["provenance"]
    assert of["network"]["key"] == "embedded"
    assert of["command"].startswith("seviz trace garden.png --model embedded --arms intact ")
    assert list(steps) == []
    assert not folder.exists()
    assert list(handlers.archive(None)) == [gr.skip()]


def reported(handlers, q, record, tmp_path, monkeypatch, **measured) -> str:
    """Return the page that the button writes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    steps = handlers.write(record, "static", None, *Measured(**measured))
    first = next(steps)
    assert (first[q.report].value, first[q.report].interactive) == (WRITING, False)
    last = next(steps)
    assert not last[q.report].visible
    assert last[q.report_file].visible
    (path,) = tmp_path.rglob("seviz-report-embedded.html")
    text = path.read_text("utf-8")
    assert list(steps) == []
    assert not path.exists()
    return text


def test_the_report_is_on_what_the_page_shows(handlers, q, record, tmp_path, monkeypatch):
    text = reported(handlers, q, record, tmp_path, monkeypatch)
    assert "on garden.png</h1>" in text
    assert record.top(0, 1)[0].label in text
    assert '<section id="map-gradcam">' in text


def test_what_the_tabs_have_computed_is_not_computed_again(
    handlers, q, record, tmp_path, monkeypatch
):
    target = record.top(0, 1)[0].index
    known = completed(record, target, rule=STATIC.edits[0].rule)
    weighed = Weighed(record, Rule("static"), known.effects, known.needed)
    found = replace(known.maps[0], method="saliency")
    question = Question("saliency", "", class_of(known.followed), STATIC)
    explained = Explained(record, question, {question: found})
    monkeypatch.setattr(results, "ask", lambda *_, **__: pytest.fail("asked the network"))
    monkeypatch.setattr(results, "weigh_gates", lambda *_, **__: pytest.fail("weighed again"))
    text = reported(
        handlers, q, record, tmp_path, monkeypatch, weighed=weighed, explained=explained
    )
    assert '<section id="map-saliency">' in text
    assert '<section id="map-gradcam">' not in text
    assert "trust" not in text.split("<main>")[1].split("<script")[0]


def test_what_was_measured_of_maps_stands_under_them(handlers, q, record, tmp_path, monkeypatch):
    target = record.top(0, 1)[0].index
    known = completed(record, target, rule=STATIC.edits[0].rule)
    first, other = (Question("gradcam", layer, target, STATIC) for layer in ("SE_5_3", "SE_4_6"))
    explained = Explained(record, first, {first: known.maps[0], other: known.maps[0]})
    trust = made_trust(map_trust("intact", (0.3, 0.3)), map_trust("static", (0.3, 0.3)))
    given = {"explained": explained, "trusted": Trusted(record, {other: trust})}
    text = reported(handlers, q, record, tmp_path, monkeypatch, **given)
    order = ["map-gradcam", "map-gradcam-2", "trust-gradcam"]
    assert [name for name in re.findall('<section id="(.*?)">', text) if "-" in name] == order
    assert "--method gradcam --trust --out" in text  # the maps are of two layers
    of_another = replace(record, image=record.image + 1)
    given["trusted"] = Trusted(of_another, {other: trust})
    text = reported(handlers, q, record, tmp_path, monkeypatch, **given)
    assert "trust-gradcam" not in text


def test_the_path_that_surgery_shows_of_the_photograph_is_told(
    handlers, q, record, tmp_path, monkeypatch
):
    path = AlphaPath("static", np.float32([0, 1]), record.logits[:2])
    given = {"alpha_path": Along(record, path)}
    text = reported(handlers, q, record, tmp_path, monkeypatch, **given)
    assert '<section id="alpha">' in text
    assert "--alpha-to static --out" in text
    given["alpha_path"] = Along(replace(record, image=record.image + 1), path)
    text = reported(handlers, q, record, tmp_path, monkeypatch, **given)
    assert '<section id="alpha">' not in text


def test_the_change_that_compare_shows_is_told_at_its_strength_alone(
    handlers, q, record, tmp_path, monkeypatch, picture
):
    target = record.top(0, 1)[0].index
    found = change_answer("embedded", read_file(picture), asked_change("noisy", 20), arms=ARMS)
    beside = change_answer("embedded", read_file(picture), asked_change("noisy", 7), arms=ARMS)
    drift = found.drift.with_points(beside.drift.points)  # 7 % was tried before
    shown = Compared(record, drift=drift, strength=20)
    text = reported(handlers, q, record, tmp_path, monkeypatch, compared=shown)
    assert '<section id="change">' in text
    assert str(escape(found.report.held)) in text
    assert "--change noisy --strength 20 --out" in text
    assert found.report.target.index == target
    for other in (
        replace(shown, drift=replace(drift, arms=(INTACT,))),
        replace(shown, first=replace(record, image=record.image + 1)),
    ):
        text = reported(handlers, q, record, tmp_path, monkeypatch, compared=other)
        assert '<section id="change">' not in text


def test_the_second_photograph_of_compare_is_told(handlers, q, record, tmp_path, monkeypatch, zoo):
    photo = read_file(EXAMPLES[0].path, EXAMPLES[0].path.name)
    shown = Compared(record, trace(zoo.get("embedded"), photo, [INTACT]))
    text = reported(handlers, q, record, tmp_path, monkeypatch, compared=shown)
    assert '<section id="second">' in text
    assert f"--second {EXAMPLES[0].path.name} --out" in text
    assert f"photograph {EXAMPLES[0].path.name}" in text


def test_what_the_tabs_show_of_another_class_is_left_out(
    handlers, q, record, tmp_path, monkeypatch
):
    known = completed(record, record.top(0, 2)[1].index, rule=STATIC.edits[0].rule)
    weighed = Weighed(record, Rule("static"), known.effects, known.needed)
    text = reported(handlers, q, record, tmp_path, monkeypatch, weighed=weighed)
    assert f"moves “{record.top(0, 1)[0].label}” most" in text


def test_without_a_result_there_is_a_notice(handlers, notices):
    steps = list(handlers.write(None, "static", None, *Measured()))
    assert steps == [gr.skip()]
    assert "no longer here" in notices[0]


def test_another_class_takes_the_written_report_away(handlers, q, record):
    said = handlers.offer(record)
    assert said[q.report].visible
    assert not said[q.report_file].visible
    assert not handlers.offer(None)[q.report].visible
