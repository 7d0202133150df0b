"""The plan of the page as geometry: what is in sight together, without scrolling, by width."""

import re
from collections.abc import Iterator

import pytest
from opened import answer_photo, new_page, unanswered
from pixels import cell, click_cell, comes_to_rest
from playwright.sync_api import Browser, Page, expect

from seviz.photos.examples import EXAMPLES

LION = EXAMPLES[0].path
LIVE = "document.querySelector('.served')?.textContent.includes(' ms')"
NAMES = {"photo": "#photo", "headline": "#answers .headline", "tabs": "#tabs [role=tablist]"}
# Notes when the answer was on the page and when the page first asked, and adds up layout shifts.
WATCH = """
window.sevizShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.sevizShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  if (document.querySelector("#answers .arm")) window.sevizShown ??= performance.now();
}).observe(document, { childList: true, subtree: true });
const { fetch } = window;
window.fetch = (...request) => {
  if (String(request[0]?.url ?? request[0]).includes("/queue/join")) {
    window.sevizAsked ??= performance.now();
  }
  return fetch(...request);
};
"""
# What a finger can hit and is lower than 40 pixels; marks in charts and links in sentences apart.
SMALL = """() => [...document.querySelectorAll(
    "button, [role=tab], input:not([type=radio], [type=checkbox]), summary, .segmented label"
  )].filter((e) => e.offsetParent && !e.closest(".plot-host, p, footer, table, .tab-container"))
  .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, at]) => at.width > 1 && at.height < 39.5)
  .map(([html, at]) => [html, at.height])"""
# Whether the fade at a column's lower edge lies over something of it.
COVERS = """(column) => {
    const { height, content } = getComputedStyle(column, "::after");
    const last = [...column.children].filter((e) => e.offsetHeight).at(-1);
    return content !== "none" && last.getBoundingClientRect().bottom
        > column.getBoundingClientRect().bottom - parseFloat(height) + 1;
}"""
# Whether a column ends just above the window's lower edge, at `height`.
ENDS = """([name, height]) => {
    const { bottom } = document.querySelector(name).getBoundingClientRect();
    return height - 10 <= bottom && bottom <= height;
}"""
Box = dict[str, float]


def box(page: Page, selector: str) -> Box:
    """Return the place of an element in the window; it has to be there."""
    found = page.locator(selector).first.bounding_box()
    assert found, selector
    return found


def is_whole(page: Page, found: Box) -> bool:
    """Tell whether a place lies within the window."""
    size = page.viewport_size
    right, bottom = found["x"] + found["width"], found["y"] + found["height"]
    return (
        found["x"] >= 0 and found["y"] >= 0 and right <= size["width"] and bottom <= size["height"]
    )


