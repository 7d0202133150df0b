"""A real Chromium, in which every console error and every request off the machine is a failure."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import chromium
import pytest
from opened import new_page
from PIL import Image
from pixels import turn_colours
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

expect.set_options(timeout=20_000)  # a machine that has other work too is no fault of the page

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # the app's scripts are compiled once, not for each page
]

# Each chart in sight is drawn as wide as its place.
FITTED = """() => [...document.querySelectorAll(".plot")].every(({ offsetWidth, _fullLayout }) =>
    !offsetWidth || !_fullLayout || Math.abs(_fullLayout.width - offsetWidth) <= 1)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for one file of tests.

    It is gone before other tests fork workers, which would inherit the pipes whose end it waits for
    when it is told to close.
    """
    path = chromium.find()
    assert path, chromium.NONE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Callable[[int, str], BrowserContext]:
    """Give the profile of a width and a colour scheme; a file's pages share what it has loaded."""
    made: dict[tuple[int, str], BrowserContext] = {}

    def context(width: int, scheme: str) -> BrowserContext:
        if (width, scheme) not in made:
            made[width, scheme] = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                accept_downloads=True,
            )
        return made[width, scheme]

    return context


@pytest.fixture
def page(contexts, app_url: str, request) -> Iterator[Page]:
    """The app's page; parametrise indirectly with (width, colour scheme)."""
    width, scheme = getattr(request, "param", (1280, "light"))
    with new_page(contexts(width, scheme), app_url, scheme) as page:
        yield page


@pytest.fixture
def page_at(contexts, app_url: str) -> Callable[..., AbstractContextManager[Page]]:
    """Return a function that opens a page at an address, given as keywords."""
    return partial(new_page, contexts(1280, "light"), app_url, "light")


@pytest.fixture(scope="module")
def shared_page(contexts, app_url: str) -> Iterator[Page]:
    """One page for those tests of a file that leave it as they found it: opening one is slow."""
    with new_page(contexts(1280, "light"), app_url) as page:
        yield page


@pytest.fixture
def narrow(shared_page: Page) -> Iterator[Page]:
    """Give the file's shared page as wide as a telephone; its plan is a matter of the width."""
    size = shared_page.viewport_size
    resize(shared_page, 390)
    shared_page.keyboard.press("Escape")  # closes the sheet
    yield shared_page
    resize(shared_page, size["width"])


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(FITTED)


@pytest.fixture
def dark(shared_page: Page) -> Iterator[Page]:
    """Give the file's shared page in dark colours."""
    turn_colours(shared_page)
    yield shared_page
    turn_colours(shared_page)


@pytest.fixture(scope="session")
def picture(tmp_path_factory, photo: Image.Image) -> Path:
    path = tmp_path_factory.mktemp("browser") / "garden.png"
    photo.save(path)
    return path


@pytest.fixture(scope="session")
def quiet_args() -> list[str]:
    """Give the arguments of a Chromium, for those files that need one of their own."""
    return QUIET
