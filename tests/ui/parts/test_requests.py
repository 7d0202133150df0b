import asyncio
from collections.abc import AsyncIterator, Iterator
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

from seviz.errors import UserError
from seviz.ui.parts import requests
from seviz.ui.parts.requests import CheckedRequests, UploadParser, install
from seviz.ui.parts.visits import Visits


async def ranged(request: Request) -> Response:
    return PlainTextResponse(request.headers.get("range", "whole"))


async def misfit(request: Request) -> Response:
    raise TypeError("an argument is missing")


async def stream(request: Request) -> Response:
    async def answers() -> AsyncIterator[bytes]:
        yield b"first"
        raise HTTPException(404)

    return StreamingResponse(answers())


async def read(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def client() -> TestClient:
    routes = [
        Route("/file", ranged),
        Route("/gradio_api/call/v2/trace", misfit),
        Route("/gradio_api/upload", misfit, methods=["GET"]),
        Route("/other", misfit),
        Route("/stream", stream),
        Route("/queue/join", read, methods=["POST"]),
        Route("/gradio_api/upload", read, methods=["POST"]),
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


def pieces(count: int) -> Iterator[bytes]:
    """Yield megabytes whose number no header tells."""
    for _ in range(count):
        yield bytes(10**6)


@pytest.mark.parametrize(
    ("path", "most", "says"),
    [
        ("/queue/join", 4, "At most 4 MB in one request without files; this has more."),
        ("/gradio_api/upload", 3, "At most 3 MB in one upload; this has more."),
    ],
)
def test_a_request_that_is_too_large_is_refused(client, monkeypatch, path, most, says):
    monkeypatch.setenv("SEVIZ_MAX_UPLOAD_MB", "3")
    assert client.post(path, content=bytes(most * 10**6)).text == str(most * 10**6)
    for content in (bytes(most * 10**6 + 1), pieces(most + 1)):
        answer = client.post(path, content=content)
        assert (answer.status_code, answer.json()["detail"]) == (413, says)


def test_a_session_has_a_name(client):
    for session in ('"session_hash": ""', '"session_hash":""'):
        answer = client.post("/queue/join", content=f'{{"data": [], {session}}}')
        assert (answer.status_code, answer.json()["detail"]) == (422, requests.NAMELESS)
    named = '{"session_hash": "a", "data": ["\\"session_hash\\": \\"\\""]}'
    assert client.post("/queue/join", content=named).text == str(len(named))


def test_who_has_sent_as_much_as_allowed_is_told_so(client, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "0")
    answer = client.post("/gradio_api/upload", content=b"a")
    assert answer.status_code == 429
    assert answer.json()["detail"].startswith("At most 0 photographs from one address")


async def whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


def parsed(folder: Path, files: int) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n%d\r\n'
    body = b"".join(part % number for number in range(files)) + b"--b--\r\n"
    headers = Headers({"content-type": "multipart/form-data; boundary=b"})
    parser = UploadParser(headers, whole(body), upload_dir=folder, max_file_size=10**6)
    asyncio.run(parser.parse())


def test_too_many_files_in_one_upload_leave_none_behind(tmp_path: Path, monkeypatch):
    visits = Visits()
    monkeypatch.setattr(requests, "VISITS", visits)
    monkeypatch.setenv("SEVIZ_MAX_FILES", "2")
    with pytest.raises(requests.Refused, match="At most 2 files in one upload; these are more"):
        parsed(tmp_path, 3)
    assert list(tmp_path.iterdir()) == []
    token = requests._uploader.set("203.0.113.9")
    parsed(tmp_path, 2)
    requests._uploader.reset(token)
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "2")
    with pytest.raises(UserError, match="these are 3"):
        visits.check("203.0.113.9")


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


def test_a_zip_for_a_collection_has_a_limit_of_its_own(client, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_UPLOAD_MB", "1")
    monkeypatch.setenv("SEVIZ_MAX_COLLECTION_MB", "3")
    zipped = "/gradio_api/upload?collection=zip"
    assert client.post(zipped, content=bytes(3 * 10**6)).text == str(3 * 10**6)
    for content in (bytes(3 * 10**6 + 1), pieces(4)):
        answer = client.post(zipped, content=content)
        assert answer.status_code == 413
        assert answer.json() == {"detail": "At most 3 MB in one zip of photographs; this has more."}
    assert client.post("/gradio_api/upload", content=bytes(2 * 10**6)).status_code == 413
