import asyncio

import pytest
from starlette.responses import PlainTextResponse

from seviz.ui.parts import kept_page
from seviz.ui.parts.kept_page import KeptPage


class Page:
    """An app that counts how often its page is made."""

    def __init__(self) -> None:
        self.made, self.status, self.headers = 0, 200, {}

    async def __call__(self, scope, receive, send) -> None:
        self.made += 1
        if scope["type"] != "http":
            return
        text = f"page {self.made}"
        await asyncio.sleep(0)
        await PlainTextResponse(text, self.status, self.headers)(scope, receive, send)


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def kept(page: Page) -> KeptPage:
    return KeptPage(page)


async def get(app: KeptPage, path: str = "/", query: bytes = b"", **headers: str) -> str:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": path, "root_path": ""}
    await app({**scope, "query_string": query, "headers": named}, None, send)
    return b"".join(message.get("body", b"") for message in sent).decode()


def test_visitors_who_come_at_once_get_one_page(page: Page, kept: KeptPage):
    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(get(kept, query=f"model=a{i}".encode()) for i in range(5)))

    assert asyncio.run(all_at_once()) == ["page 1"] * 5


def test_cookies_of_others_say_nothing(kept: KeptPage):
    assert [asyncio.run(get(kept, cookie=f"a={i}")) for i in range(2)] == ["page 1"] * 2


def test_the_page_is_made_anew_after_some_seconds(kept: KeptPage, monkeypatch):
    monkeypatch.setattr(kept_page, "SECONDS", -1.0)
    assert [asyncio.run(get(kept)) for _ in range(2)] == ["page 1", "page 2"]


@pytest.mark.parametrize(
    "other",
    [
        {"host": "another"},
        {"x_forwarded_host": "another"},
        {"x_forwarded_proto": "https"},
        {"path": "/config"},
    ],
)
def test_another_address_has_another_page(kept: KeptPage, other: dict):
    assert asyncio.run(get(kept, host="here")) == "page 1"
    assert asyncio.run(get(kept, **{"host": "here", **other})) == "page 2"
    assert asyncio.run(get(kept, host="here")) == "page 1"


@pytest.mark.parametrize(
    "own",
    [
        {"cookie": "a=b; access-token-1=c"},
        {"authorization": "Bearer"},
        {"query": b"deep_link=x"},
        {"path": "/gradio_api/info"},
    ],
)
def test_what_is_of_one_visitor_is_not_kept(kept: KeptPage, own: dict):
    assert [asyncio.run(get(kept, **own)) for _ in range(2)] == ["page 1", "page 2"]


@pytest.mark.parametrize(("status", "headers"), [(500, {}), (200, {"set-cookie": "a=b"})])
def test_a_fault_or_a_cookie_is_not_kept(page: Page, kept: KeptPage, status: int, headers: dict):
    page.status, page.headers = status, headers
    assert [asyncio.run(get(kept)) for _ in range(2)] == ["page 1", "page 2"]


def test_pages_of_so_many_addresses_are_kept(page: Page, kept: KeptPage):
    for i in range(kept_page.MOST + 1):
        asyncio.run(get(kept, host=str(i)))
    asyncio.run(get(kept, host=str(kept_page.MOST)))
    assert page.made == kept_page.MOST + 1
    asyncio.run(get(kept, host="0"))
    assert page.made == kept_page.MOST + 2


def test_other_requests_pass(page: Page, kept: KeptPage):
    asyncio.run(kept({"type": "lifespan"}, None, None))
    assert page.made == 1
