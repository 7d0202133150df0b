"""The field for a network of one's own: without a browser, and on a server with other visitors."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from explored import lay_out_asked
from gradio_client import Client
from networks import awake
from safetensors.torch import save_file
from weight_shards import write_shards

from seviz.ui import app
from seviz.ui.explore.layout import network_choices
from seviz.ui.explore.network import view
from seviz.ui.explore.network.view import Handlers
from seviz.ui.parts import own_networks
from seviz.ui.parts.own_networks import OwnNetworks, allow
from seviz.ui.state import Sought


@pytest.fixture(scope="module", autouse=True)
def _allowed() -> Iterator[None]:
    allow(True)
    yield
    own_networks._allowed.clear()


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "mine.safetensors"
    network = awake("seresnet18", num_classes=3).half().state_dict()
    save_file({f"module.{name}": value for name, value in network.items()}, path)
    return path


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        asked = lay_out_asked()
    assert asked.upload is not None
    return Handlers(asked, asked.upload, network_choices)


@pytest.fixture(autouse=True)
def said(monkeypatch) -> list[str]:
    """The sentences that are shown over the page."""
    sentences: list[str] = []
    monkeypatch.setattr(view, "notify", lambda error: sentences.append(str(error)) or gr.skip())
    return sentences


def uploaded(folder: Path, weights: Path, name: str = "mine.safetensors") -> tuple[Path, str]:
    copy = folder / "0.weights"
    copy.write_bytes(weights.read_bytes())
    return copy, name


@pytest.fixture
def own(handlers, tmp_path: Path, weights: Path) -> OwnNetworks:
    """What a visitor's state holds when the weights were sent."""
    return handlers.take([uploaded(tmp_path, weights)], None)[handlers.asked.networks]


def opened(handlers: Handlers, own: Any, *fields: object) -> dict:
    *_, last = handlers.open(own, *fields)
    return last


def test_weights_and_class_names_are_taken(handlers, tmp_path: Path, weights: Path, said):
    names = tmp_path / "1.names"
    names.write_text("cat\ndog\nfox\n")
    got = handlers.take([uploaded(tmp_path, weights), (names, "names.txt")], "forged")
    own = got[handlers.asked.networks]
    assert own.sent.file.read_bytes() == weights.read_bytes()
    assert got[handlers.parts.labels] == "cat\ndog\nfox\n"
    assert "mine.safetensors is here (22.6 MB)." in got[handlers.parts.sent]
    assert list(tmp_path.iterdir()) == []
    assert said == []


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (
            [],
            "Send one .safetensors file, or shards with their index (*.safetensors.index",
        ),
        (["a.txt"], "Send one .safetensors file"),
        (["a.safetensors", "b.safetensors"], "Send one .safetensors file"),
        (["a.safetensors", "b.txt", "c.txt"], "Send one .safetensors file"),
        (["a.safetensors.index.json"], "Send one .safetensors file, or shards with their index"),
        (["<b>.pth"], "<b>.pth is not a .safetensors file; on your own machine, seviz convert"),
    ],
)
def test_other_files_are_refused_and_deleted(handlers, tmp_path: Path, said, names, says: str):
    files = []
    for i, name in enumerate(names):
        (tmp_path / f"{i}").write_bytes(b"\xff")
        files.append((tmp_path / f"{i}", name))
    assert handlers.take(files, None) == gr.skip()
    assert said[0].startswith(says)
    assert list(tmp_path.iterdir()) == []


def test_a_network_in_shards_is_opened(handlers, tmp_path: Path, said):
    index = write_shards(tmp_path, awake("seresnet18", num_classes=3).state_dict())
    files = [(file, file.name) for file in sorted(tmp_path.iterdir())]
    got = handlers.take(files, None)
    assert "model.safetensors.index.json is here (45." in got[handlers.parts.sent]
    assert list(tmp_path.iterdir()) == []
    assert opened(handlers, got[handlers.asked.networks], "")[handlers.parts.told]
    assert said.pop().startswith("Name the architecture of model.safetensors.index.json, as timm")
    now = opened(handlers, got[handlers.asked.networks], "seresnet18", "a\nb\nc")
    (source,) = now[handlers.asked.networks].sources
    assert (source.origin, source.labels) == (index.name, ("a", "b", "c"))
    assert said == []


