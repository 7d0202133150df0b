"""Requests over HTTP of which Gradio makes a traceback, or keeps what it should not."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio.route_utils
import gradio.routes
from gradio.route_utils import GradioMultiPartParser
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MISFIT = {  # by a part of the path: of what Gradio makes a TypeError
    "/call/v2/": "These are not the arguments of this question; “Use via API” lists them.",
    "/upload": "Send files, each with its name.",
}
RANGE = re.compile(rb"bytes=(?:(\d{1,18})-(\d{1,18})?|-\d{1,18})")  # one, which Gradio can read


class CheckedRequests:
    """Answer requests that fit no question, and ask for files in one piece or in one range."""

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
            await self.app({**scope, "headers": headers}, receive, tell)
        except Exception as error:
            if begun and isinstance(error.__cause__, HTTPException):
                return  # of a stream of answers that nobody asked for; it ends here
            says = next((says for place, says in MISFIT.items() if place in scope["path"]), None)
            if begun or says is None or not isinstance(error, TypeError):
                raise
            await JSONResponse({"detail": says}, 422)(scope, receive, send)


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
        try:
            return await super().parse()
        except BaseException:
            for file in self._files_to_close_on_error:
                file.close()
                with suppress(OSError):
                    Path(file.name).unlink(missing_ok=True)
            raise


def install() -> None:
    """Let Gradio read uploads by `UploadParser`; its routes take no parser as an argument."""
    for module in (gradio.routes, gradio.route_utils):
        module.GradioMultiPartParser = UploadParser
