"""The view “Side by side” as people use it."""

import re
from pathlib import Path

import pytest
from pixels import choose_by_keyboard, click_cell, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.analysis.side_by_side import trace_variant
from seviz.figures.atlas import order
from seviz.photos.read import read_photo
from seviz.ui.parts.photo_field import examples
from seviz.words.side_by_side import headline

LONG = 60_000  # milliseconds, where cores are taken
SE, TANH = "lab_resnet_se", "lab_resnet_tanh"


def opened(page: Page) -> None:
    """Open the view."""
    page.locator("#pages").get_by_role("tab", name="Laboratory").click()
    tab = page.get_by_role("tab", name="Side by side")
    if not tab.is_visible():
        page.locator("#laboratory .overflow-menu > button").click()
        tab = page.locator("#laboratory .overflow-dropdown").get_by_text("Side by side")
    tab.click()
    expect(page.locator("#sides-atlas-b .plot[data-drawn]")).to_be_visible(timeout=LONG)


def says(page: Page, path: Path, a: str, b: str) -> None:
    photo = read_photo(path)
    expect(page.locator("#sides-answers .headline")).to_have_text(
        headline(trace_variant(a, photo), trace_variant(b, photo)), timeout=LONG
    )


def test_the_example_is_compared_and_another_photograph_after_it(page: Page, picture: Path):
    opened(page)
    expect(page.locator("#sides-seen figcaption")).to_contain_text(
        "The example photograph of a lion"
    )
    page.locator("#sides-choose").click()
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#answers .served")).to_be_visible(timeout=LONG)
    page.locator("#pages").get_by_role("tab", name="Laboratory").click()  # the view is still open
    says(page, picture, SE, TANH)
    expect(page.locator("#sides-seen figcaption")).to_contain_text("Your photograph")
    page.locator("#sides-swap").click()
    says(page, picture, TANH, SE)
    expect(page.locator("#sides-a input")).to_have_value("SE-ResNet · tanh gates")


def test_other_variants_are_asked_and_one_without_se_has_no_atlas(page: Page):
    opened(page)
    choose_by_keyboard(page, "#sides-b", "ResNet · without SE")
    expect(page.locator("#sides-colours-b")).to_contain_text("no gates to show", timeout=LONG)
    expect(page.locator("#sides-open-b")).to_be_hidden()
    expect(page.locator("#sides-atlas-b .plot")).to_have_css("height", "0px")
    expect(page.locator("#sides-atlas-a .plot")).to_have_attribute(
        "aria-label", "Atlas of gates s, block by channel"
    )


def test_a_variant_opens_in_explore(page: Page):
    opened(page)
    page.locator("#sides-open-b").click()
    expect(page.locator("#answers .served")).to_contain_text("tanh gates", timeout=LONG)
    expect(page.locator("#model input")).to_have_value(re.compile("^SE-ResNet · tanh gates"))
    expect(page.locator("#photo img").first).to_be_visible()
    expect(page.get_by_text("blue ones (negative) flip its sign").first).to_be_visible(timeout=LONG)
    comes_to_rest(page)


@pytest.mark.parametrize("page", [(1280, "light"), (390, "dark")], indirect=True, ids=str)
def test_a_click_on_an_atlas_opens_its_gate_in_explore(page: Page):
    opened(page)
    gates = trace_variant(TANH, read_photo(examples()[0])).s
    for name in ("SE_4_2", "SE_2_1"):  # the second time, the network is open there already
        click_cell(page, "sides-atlas-b", name, 0.02)
        ranked = order(gates[name][0])
        channel = ranked[int(0.02 * len(ranked))]
        expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of {name}", timeout=LONG)
        expect(page.locator("#answers .served")).to_contain_text("tanh gates")
        for part in ("#facts p", "#before .plot", "#after .plot"):
            expect(page.locator(part).first).to_be_in_viewport()
        page.keyboard.press("Escape")  # closes the sheet of a narrow page
        page.locator("#pages").get_by_role("tab", name="Laboratory").click()
        expect(page.locator("#sides-atlas-b .plot[data-drawn]")).to_be_visible(timeout=LONG)


@pytest.mark.parametrize("page", [(390, "dark")], indirect=True, ids=str)
def test_on_a_telephone_nothing_is_wider_than_the_page(page: Page):
    opened(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tables = page.evaluate(
        """() => ['#sides-variants table', '#sides-answers table'].map(
            where => document.querySelector(where).getBoundingClientRect().right)"""
    )
    assert max(tables) <= 390
