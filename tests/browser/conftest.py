"""A real Chromium, in which every console error and every request off the machine is a failure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import chromium
import pytest
from opened import new_page
from PIL import Image
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


@pytest.fixture(scope="module")
def shared_page(contexts, app_url: str) -> Iterator[Page]:
    """One page for those tests of a file that leave it as they found it: opening one is slow."""
    with new_page(contexts(1280, "light"), app_url) as page:
        yield page


@pytest.fixture(scope="session")
def picture(tmp_path_factory, photo: Image.Image) -> Path:
    path = tmp_path_factory.mktemp("browser") / "garden.png"
    photo.save(path)
    return path
