"""The tab “Live” in a real browser, with Chromium's own made camera."""

from collections.abc import Iterator

import chromium
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from opened import new_page
from playwright.sync_api import Browser, Page, expect, sync_playwright

LONG = 120_000  # milliseconds, where cores are taken
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
ANSWERED = "document.querySelector('.live').dataset.answered >= {}"
# Keeps what the page is given of the camera; `refuses` makes it refuse the next time.
WATCHED = """
const plain = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (window.refuses) throw new DOMException("", window.refuses);
  return window.camera = await plain(wanted);
};
"""
AXE = """() => axe.run("#results", { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`)))"""
OFF = "window.camera.getTracks().every((track) => track.readyState === 'ended')"


@pytest.fixture(scope="module")
def browser(quiet_args: list[str]) -> Iterator[Browser]:
    """Start a Chromium that has a camera, which shows a moving picture, and may use it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*quiet_args, *CAMERA]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def opened(contexts, app_url: str) -> Iterator[Page]:
    """Open the page, and the tab, once for all tests of this file."""
    context = contexts(1280, "light")
    context.add_init_script(WATCHED)
    with new_page(context, app_url, tab="live", gate="SE_4_6[17]") as page:
        expect(page.locator("#download")).to_be_visible(timeout=LONG)
        yield page


@pytest.fixture
def live(opened: Page) -> Iterator[Page]:
    """Give the page with its tab open; each test leaves the camera off."""
    opened.get_by_role("tab", name="Live", exact=True).click()
    yield opened
    if (stop := opened.get_by_role("button", name="Stop", exact=True)).is_visible():
        stop.click()


def start(page: Page, frames: int = 3) -> None:
    """Open the tab, start the camera, and wait until some more frames are answered."""
    page.get_by_role("tab", name="Live", exact=True).click()
    already = int(page.locator(".live").get_attribute("data-answered") or 0)
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_function(ANSWERED.format(already + frames), timeout=LONG)


def test_frames_are_answered_until_stop_is_pressed(live: Page):
    page = live
    assert page.evaluate("window.camera === undefined")  # it never starts by itself
    start(page)
    expect(page.locator(".live-answers .arm")).to_have_count(2)
    expect(page.locator(".live-answers .arm-intact li")).to_have_count(3)
    expect(page.locator(".live-atlas canvas")).to_have_count(16)
    expect(page.locator(".live-legend")).to_contain_text("s of SE_4_6[17]")
    expect(page.locator(".live-pace")).to_contain_text("frames a second", timeout=LONG)
    page.wait_for_function("document.querySelector('.live-line').dataset.frames >= 3")
    points = page.locator("polyline.live-intact").get_attribute("points").split()
    assert len(points) >= 3
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE) == []
    assert page.locator(".live-answers").get_attribute("aria-live") == "off"
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_function(OFF)
    expect(page.locator(".live-status")).to_have_text("The camera is off.")
    expect(page.get_by_role("button", name="Start the camera")).to_be_focused()


def test_a_cell_of_the_atlas_selects_its_gate(live: Page):
    page = live
    start(page, 1)
    row = page.locator(".live-atlas [data-name=SE_2_1] canvas")
    row.click(position={"x": row.bounding_box()["width"] - 1, "y": 5})
    expect(page.locator("#block input")).to_have_value("SE_2_1", timeout=LONG)
    expect(page.locator("#channel input")).to_have_value("63")
    expect(page.locator(".live-legend")).to_contain_text("SE_2_1[63]", timeout=LONG)


def test_another_tab_or_page_turns_the_camera_off(live: Page):
    page = live
    for leave in ("Gates", "About"):
        start(page, 1)
        assert not page.evaluate(OFF)
        page.get_by_role("tab", name=leave, exact=True).click()
        page.wait_for_function(OFF)
        page.get_by_role("tab", name="Explore", exact=True).click()


def test_a_kept_frame_is_the_photograph_of_all_tabs(live: Page):
    page = live
    start(page, 1)
    page.get_by_role("button", name="Open this frame in Explore").click()
    page.wait_for_function(OFF)
    said = page.locator(".live-answers .arm-intact").inner_text()
    expect(page.locator("#answers .mark")).to_have_count(0, timeout=LONG)
    explained = page.locator("#answers .arm-intact")
    expect(explained).to_have_text(said, use_inner_text=True, timeout=LONG)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NotAllowedError", "The browser may not use the camera"),
        ("NotFoundError", "There is no camera"),
        ("AbortError", "can’t be started (AbortError)"),
    ],
)
def test_without_a_camera_one_sentence_says_what_would_help(live: Page, error: str, sentence: str):
    page = live
    page.evaluate("(error) => { window.refuses = error; }", error)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator(".live-status")).to_contain_text(sentence)
    expect(page.locator(".live-status")).to_contain_text("upload a photograph")
    page.evaluate("window.refuses = null")


def test_a_missing_camera_is_said_before_it_is_started(live: Page):
    live.evaluate("""() => {
        const devices = navigator.mediaDevices, own = devices.enumerateDevices;
        devices.enumerateDevices = async () => [];
        devices.dispatchEvent(new Event("devicechange"));
        devices.enumerateDevices = own;
    }""")
    expect(live.locator(".live-status")).to_contain_text("There is no camera: connect one")
    live.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(live.locator(".live-status")).to_have_text("")