@pytest.fixture(scope="module", params=[(1280, 900), (1920, 1080), (390, 844)], ids=str)
def sized(request, browser: Browser, app_url: str) -> Iterator[Page]:
    """A page of each size that has answered the lion, uploaded as one's own photograph."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    with new_page(context, app_url) as page:
        answer_photo(page, LION)
        yield page
    context.close()


def only(page: Page, *widths: int) -> None:
    """Leave out the other sizes."""
    if page.viewport_size["width"] not in widths:
        pytest.skip(f"of {' and '.join(map(str, widths))} pixels")


def test_photograph_answers_tabs_and_all_of_the_atlas_are_in_sight_together(sized: Page):
    only(sized, 1280, 1920)
    sized.evaluate("window.scrollTo(0, 0)")
    for name, selector in NAMES.items():
        assert is_whole(sized, box(sized, selector)), name
    columns = sized.locator("#answers .arm")
    assert columns.count() == 3  # with gates, static, and the twin
    for column in columns.all():
        answers = column.locator("li").all()
        assert len(answers) == 3
        assert all(is_whole(sized, answer.bounding_box()) for answer in answers)
    atlas = box(sized, "#atlas .plot")
    assert atlas["y"] <= 520
    assert is_whole(sized, atlas)
    rows = sized.locator("#atlas .yaxislayer-above text")
    assert rows.count() == 16
    assert is_whole(sized, rows.last.bounding_box())


@pytest.mark.parametrize("at", [0, 30, 100_000])
def test_the_side_columns_end_at_the_windows_edge_and_fade_while_there_is_more(sized: Page, at):
    only(sized, 1280, 1920)
    sized.evaluate("(at) => window.scrollTo(0, at)", at)
    height = sized.viewport_size["height"]
    for name in ("#rail", "#inspector"):
        column = sized.locator(name)
        if height > 900 and not column.evaluate("(e) => e.scrollHeight > e.clientHeight"):
            continue  # all of it is in sight
        sized.wait_for_function(ENDS, arg=[name, height])  # the page hears late of being scrolled
        for more in (True, False):
            column.evaluate("(e, more) => e.scrollTo(0, more ? 0 : 1e5)", more)
            assert column.evaluate(COVERS) == more
        column.evaluate("(e) => e.scrollTo(0, 0)")
    sized.evaluate("window.scrollTo(0, 0)")


def test_the_page_is_as_wide_as_its_window_up_to_1900_pixels(sized: Page):
    only(sized, 1920)
    last = box(sized, "#inspector")
    assert last["x"] + last["width"] - box(sized, "#rail")["x"] >= 1700


def test_nothing_is_wider_than_the_window(sized: Page):
    width = sized.viewport_size["width"]
    assert sized.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_telephone_the_answer_stands_under_the_photograph(sized: Page):
    only(sized, 390)
    headline, photo = box(sized, "#answers .headline"), box(sized, "#photo")
    assert headline["y"] + headline["height"] - photo["y"] <= 620
    assert box(sized, "#settings-fold button")["y"] > headline["y"]
    expect(sized.locator("#model")).to_be_hidden()
    sized.locator("#settings-fold button").click()
    expect(sized.locator("#model")).to_be_visible()
    sized.locator("#settings-fold button").click()


@pytest.mark.parametrize("name", ["SE_3_2", "SE_4_4"])
def test_a_click_shows_the_channel_at_once_and_marks_its_cell(sized: Page, name: str):
    sized.keyboard.press("Escape")
    x, y = cell(sized, "atlas", name, 0.4)
    with unanswered(sized):
        sized.mouse.click(x, y)
        expect(sized.locator("#inspector")).to_have_class(re.compile("busy"))
        frame = box(sized, "#atlas .selected-cell")
    assert frame["x"] <= x <= frame["x"] + frame["width"]
    assert frame["y"] <= y <= frame["y"] + frame["height"]
    expect(sized.locator("#facts")).to_contain_text(f"of {name}:")
    for part in ("#facts", "#before .plot", "#after .plot"):
        assert is_whole(sized, box(sized, part)), part


def test_arrow_keys_move_through_channels_and_blocks_and_escape_closes(sized: Page):
    sized.keyboard.press("Escape")  # on a telephone the sheet of another channel covers the row
    click_cell(sized, "atlas", "SE_4_4", 0.4)
    expect(sized.locator("#facts")).to_contain_text("of SE_4_4:")
    channel = int(sized.locator("#channel input").input_value())
    sized.locator("body").press("ArrowRight")
    expect(sized.locator("#facts")).to_contain_text(f"Channel {channel + 1} of SE_4_4:")
    sized.locator("body").press("ArrowDown")
    expect(sized.locator("#facts")).to_contain_text("of SE_4_5:")
    sized.keyboard.press("Escape")
    if sized.viewport_size["width"] < 1100:
        expect(sized.locator("#facts")).to_be_hidden()


def test_what_a_finger_hits_is_large_enough(sized: Page):
    only(sized, 390)
    small = sized.evaluate(SMALL)
    assert small == []


def test_the_first_visit_shows_an_example_without_a_click(browser: Browser, app_url: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    with new_page(context, app_url) as page:
        expect(page.locator("#answers .mark")).to_contain_text("An example, a lion")
        expect(page.locator("#answers .arm")).to_have_count(3)
        assert page.evaluate("window.sevizShown <= window.sevizAsked")  # it waits for no network
        page.wait_for_function(LIVE)
    context.close()


def test_nothing_jumps_when_another_photograph_is_answered(browser: Browser, app_url: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    with new_page(context, app_url) as page:
        page.wait_for_function(LIVE)
        comes_to_rest(page)  # what the first answer moves late is no other photograph's
        page.evaluate("window.sevizShift = 0")
        page.get_by_role("button", name="Example: a tabby cat").click()
        expect(page.locator("#answers .mark")).to_contain_text("a tabby cat")
        page.wait_for_timeout(1500)
        assert page.evaluate("window.sevizShift") <= 0.05
    context.close()
