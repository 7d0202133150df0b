"""The page's description, kept for some seconds: Gradio makes a megabyte anew for each visitor.

That takes a tenth of a second of one core, and visitors who come at once wait for each other. It
depends on the address at which the app is reached, and on nothing else of a request.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATHS = ("", "/", "/config", "/config/")
# What Gradio finds the app's address by, besides the scheme and the path.
NAMES = (b"host", b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")
SIGNED_IN = b"access-token"  # in the name of Gradio's cookie
SECONDS = 5.0  # a page that the server has changed is seen after that
MOST = 8  # addresses

Key = tuple[object, ...]


@dataclass
class Kept:
    """An answer, as it was sent; until: when it is made anew."""

    until: float = 0.0
    messages: list[Message] = field(default_factory=list)
    making: asyncio.Lock = field(default_factory=asyncio.Lock)


class KeptPage:
    """Answer who opens the page with the page that another visitor has got just now."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it; who comes while the page is made waits for it."""
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        kept = self._kept.setdefault(key, Kept())
        self._kept.move_to_end(key)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        async with kept.making:
            if time.monotonic() > kept.until:
                kept.messages = await self._make(scope, receive)
                kept.until = time.monotonic() + SECONDS * _is_for_all(kept.messages)
        for message in kept.messages:
            await send(message)

    async def _make(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        return messages


def _key(scope: Scope) -> Key | None:
    """Return what the page depends on; None for other requests, and for pages of one visitor."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    root = scope.get("root_path", "")
    headers = dict(scope["headers"])
    known = b"authorization" in headers or SIGNED_IN in headers.get(b"cookie", b"")
    of_one = known or b"deep_link" in scope["query_string"]
    if scope["path"].removeprefix(root) not in PATHS or of_one:
        return None
    return (scope["scheme"], scope["path"], root, *(headers.get(name) for name in NAMES))


def _is_for_all(messages: list[Message]) -> bool:
    """Tell whether an answer is a page, and gives its visitor no cookie."""
    start = messages[0]
    return start["status"] == 200 and b"set-cookie" not in dict(start["headers"])