def test_names_that_are_no_text_are_refused_without_a_path(handlers, tmp_path, weights, said):
    (tmp_path / "1").write_bytes(b"\xff\xff")
    handlers.take([uploaded(tmp_path, weights), (tmp_path / "1", "a.txt")], None)
    assert said == ["The file of class names can't be read; names of classes are UTF-8 text."]


def test_a_network_is_opened_listed_and_sought(handlers, own, said):
    got = opened(handlers, own, " seresnet18 ", "cat\ndog\nfox\n", "64", "0.5", "0.2, 0.3 0.4", "")
    now = got[handlers.asked.networks]
    (source,) = now.sources
    assert source.labels == ("cat", "dog", "fox")
    assert (source.input_size, source.config["mean"]) == ((3, 64, 64), (0.5, 0.5, 0.5))
    assert source.config["std"] == (0.2, 0.3, 0.4)
    assert got[handlers.asked.wanted] == Sought(source.key)
    choices = got[handlers.asked.model].choices
    assert [key for _, key in choices][:2] == ["embedded", source.key]
    assert source.key not in [key for _, key in network_choices()]
    assert "is stored as float16, and computed in float32." in got[handlers.parts.told]
    assert said == []
    again = opened(handlers, now, "seresnet18", "cat\ndog\nfox\n", "64", "0.5", "0.2 0.3 0.4", None)
    assert again[handlers.asked.wanted] == Sought(source.key)
    other = opened(handlers, now, "seresnet18", None)
    new, old = other[handlers.asked.networks].sources
    assert (old, new.labels) == (source, ("class 0", "class 1", "class 2"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (("",), "Name the architecture of mine.safetensors, as timm or torchvision calls it"),
        ((None,), "Name the architecture of mine.safetensors"),
        (("seresnet81",), "There is no architecture “seresnet81” in timm or torchvision; did you"),
        (("a" * 201,), "At most 200 characters in a name; The architecture has 201."),
        ((7,), "The architecture is no text; fill the field again."),
        (("seresnet18", "cat\ndog"), "class-names.txt names 2 different classes on 2 lines and"),
        (("seresnet18", "", "big"), "The input size is “big”; give numbers, such as 224."),
        (("seresnet18", "", "", "1e"), "The mean is “1e”; give numbers, such as 0.5, or"),
        (("seresnet18", "", "", "nan"), "mean nan is not possible; give numbers from 0 to 1"),
        (("seresnet18", "", "9999"), "input size 9999 is not possible; give one side"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(handlers, own, said, fields, says: str):
    got = opened(handlers, own, *fields)
    assert said[0].startswith(says)
    assert set(got) == {handlers.parts.told}
    assert "/" not in said[0].replace("seviz/", "")


def test_nothing_is_opened_before_it_is_sent(handlers, said):
    opened(handlers, None, "seresnet18")
    assert said == [view.MISSING]


def test_what_a_visitor_wrote_is_escaped(handlers, own):
    got = opened(handlers, own, "<img src=x>")
    assert "&lt;img src=x&gt;" in got[handlers.parts.told]


def test_without_leave_nothing_is_there_and_nothing_is_taken(handlers, own, said, monkeypatch):
    own_networks._allowed.clear()
    try:
        with gr.Blocks():
            assert lay_out_asked().upload is None
        handlers.take([], None)
        opened(handlers, own, "seresnet18")
        assert [sentence[:26] for sentence in said] == ["This page takes no network"] * 2
    finally:
        own_networks._allowed.set()


# On a server


@pytest.fixture(scope="module")
def served() -> Iterator[gr.Blocks]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    demo = app.launch(app.build(), prevent_thread_lock=True, quiet=True, server_port=port)
    yield demo
    demo.close()


def send(url: str, weights: Path, kind: str = "?network=file") -> httpx.Response:
    with weights.open("rb") as file:
        files = {"files": ("0.weights", file)}
        return httpx.post(f"{url}gradio_api/upload{kind}", files=files, timeout=60)


def event(demo: gr.Blocks, session: str, name: str, *data: object) -> list[dict]:
    """Let a page's session run an event of the field; returns what the server says of it."""
    (index,) = [i for i, fn in demo.fns.items() if _is(fn.fn, name)]
    body = {"data": list(data), "fn_index": index, "session_hash": session, "trigger_id": None}
    url = f"{demo.local_url}gradio_api/queue"
    joined = httpx.post(f"{url}/join", json=body)
    assert joined.status_code == 200, joined.text
    said = []
    with httpx.stream("GET", f"{url}/data?session_hash={session}", timeout=60) as stream:
        for line in stream.iter_lines():
            said += [json.loads(line[6:])] if line.startswith("data: ") else []
            if said and said[-1]["msg"] == "process_completed":
                return said
    raise AssertionError(said)


def _is(function: Any, name: str) -> bool:
    owner = getattr(function, "__self__", None)
    return isinstance(owner, Handlers) and function.__name__ == name


def test_a_visitor_opens_a_network_that_no_other_visitor_can_ask(served, weights: Path):
    url = served.local_url
    before = len(own_networks.HELD)
    answer = send(url, weights)
    path = answer.json()[0]
    file = {"path": path, "orig_name": "mine.safetensors", "meta": {"_type": "gradio.FileData"}}
    client, other = Client(url, verbose=False), Client(url, verbose=False)
    event(served, client.session_hash, "take", [file], None)
    assert not Path(path).exists()
    assert len(own_networks.HELD) == before + 1
    for held in own_networks.HELD:  # and none of them is served
        assert httpx.get(f"{url}gradio_api/file={held.file}").status_code in (403, 404)
    fields = ["seresnet18", "cat\ndog\nfox", "", "", "", ""]
    event(served, client.session_hash, "open", None, *fields)
    mine = [e for e in client.predict(api_name="/models") if e["key"].startswith("upload-")]
    assert [e["title"] for e in mine] == ["mine.safetensors · seresnet18"]
    key = mine[0]["key"]
    assert client.predict(key, api_name="/costs")["key"] == key
    assert not [e for e in other.predict(api_name="/models") if e["key"].startswith("upload-")]
    with pytest.raises(Exception, match="uploaded to a page that is gone, or to somebody else's"):
        other.predict(key, api_name="/costs")
    assert key not in httpx.get(url).text


def test_a_network_has_a_limit_of_its_own_and_is_refused_without_leave(
    served, weights: Path, monkeypatch
):
    url = served.local_url
    monkeypatch.setenv("SEVIZ_MAX_UPLOAD_MB", "1")
    assert send(url, weights).status_code == 200
    assert send(url, weights, "").status_code == 413
    monkeypatch.setenv("SEVIZ_MAX_NETWORK_MB", "1")
    assert send(url, weights).json()["detail"].startswith("At most 1 MB in one uploaded network")
    own_networks._allowed.clear()
    try:
        refused = send(url, weights)
        assert refused.status_code == 403
        assert refused.json()["detail"].startswith("This page takes no networks: the server was")
    finally:
        own_networks._allowed.set()


def test_an_app_that_takes_none_has_no_event_for_them():
    own_networks._allowed.clear()
    try:
        demo = app.build()
    finally:
        own_networks._allowed.set()
    assert "own-network" not in json.dumps(demo.get_config_file(), default=str)
    assert not [fn for fn in demo.fns.values() if _is(fn.fn, "take") or _is(fn.fn, "open")]
