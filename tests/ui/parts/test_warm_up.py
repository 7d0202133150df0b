import json
import threading
import time
import urllib.request
from collections.abc import Iterator

import gradio as gr
import pytest
from gradio_client import Client

from seviz.ui import app
from seviz.ui.parts import warm_up
from seviz.ui.parts.checked_blocks import CheckedBlocks


@pytest.fixture
def held(monkeypatch) -> Iterator[threading.Event]:
    """Hold back the import of what answers need, until the event is set."""
    event = threading.Event()
    monkeypatch.setattr(warm_up, "load", lambda: event.wait(60))
    monkeypatch.setattr(warm_up, "spare_libraries", lambda: None)
    thread = warm_up.start()
    yield event
    event.set()
    thread.join()


@pytest.fixture
def url() -> Iterator[str]:
    """Serve an app with a question that waits in the queue, and one that does not."""
    with CheckedBlocks() as demo:
        number = gr.Number()
        gr.Button().click(lambda n: 2 * n, number, number, api_name="double")
        gr.Button().click(lambda n: -n, number, number, api_name="negate", queue=False)
    app.launch(demo, prevent_thread_lock=True, quiet=True)
    yield demo.local_url.rstrip("/")
    demo.close()


def health(url: str) -> str:
    with urllib.request.urlopen(f"{url}/healthz") as answer:
        return json.load(answer)["status"]


def test_an_early_question_waits_and_is_answered(held, url: str):
    assert health(url) == "starting"
    client = Client(url, verbose=False)
    job = client.submit(4, api_name="/double")
    assert client.predict(4, api_name="/negate") == -4  # the page's own events wait for nothing
    time.sleep(0.2)
    assert not job.done()
    held.set()
    assert job.result(timeout=60) == 8
    assert health(url) == "ready"


def test_the_app_is_starting_before_its_page_is_served(monkeypatch, url: str):
    monkeypatch.setattr(warm_up, "load", lambda: None)
    monkeypatch.setattr(warm_up, "spare_libraries", lambda: None)
    warm_up.expect()
    assert health(url) == "starting"
    warm_up.start().join()
    assert health(url) == "ready"


def test_nothing_is_waited_for_where_loading_fails(monkeypatch, url: str):
    monkeypatch.setattr(warm_up, "MODULES", ["seviz.no_such_module"])
    failed: list[type] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failed.append(args.exc_type))
    warm_up.start().join()
    assert failed == [ModuleNotFoundError]
    assert health(url) == "ready"
    assert Client(url, verbose=False).predict(4, api_name="/double") == 8


def test_loading_brings_the_embedded_network(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("seviz.passes.dispatch.ZOO.get", asked.append)
    warm_up.load()
    assert asked == ["embedded"]
