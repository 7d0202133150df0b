"""The app's page, opened in a browser: what goes wrong in it fails the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route, expect

# What Gradio says of a page that is left while it waits for something; the last, where the page is
# still asking once the server has forgotten it.
LEFT = (
    "signal is aborted without reason",
    "Connection errored out",
    "Unexpected error 404: Not Found",
)
# A page whose own values are refused is at odds with itself, whatever else it shows.
MISFITS = """new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const { textContent } of addedNodes)
    if (textContent?.includes("does not fit it; reload")) console.error(textContent.trim());
}).observe(document, { childList: true, subtree: true });"""
# What pages wait for; a stream of answers is open as long as one of them is to come.
UNDER_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


@contextmanager
def new_page(
    context: BrowserContext, app_url: str, scheme: str = "light", **query: str
) -> Iterator[Page]:
    """Open the app's page, as its address says.

    Its console errors and its requests off the machine fail in the end.
    """
    page = context.new_page()
    faults: list[str] = []
    under_way = UNDER_WAY[page] = set()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in LEFT):
            faults.append(f"console: {message.text} {message.location['url']}")

    def on_request(sent: Request) -> None:
        if not sent.url.startswith((app_url, "data:", "blob:")):
            faults.append(f"request: {sent.url}")
        if "/heartbeat/" not in sent.url:  # which is open as long as the page is
            under_way.add(sent)

    page.add_init_script(MISFITS)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("request", on_request)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: under_way.discard(request))
    page.goto(f"{app_url}/?{urlencode({'__theme': scheme} | query)}")
    page.locator("#photo input[type=file]").wait_for(state="attached")
    yield page
    page.close()
    assert not faults, faults


def answer_photo(page: Page, path: Path) -> None:
    """Upload one's own photograph in the place of the example, and wait until it is answered."""
    expect(page.locator("#download")).to_be_visible()  # the example's live answer came first
    page.locator("#photo input[type=file]").set_input_files(path)
    expect(page.locator("#answers .mark")).to_have_count(0)
    answer = page.locator("#answers .arm .label").first.inner_text()
    expect(page.locator("#facts")).to_contain_text(f"the logit of {answer}")


@contextmanager
def unanswered(page: Page) -> Iterator[None]:
    """Hold back what the page asks; what it shows meanwhile, it shows without the server."""
    held: list[Route] = []
    holds = True

    def hold(route: Route) -> None:
        if holds:
            held.append(route)
        else:  # it was under way when the others were let go
            route.continue_()

    page.route("**/queue/join*", hold)
    yield
    holds = False
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")
