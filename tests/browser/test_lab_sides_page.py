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


def drawn(page: Page) -> None:
    expect(page.locator("#sides-atlas-b .plot[data-drawn]")).to_be_visible(timeout=LONG)


@pytest.fixture(scope="module")
def first(shared_page: Page) -> tuple[Page, dict[str, str]]:
    """Open the view; returns the page and what its fields, and Explore's, say at first."""
    expect(shared_page.locator("#download")).to_be_visible()
    opened(shared_page)
    drawn(shared_page)
    fields = ("#model", "#sides-a", "#sides-b")
    return shared_page, {
        field: shared_page.locator(f"{field} input").input_value() for field in fields
    }


@pytest.fixture
def network(first: tuple[Page, dict[str, str]]) -> None:
    """Let Explore show the network that it shows at first."""
    page, fields = first
    if page.locator("#model input").input_value() != fields["#model"]:
        page.locator("#pages").get_by_role("tab", name="Explore").click()
        choose(page, "#model", fields["#model"])
        comes_to_rest(page)


@pytest.fixture
def lion(first: tuple[Page, dict[str, str]]) -> None:
    """Let Explore show the example that it shows at first."""
    page, _ = first
    if not page.locator("#answers .mark", has_text="a lion").count():
        page.locator("#pages").get_by_role("tab", name="Explore").click()
        page.get_by_role("button", name="Example: a lion").click()
        expect(page.locator("#answers .mark")).to_contain_text("a lion", timeout=LONG)
        comes_to_rest(page)


@pytest.fixture
def sides(first: tuple[Page, dict[str, str]]) -> Page:
    """Give the shared page with the view and the variants that it compares at first."""
    page, fields = first
    opened(page)
    for field in ("#sides-a", "#sides-b"):
        choose(page, field, fields[field])
    comes_to_rest(page)
    drawn(page)
    return page


def choose(page: Page, field: str, title: str) -> None:
    """Choose a network, if it is not the one of the field."""
    if page.locator(f"{field} input").input_value() != title:
        choose_by_keyboard(page, field, title.partition("(")[0].strip())  # without the size
        expect(page.locator(f"{field} input")).to_have_value(title)


def says(page: Page, path: Path, a: str, b: str) -> None:
    photo = read_photo(path)
    expect(page.locator("#sides-answers .headline")).to_have_text(
        headline(trace_variant(a, photo), trace_variant(b, photo)), timeout=LONG
    )


def test_on_a_telephone_nothing_is_wider_than_the_page(sides: Page, narrow: Page, dark: Page):
    page = sides
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tables = page.evaluate(
        """() => ['#sides-variants table', '#sides-answers table'].map(
            where => document.querySelector(where).getBoundingClientRect().right)"""
    )
    assert max(tables) <= 390


def test_other_variants_are_asked_and_one_without_se_has_no_atlas(sides: Page):
    page = sides
    choose_by_keyboard(page, "#sides-b", "ResNet · without SE")
    expect(page.locator("#sides-colours-b")).to_contain_text("no gates to show", timeout=LONG)
    expect(page.locator("#sides-open-b")).to_be_hidden()
    expect(page.locator("#sides-atlas-b .plot")).to_have_css("height", "0px")
    expect(page.locator("#sides-atlas-a .plot")).to_have_attribute(
        "aria-label", "Atlas of gates s, block by channel"
    )


def test_a_variant_opens_in_explore(network, sides: Page):
    page = sides
    page.locator("#sides-open-b").click()
    expect(page.locator("#answers .served")).to_contain_text("tanh gates", timeout=LONG)
    expect(page.locator("#model input")).to_have_value(re.compile("^SE-ResNet · tanh gates"))
    expect(page.locator("#photo img").first).to_be_visible()
    expect(page.get_by_text("blue ones (negative) flip its sign").first).to_be_visible(timeout=LONG)
    comes_to_rest(page)


def test_a_click_on_an_atlas_opens_the_page_of_its_gate(network, lion, sides: Page):
    opens_gates(sides)


def test_on_a_telephone_it_does_too(lion, sides: Page, narrow: Page, dark: Page):
    opens_gates(sides)


def opens_gates(page: Page) -> None:
    gates = trace_variant(TANH, read_photo(examples()[0])).s
    for name in ("SE_4_2", "SE_2_1"):  # the second time, the network is open there already
        click_cell(page, "sides-atlas-b", name, 0.02)
        ranked = order(gates[name][0])
        channel = ranked[int(0.02 * len(ranked))]
        facts = page.locator("#gate-photo-facts")
        expect(facts).to_contain_text(f"Channel {channel} of {name}", timeout=LONG)
        expect(page.locator("#gate-place")).to_contain_text("tanh gates")
        for part in ("#gate-block", "#gate-headline p", "#gate-photo-facts p"):
            expect(page.locator(part).first).to_be_in_viewport()
        page.locator("#pages").get_by_role("tab", name="Laboratory").click()
        drawn(page)


def test_the_example_is_compared_and_another_photograph_after_it(lion, sides: Page, picture: Path):
    page = sides
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
