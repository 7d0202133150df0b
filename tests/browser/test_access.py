"""The page for everyone: what axe finds in each view, and the way through it by keyboard alone."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from colours import Floats, luminance
from opened import new_page
from PIL import Image
from pixels import comes_to_rest, turn_colours
from playwright.sync_api import BrowserContext, Page, expect

EXPLORE = ("Gates", "Explanations", "Surgery", "What matters", "Compare", "Live")
DATA_SET = ("Classes", "By depth", "Map", "Can it go?", "Your photographs")
GATE = "Gate"
NETWORKS = "Networks"
QUESTIONS = "Questions"
LABORATORY = ("The block", "The tables", "Learn")
LONG = 120_000  # milliseconds, where cores are taken
LIVE = "document.querySelector('.served')?.textContent.includes(' ms')"
BUSY = "document.querySelector('.working, #inspector.busy')"
AXE = """([within, options]) => axe.run(within, { resultTypes: ["violations"], ...options })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`)))"""
COLOURS = {"runOnly": ["color-contrast"]}  # most of axe's time
ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
# What axe does not ask for: one first heading, tables with names, charts of one tab stop.
PLAIN = """() => {
    const shown = (selector) => [...document.querySelectorAll(selector)]
        .filter((e) => e.getClientRects().length);
    const stops = (chart) => [chart, ...chart.parentElement.querySelectorAll("*")]
        .filter((e) => e.tabIndex >= 0 && e.getClientRects().length
            && !e.closest(".chart-panel")).length;
    return [
        ...shown("h1").slice(1).map((e) => `a second h1: ${e.innerText}`),
        // A table of Markdown can have no caption: its heading stands over it.
        ...shown("table:not(#study-card table)").filter((e) => !e.caption && !e.ariaLabel)
            .map((e) => `a table without a name: ${e.innerText}`),
        ...shown(".plot-host").filter((e) => stops(e) > 1).map((e) => `stops: ${e.innerText}`),
    ];
}"""
# What a finger can hit and is less than 40 pixels; marks in charts and links in sentences apart.
SMALL = """() => [...document.querySelectorAll(
        "button, select, input, summary, [role=button], a[href], label:has(input)")]
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([e, at]) => at.width > 1 && at.height > 1 && Math.min(at.width, at.height) < 39.5)
    .filter(([e]) => !e.closest("p, li, dd") && !(e.matches("input") && e.closest("label")))
    .map(([e]) => `small: ${e.outerHTML.slice(0, 120)}`)"""
# The stop that has the focus: what it is called, where it is, and which chart it belongs to.
STOP = """() => {
    const stop = window.sevizStop = document.activeElement;
    if (stop === document.body) return null;
    const ringed = stop.closest(".wrap-inner")?.parentElement
        ?? (stop.matches("[type=radio], [type=checkbox]") ? stop.closest("label") : stop);
    const { x, y, width, height } = ringed.getBoundingClientRect();
    const charts = [...document.querySelectorAll(".chart-tools")];
    return {
        name: stop.ariaLabel || stop.innerText || stop.title || stop.value,
        box: [x, y, width, height],
        chart: charts.indexOf(stop.closest(".chart-tools")),
    };
}"""
RING = 60  # pixels that change by a contrast of 3 or more, at least: those of a small icon do


def settle(page: Page) -> None:
    """Wait until nothing is on its way or being drawn."""
    comes_to_rest(page)
    page.wait_for_function(f"!{BUSY}", timeout=LONG)


def unfold(page: Page, within: str) -> None:
    """Open all folded parts, those in others too, and wait for what they show."""
    while page.evaluate(
        """(within) => [...document.querySelectorAll(
            `${within} :is(button.label-wrap:not(.open), details:not([open]) > summary)`
        )].filter((part) => part.getClientRects().length)
        .map((part) => part.click()).length""",
        within,
    ):
        settle(page)


def views(page: Page, picture: Path) -> Iterator[str]:
    """Open each view of the page in turn, with all that can be unfolded; yields its title."""
    page.wait_for_function(LIVE, timeout=LONG)
    yield "the first visit"
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#answers .mark")).to_have_count(0, timeout=LONG)
    if page.viewport_size["width"] < 768:
        page.locator("#settings-fold button").click()
    unfold(page, ":is(#rail, #told, #inspector)")
    for title in EXPLORE:
        page.get_by_role("tab", name=title, exact=True).click()
        if title == "Compare":
            page.locator("#pair-photo input[type=file]").set_input_files(picture)
        drawn = ".live-start" if title == "Live" else "#results .plot[data-drawn]:visible"
        expect(page.locator(drawn).first).to_be_visible(timeout=LONG)
        settle(page)
        unfold(page, "#results")
        yield title
    page.get_by_role("tab", name="Gates", exact=True).click()
    # An arrow key selects the next channel; on a telephone, the inspector comes up with it.
    page.locator("#atlas .chart-tools > button").press("ArrowRight")
    page.locator("#block input").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    yield "the inspector, with an open list"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#pages").get_by_role("tab", name="Data set").click()
    for title in DATA_SET:
        page.locator("#dataset").get_by_role("tab", name=title, exact=True).click()
        settle(page)
        drawn = page.locator("#dataset .plot[data-drawn]:visible").first
        expect(drawn if title != "Your photographs" else page.locator(".drop")).to_be_visible(
            timeout=LONG
        )
        yield title
    page.locator("#pages").get_by_role("tab", name=GATE, exact=True).click()
    for chart in ("#gate-where", "#gate-drivers", "#gate-classes"):
        expect(page.locator(f"{chart} .plot[data-drawn]")).to_be_visible(timeout=LONG)
    page.locator("#gate-act-shut").click()
    expect(page.locator("#gate-edit-answers .columns")).to_be_visible(timeout=LONG)
    settle(page)
    yield GATE
    page.locator("#pages").get_by_role("tab", name=NETWORKS, exact=True).click()
    expect(page.locator("#networks-atlas-a .plot[data-drawn]")).to_be_visible(timeout=LONG)
    page.locator("#networks-maps-start").click()
    expect(page.locator("#networks-map-b .plot[data-drawn]")).to_be_visible(timeout=LONG)
    settle(page)
    yield NETWORKS
    page.locator("#pages").get_by_role("tab", name="Laboratory").click()
    for title in LABORATORY:
        page.get_by_role("tab", name=title, exact=True).click()
        settle(page)
        unfold(page, "#laboratory")
        yield title
    page.locator("#pages").get_by_role("tab", name=QUESTIONS).click()
    expect(page.locator(".questions article").first).to_be_visible()
    settle(page)
    yield QUESTIONS


def axe(page: Page, within: str, options: dict[str, object]) -> list[str]:
    """Return what axe finds in a part of the page, by a selector."""
    return page.evaluate(AXE, [within, options])


@pytest.mark.parametrize("page", [(1280, "light"), (390, "light")], indirect=True)
def test_axe_finds_nothing_in_any_view_and_colour_scheme(page: Page, picture: Path):
    page.evaluate(AXE_SCRIPT)
    page.add_style_tag(content="* { transition: none !important }")  # no colour is under way
    narrow = page.viewport_size["width"] < 640
    faults: dict[str, list[str]] = {}
    for title in views(page, picture):
        settle(page)
        found = axe(page, "html", {} if narrow else ALL_BUT_COLOURS) + page.evaluate(PLAIN)
        if narrow:
            found += page.evaluate(SMALL)
        else:  # the colours beside the tabs stay as they are
            new = "#results" if title in EXPLORE[1:] else "html"
            new = "#dataset" if title in DATA_SET[1:] else new
            new = "#laboratory" if title in LABORATORY else new
            new = {GATE: "#gate-page", QUESTIONS: "#questions"}.get(title, new)
            found += axe(page, new, COLOURS)
            turn_colours(page)
            found += [f"dark {fault}" for fault in axe(page, new, COLOURS)]
            turn_colours(page)
        faults[title] = found
    assert len(faults) == 19
    assert {title: found for title, found in faults.items() if found} == {}


def name(page: Page) -> str:
    stop = page.evaluate(STOP)
    return stop["name"].strip() if stop else ""


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the stop of a name has the focus; no list is open there or on the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        expect(page.locator("[role=combobox][aria-expanded=true]")).to_have_count(0)
        if name(page).startswith(wanted):
            return
    raise AssertionError(f"Tab does not reach “{wanted}”")


def choose(page: Page, letters: str, title: str) -> None:
    """Find a title in the select box that has the focus, by some letters, and take it."""
    box = page.locator(":focus")
    page.keyboard.type(letters)
    expect(page.get_by_role("option")).to_have_text([f"✓ {title}"])
    page.keyboard.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value(title)
    expect(box).to_be_focused()


@pytest.fixture
def fresh(contexts, app_url: str) -> Iterator[Page]:
    context: BrowserContext = contexts(1280, "light")
    with new_page(context, app_url) as page:
        page.wait_for_function(LIVE, timeout=LONG)
        settle(page)
        yield page


def test_the_keyboard_alone_leads_from_an_upload_to_a_channels_picture(fresh: Page, picture: Path):
    page = fresh
    tab_to(page, "Remove Image")
    page.keyboard.press("Enter")
    settle(page)  # the field is drawn anew
    tab_to(page, "Drop an image file here to upload")
    # Playwright misses the file chooser now and then: ask what would open it.
    page.locator("#photo input[type=file]").evaluate(
        """(input) => input.addEventListener("click", (event) => {
            event.preventDefault();
            window.sevizChooser = event.target === input;
        }, { once: true })"""
    )
    page.keyboard.press("Enter")
    page.wait_for_function("window.sevizChooser")
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#answers .mark")).to_have_count(0, timeout=LONG)
    settle(page)

    network = page.locator("#model input")
    tab_to(page, "Network")
    before = network.input_value()
    page.keyboard.type("legacy")
    expect(page.get_by_role("option").first).to_contain_text("legacy")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(network).to_have_value(before)

    tab_to(page, "Class to follow")
    choose(page, "tabby", "tabby cat")

    tab_to(page, "Explanations")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Explanations")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Gates")).to_have_attribute("aria-selected", "true")
    tab_to(page, "s")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#show input").nth(1)).to_be_checked()
    expect(page.locator("#atlas")).to_contain_text("÷ the block's largest |z|")

    tab_to(page, "Block")
    choose(page, "4_6", "SE_4_6")
    tab_to(page, "Channel")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    expect(page.locator("#facts")).to_contain_text("Channel 17 of SE_4_6:")
    settle(page)
    for picture_of in ("#before", "#after"):
        expect(page.locator(f"{picture_of} .plot[data-drawn]")).to_be_in_viewport(ratio=1)


def shades(page: Page, box: list[float]) -> Floats:
    """Return the luminance of what is drawn at a box and 6 pixels around it."""
    x, y = max(box[0] - 6, 0), max(box[1] - 6, 0)
    clip = {"x": x, "y": y, "width": box[2] + 12, "height": box[3] + 12}
    shot = page.screenshot(clip=clip, animations="disabled", caret="hide")
    return luminance(np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")) / 255)


@pytest.mark.parametrize("page", [(1280, "dark")], indirect=True)
def test_every_stop_shows_its_focus_and_a_chart_has_one_at_most(page: Page):
    page.wait_for_function(LIVE, timeout=LONG)
    settle(page)
    walk_stops(page)
    turn_colours(page)
    walk_stops(page)


def walk_stops(page: Page) -> None:
    """Press Tab through the whole page, and look at each stop with its focus and without it."""
    stops = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
        assert len(stops) < 90, "no end"
        expect(page.get_by_role("option")).to_have_count(0)
        with_focus = shades(page, stop["box"])
        page.evaluate("window.sevizStop.blur()")
        bare = shades(page, stop["box"])
        page.evaluate("window.sevizStop.focus({ preventScroll: true })")
        low, high = np.minimum(with_focus, bare), np.maximum(with_focus, bare)
        changed = int(((high + 0.05) / (low + 0.05) >= 3).sum())
        assert changed >= RING, f"the focus of “{stop['name']}” can't be seen"
    charts = [stop["chart"] for stop in stops if stop["chart"] >= 0]
    assert len(charts) == len(set(charts)) >= 4  # the atlas, both pictures, the histogram
    names = [stop["name"].strip() for stop in stops]
    assert names.index("Gates") < names.index("Block") < names.index("Channel")
