import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.errors import UserError
from seviz.ui import app
from seviz.ui.parts import navigation


@pytest.fixture
def launched(monkeypatch) -> list[dict]:
    """What an app is launched with, instead of being served."""
    calls: list[dict] = []
    monkeypatch.setattr(gr.Blocks, "launch", lambda demo, **options: calls.append(options))
    return calls


def test_the_page_is_private_and_offline_whatever_else_is_asked(launched: list[dict]):
    demo = gr.Blocks()
    assert app.launch(demo, quiet=True, footer_links=[]) is demo
    (options,) = launched
    private = {name: options[name] for name in ("ssr_mode", "run_history", "max_file_size")}
    assert private == {"ssr_mode": False, "run_history": False, "max_file_size": "64mb"}
    assert (options["quiet"], options["footer_links"]) == (True, [])
    assert "share" not in options


@pytest.mark.parametrize(
    ("ports", "says"),
    [
        ("7893-7893", "Port 7893 is in use, or not open to this account; name another in GRA"),
        ("7860-7959", "Ports 7860 to 7959 are all in use, or not open to this account; name"),
    ],
)
def test_a_port_in_use_is_a_sentence(monkeypatch, ports: str, says: str):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(f"Cannot find empty port in range: {ports}. You can specify a different")

    monkeypatch.setattr(gr.Blocks, "launch", refuse)
    with pytest.raises(UserError, match=f"^{says}"):
        app.launch(gr.Blocks())


def test_what_else_the_machine_refuses_is_told_in_its_own_words(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(gr.Blocks, "launch", refuse)
    with pytest.raises(OSError, match="no room"):
        app.launch(gr.Blocks())


@pytest.mark.parametrize(
    ("network", "statistics", "shown"),
    [("", "", ""), ("No net.", "", "No net."), ("No net.", "No file.", "No net. No file.")],
)
def test_what_could_not_be_opened_is_said_in_one_notice(
    monkeypatch, network: str, statistics: str, shown: str
):
    asked: list[tuple] = []

    def first(*of: object, settings: object, beside: object) -> tuple[str, str]:
        asked.append((*of, settings, beside))
        return "twin", network

    monkeypatch.setattr(app, "spare_libraries", lambda: asked.append("spared"))
    monkeypatch.setattr(app, "statistics", lambda file: asked.append(file) or statistics)
    monkeypatch.setattr(app, "necessity_of", lambda file: asked.append(file) or "")
    monkeypatch.setattr(app, "first_network", first)
    monkeypatch.setattr(app, "build", lambda *of: asked.append(of) or "demo")
    monkeypatch.setattr(app, "launch", lambda demo, **how: asked.append((demo, how)))
    monkeypatch.setattr(app, "_stay", lambda demo, **how: asked.append((demo, how)))
    how = {"settings": "s", "beside": "b", "profile": Path("p"), "browser": True}
    how["necessity"] = Path("n")
    monkeypatch.setattr(app.warm_up, "expect", lambda: asked.append("expected"))
    app.open_app("m", Path("c"), "a", **how, before=lambda: asked.append("before"))
    assert asked == [
        "spared",
        (Path("c"), "a", "m", "s", "b"),
        Path("p"),
        Path("n"),
        ("twin", shown),
        "expected",
        "before",
        ("demo", {"inbrowser": True, "prevent_thread_lock": True}),
        ("demo", {"opening": False}),
    ]


@pytest.mark.parametrize(
    ("model", "environment", "started"),
    [(None, {}, True), ("embedded", {}, False), (None, {"SEVIZ_MODEL": "embedded"}, False)],
)
def test_another_answer_to_open_on_is_sought_after_the_launch_where_no_network_is_chosen(
    monkeypatch, model: str | None, environment: dict[str, str], started: bool
):
    done: list[str] = []
    demo = SimpleNamespace(block_thread=lambda: done.append("served"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(app, "spare_libraries", lambda: None)
    monkeypatch.setattr(app, "build", lambda *of: demo)
    monkeypatch.setattr(app, "launch", lambda demo, **how: done.append("launched"))
    for name in ("expect", "start"):
        monkeypatch.setattr(app.warm_up, name, lambda: None)
    monkeypatch.setattr(app.OPENING, "start", lambda: done.append("started"))
    app.open_app(model, None, None, settings=None, profile=None, browser=False)
    assert done == ["launched", *(["started"] if started else []), "served"]


def test_collections_pass_by_what_libraries_have_made():
    code = (
        "import gc; from seviz.ui import app; app.spare_libraries(); print(gc.get_freeze_count())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100_000


def test_the_app_has_both_pages():
    demo = app.build()

    ids = {b.id for b in demo.blocks.values() if isinstance(b, gr.Tab)}
    assert {navigation.EXPLORE, navigation.LABORATORY} <= ids


def test_one_listener_of_an_event_waits_for_its_turn_at_most():
    """Of several that wait, each would have the page call all of them again, without end.

    A change of a state is told to each listener by itself.
    """
    demo = app.build()
    waiting = [
        target
        for fn in demo.fns.values()
        if fn.fn is not None and fn.trigger_mode == "always_last"
        for target in fn.targets
        if target[0] is not None and not isinstance(demo.blocks[target[0]], gr.State)
    ]
    assert len(waiting) > 50
    assert [each for each, times in Counter(waiting).items() if times > 1] == []


def test_progress_is_shown_on_few_small_components_as_the_browser_copies_them_at_each_step():
    demo = app.build()
    shown = {component for event in demo.fns.values() for component in event.show_progress_on}
    named = {component.elem_id for component in shown if component.elem_id}
    wanted = "answers matters-headline pair-headline networks-answers learn-told data-progress"
    assert named == set(wanted.split())
    assert len(shown) == len(named) + 1
    assert not any(isinstance(component, gr.Tabs) for component in shown)


def test_no_proxy_stands_between_the_app_and_its_own_page(launched, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "intranet,localhost")
    monkeypatch.delenv("no_proxy", raising=False)
    for _ in range(2):
        app.launch(gr.Blocks())
    assert os.environ["NO_PROXY"] == "intranet,localhost,127.0.0.1,::1"
    assert os.environ["no_proxy"] == "localhost,127.0.0.1,::1"
