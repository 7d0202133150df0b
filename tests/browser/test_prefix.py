"""The page behind a reverse proxy, under a prefix of somebody's address."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened import answer_photo, new_page
from pixels import click_cell
from playwright.sync_api import Page, expect
from reverse_proxy import ReverseProxy

from seviz.ui import app

PREFIX = "/some/seviz"
LOADED = """() => [...document.querySelectorAll("#examples img")].every((image) => {
    image.loading = "eager";
    return image.complete && image.naturalWidth > 0; })"""


@pytest.fixture(scope="module")
def proxy() -> Iterator[ReverseProxy]:
    """Serve an app of its own, which is told of the prefix as its host would tell it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ROOT_PATH", PREFIX)
        demo = app.build()
        app.launch(demo, prevent_thread_lock=True, quiet=True, server_port=port)
    with ReverseProxy(demo.local_url, PREFIX) as proxy:
        yield proxy
    demo.close()


@pytest.fixture(scope="module")
def page(contexts, proxy: ReverseProxy) -> Iterator[Page]:
    """Open the page; a console error, or a request outside the prefix, fails in the end."""
    with new_page(contexts(1280, "light"), proxy.url) as page:
        yield page
    assert proxy.outside == []


def test_the_page_opens_with_all_its_pictures_and_charts(page: Page, proxy: ReverseProxy):
    expect(page.locator("#answers .mark")).to_contain_text("An example, a lion")
    expect(page.locator("#atlas .plot")).to_have_attribute("data-drawn", re.compile("[1-9]"))
    pictures = page.locator("#examples img")
    pictures.first.wait_for()
    assert pictures.count() > 2
    page.wait_for_function(LOADED)
    assert f"{PREFIX}/favicon.ico" in proxy.inside


def test_a_photograph_and_an_example_are_answered_and_a_gate_is_opened(page: Page, picture: Path):
    answer_photo(page, picture)
    click_cell(page, "atlas", "SE_4_2", 0.5)
    expect(page.locator("#facts")).to_contain_text("of SE_4_2:")
    page.locator("#examples button").nth(1).click()
    expect(page.locator("#answers .mark")).to_contain_text("An example")


def test_what_is_downloaded_comes_whole(page: Page, tmp_path: Path):
    with page.expect_download() as download:
        page.locator("#download").click()
    file = tmp_path / "trace.zip"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"PK")


def test_addresses_links_and_the_way_back_keep_the_prefix(page: Page, proxy: ReverseProxy):
    inside = re.escape(f"{proxy.url}/?")
    page.get_by_role("tab", name="Surgery").click()
    expect(page).to_have_url(re.compile(f"{inside}.*tab=surgery"))
    page.get_by_role("tab", name="About").click()
    expect(page).to_have_url(re.compile(f"{inside}.*page=about"))
    page.go_back()
    expect(page).to_have_url(re.compile(f"{inside}.*tab=surgery"))
    page.reload()
    expect(page.get_by_role("tab", name="Surgery")).to_have_attribute("aria-selected", "true")
    page.locator("#start-over a").click()
    expect(page).to_have_url(re.compile(f"{inside}(?!.*surgery)"))
    expect(page.locator("#answers .mark")).to_contain_text("An example, a lion")
