"""The API's questions as tools, asked by a client of MCP on loopback."""

import asyncio
import base64
import importlib.util
import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.limits import FILE
from seviz.ui import app
from seviz.ui.parts import mcp as tools

needs_mcp = pytest.mark.skipif(importlib.util.find_spec("mcp") is None, reason="needs seviz[mcp]")
PHOTOGRAPH = ("trace", "attribute", "necessity", "channels", "compare", "change")


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    monkeypatch.delenv("GRADIO_MCP_SERVER", raising=False)
    assert not tools.wanted(False)
    with pytest.raises(UserError, match=r"not installed; pip install 'seviz\[mcp\]' brings it"):
        tools.wanted(True)
    monkeypatch.setenv("GRADIO_MCP_SERVER", "True")
    with pytest.raises(UserError, match="MCP needs the package mcp"):
        tools.wanted(False)
    with pytest.raises(UserError, match="MCP needs the package mcp"):
        app.open_app(None, None, None, settings=None, profile=None, mcp=True, browser=False)


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"prevent_thread_lock": True, "quiet": True, "server_port": port}
    demo = app.launch(app.build(), mcp_server=True, **options)
    yield demo.local_url.rstrip("/")
    demo.close()


def with_client(served: str, work: Callable[[Any], Any]) -> Any:
    """Let a client of MCP, which has said hello, do its work."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> Any:
        async with (
            streamable_http_client(f"{served}{tools.PLACE}/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await work(session)

    return asyncio.run(run())


def call(served: str, tool: str, **arguments: object) -> Any:
    """Call a tool; returns what its answer holds, or the sentence that refuses it."""
    found = with_client(served, lambda session: session.call_tool(tool, arguments))
    (content,) = found.content
    return content.text if found.isError else json.loads(content.text)


@pytest.fixture(scope="module")
def picture(tmp_path_factory, photo: Image.Image) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "garden.png"
    photo.save(path)
    return path


def data_address(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


@needs_mcp
def test_the_questions_of_the_api_are_the_tools_and_say_what_they_take(served: str):
    found = with_client(served, lambda session: session.list_tools()).tools
    by_name = {tool.name: tool for tool in found}
    assert set(by_name) == {
        *PHOTOGRAPH,
        *("models", "classes", "selectivity", "exemplars", "pictures", "map", "study", "costs"),
    }
    for tool in found:
        assert len(tool.description.split()) >= 8, tool.name
        for name, argument in tool.inputSchema["properties"].items():
            assert len(argument["description"].split()) >= 3, (tool.name, name)
    for name in PHOTOGRAPH:
        assert "photo" in by_name[name].inputSchema["required"]


@needs_mcp
def test_a_photograph_is_asked_about_in_base64_or_by_the_address_of_its_upload(
    served: str, picture: Path
):
    models = call(served, "models")
    assert models[0]["key"] == "embedded"
    answer = call(served, "trace", photo=data_address(picture), arms=["intact", "SE_4*=0.5"])
    assert [len(arm["top"]) for arm in answer["arms"]] == [5, 5]
    with picture.open("rb") as file:
        (path,) = httpx.post(f"{served}/gradio_api/upload", files={"files": file}).json()
    address = f"{served}/gradio_api/file={path}"
    again = call(served, "trace", photo=address, arms=["intact", "SE_4*=0.5"])
    assert again["arms"] == answer["arms"]


@needs_mcp
@pytest.mark.parametrize(
    ("photo", "says"),
    [
        ("http://127.0.0.1:9/a.png", "Addresses are not fetched"),
        ("http://127.0.0.1:9/gradio_api/file=/etc/passwd", "Addresses are not fetched"),
        ("http://127.0.0.1:9/gradio_api/file=%00", "Addresses are not fetched"),
        ("data:image/png;base64,bm90aGluZw==", "can't be read|not a"),
    ],
)
def test_what_is_no_photograph_gets_a_sentence(served: str, photo: str, says: str):
    said = call(served, "trace", photo=photo)
    assert isinstance(said, str)
    assert re.search(says, said), said
    assert "Traceback" not in said


@needs_mcp
def test_a_refusal_is_a_sentence(served: str, picture: Path):
    said = call(served, "trace", photo=data_address(picture), model="embeded")
    assert "There is no network “embeded”; did you mean embedded" in said


@needs_mcp
def test_a_body_may_hold_one_photograph_and_not_more(served: str):
    body = b'{"jsonrpc": "2.0", "padding": "' + b"a" * (FILE.value * 2_000_000) + b'"}'
    answer = httpx.post(f"{served}{tools.PLACE}/", content=body)
    assert (answer.status_code, answer.json()["detail"][:13]) == (413, "At most 20 MB")
