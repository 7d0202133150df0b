"""Requests over HTTP of which Gradio makes a traceback, or keeps what it should not."""

import re
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import gradio.route_utils
import gradio.routes
from gradio.route_utils import GradioMultiPartParser, GradioUploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seviz import limits
from seviz.errors import UserError
from seviz.limits import Limit
from seviz.ui.parts import mcp, own_networks
from seviz.ui.parts.client import address_of
from seviz.ui.parts.visits import MB, Visits

MISFIT = {  # by a part of the path: of what Gradio makes a TypeError
    "/call/v2/": "These are not the arguments of this question; “Use via API” lists them.",
    "/upload": "Send files, each with its name.",
}
NO_SESSION = re.compile(rb'"session_hash"\s*:\s*""')
NAMELESS = "A session has a name: send a session_hash that is not empty."
RANGE = re.compile(rb"bytes=(?:(\d{1,18})-(\d{1,18})?|-\d{1,18})")  # one, which Gradio can read

VISITS = Visits()
COLLECTION = ("collection", "zip")  # what the address of an upload says of one
NETWORK = ("network", "file")
_most: ContextVar[int] = ContextVar("seviz_most", default=0)  # bytes of the upload
_uploader: ContextVar[str] = ContextVar("seviz_uploader", default="")  # the address


class CheckedRequests:
    """Answer requests that fit no question or are too large, and ask for files in one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer it where Gradio fails before it has begun to."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] != b"range" or _is_range(pair[1])]
        try:
            checked = await _checked(scope, receive)
            await self.app({**scope, "headers": headers}, checked, tell)
        except Refused as refused:
            await JSONResponse({"detail": str(refused)}, refused.status)(scope, receive, send)
        except Exception as error:
            if begun and isinstance(error.__cause__, HTTPException):
                # Of a stream of answers that nobody asked for, which ends here.
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            says = next((says for place, says in MISFIT.items() if place in scope["path"]), None)
            if begun or says is None or not isinstance(error, TypeError):
                raise
            await JSONResponse({"detail": says}, 422)(scope, receive, send)


class Refused(Exception):
    """A request that is refused before Gradio reads it: a sentence, and a status of HTTP."""

    def __init__(self, sentence: str, status: int = 413) -> None:
        super().__init__(sentence)
        self.status = status


async def _checked(scope: Scope, receive: Receive) -> Receive:
    """Return what gives the body of a request; raises Refused where the request may not be."""
    if scope["method"] != "POST":
        return receive
    if scope["path"].endswith("/upload"):
        return _checked_upload(scope, receive)
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # the sender has gone
            return _replaying(receive, message)
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if mcp.PLACE in scope["path"]:  # where a photograph is in the body, in base64
            _check_size(limits.FILE, size * 3 // 4 - limits.BODY.value * MB)
        else:
            _check_size(limits.BODY, size)
    body = b"".join(parts)
    if NO_SESSION.search(body):  # Gradio's queue takes another name for it, and loses the answer
        raise Refused(NAMELESS, 422)
    return _replaying(receive, {"type": "http.request", "body": body, "more_body": False})


def _checked_upload(scope: Scope, receive: Receive) -> Receive:
    """Refuse an upload that says, or turns out, to be too large, or one too many."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    limit = _limit_of(scope)
    _check_size(limit, int(length) if length.isdigit() and len(length) < 18 else 0)
    address = address_of(HTTPConnection(scope))
    try:
        VISITS.check(address)
    except UserError as error:
        raise Refused(str(error), 429) from error
    _uploader.set(address)
    _most.set(limit.value * MB)
    size = 0

    async def counting() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        _check_size(limit, size)
        return message

    return counting


def _limit_of(scope: Scope) -> Limit:
    """Return the limit of an upload, which says where it is a zip for a collection, or a network.

    Raises Refused where no networks are taken here.
    """
    said = parse_qsl(scope["query_string"].decode("latin-1"))
    if NETWORK in said:
        try:
            own_networks.check_allowed()
        except UserError as error:
            raise Refused(str(error), 403) from error
        return limits.NETWORK
    return limits.COLLECTION_ZIP if COLLECTION in said else limits.UPLOAD


def _check_size(limit: Limit, size: int) -> None:
    if size > limit.value * MB:
        raise Refused(f"{limit.sentence}; this has more.")


def _replaying(receive: Receive, first: Message) -> Receive:
    """Give a message that was read already, then those that follow."""
    waiting = [first]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _is_range(header: bytes) -> bool:
    found = RANGE.fullmatch(header.strip())
    if found is None:
        return False
    first, last = found.groups()
    return not (first and last) or int(first) <= int(last)


class UploadParser(GradioMultiPartParser):  # type: ignore[misc]
    """Gradio's reader of uploads, which leaves no file behind where an upload is cut off."""

    async def parse(self) -> Any:
        """Read an upload; what raises here, such as a sender who has gone, ends its files too."""
        self.max_files = limits.FILES.value
        if most := _most.get():
            self.max_file_size = most
        try:
            form = await super().parse()
            files = [file for _, file in form.multi_items() if isinstance(file, GradioUploadFile)]
            VISITS.add(_uploader.get(), [(file.sha.hexdigest(), file.size or 0) for file in files])
            return form
        except MultiPartException as error:
            self._forget()
            if "Too many files" in error.message:
                raise Refused(f"{limits.FILES.sentence}; these are more.") from error
            raise
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        for file in self._files_to_close_on_error:
            file.close()
            with suppress(OSError):
                Path(file.name).unlink(missing_ok=True)


def install() -> None:
    """Let Gradio read uploads by `UploadParser`; its routes take no parser as an argument."""
    for module in (gradio.routes, gradio.route_utils):
        module.GradioMultiPartParser = UploadParser
