import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import gradio.route_utils
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from seviz.ui.parts.requests import CheckedRequests, UploadParser, install


async def ranged(request: Request) -> Response:
    return PlainTextResponse(request.headers.get("range", "whole"))


async def misfit(request: Request) -> Response:
    raise TypeError("an argument is missing")


async def stream(request: Request) -> Response:
    async def answers() -> AsyncIterator[bytes]:
        yield b"first"
        raise HTTPException(404)

    return StreamingResponse(answers())


@pytest.fixture(scope="module")
def client() -> TestClient:
    routes = [
        Route("/file", ranged),
        Route("/gradio_api/call/v2/trace", misfit),
        Route("/gradio_api/upload", misfit),
        Route("/other", misfit),
        Route("/stream", stream),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(CheckedRequests)]))


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("bytes=0-9", "bytes=0-9"),
        ("bytes=7-", "bytes=7-"),
        ("bytes=-5", "bytes=-5"),
        ("bytes=0-1,5-6", "whole"),
        ("bytes=5-1", "whole"),
        ("bytes=1-2-3", "whole"),
        ("lines=1", "whole"),
        (f"bytes={'9' * 5000}-", "whole"),
    ],
)
def test_a_file_is_asked_for_whole_unless_its_range_is_one_and_sound(client, header, seen):
    assert client.get("/file", headers={"Range": header}).text == seen


def test_arguments_of_other_questions_get_a_sentence_and_other_faults_stay(client):
    for path, says in (
        ("/gradio_api/call/v2/trace", "not the arguments of this question"),
        ("/gradio_api/upload", "Send files, each with its name"),
    ):
        answer = client.get(path)
        assert answer.status_code == 422
        assert says in answer.json()["detail"]
    with pytest.raises(TypeError, match="an argument is missing"):
        client.get("/other")


def test_a_stream_that_is_refused_after_it_began_ends_without_an_error(client):
    assert client.get("/stream").text == "first"


def test_an_upload_that_is_cut_off_leaves_no_file(tmp_path: Path):
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'

    async def cut() -> AsyncIterator[bytes]:
        yield head + b"x" * 1000
        assert len(list(tmp_path.iterdir())) == 1
        raise ConnectionError("the sender has gone")

    headers = Headers({"content-type": "multipart/form-data; boundary=b"})
    parser = UploadParser(headers, cut(), upload_dir=tmp_path, max_file_size=10**6)
    with pytest.raises(ConnectionError):
        asyncio.run(parser.parse())
    assert list(tmp_path.iterdir()) == []


def test_gradio_reads_uploads_by_this_parser(monkeypatch):
    for module in (gradio.route_utils, gradio.routes):
        monkeypatch.setattr(module, "GradioMultiPartParser", module.GradioMultiPartParser)
    install()
    assert gradio.route_utils.GradioMultiPartParser is UploadParser
