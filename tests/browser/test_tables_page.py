"""The view “The tables” of the laboratory as people use it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.study.csv import study_csv
from seviz.words.findings import headline

LONG = 60_000  # milliseconds, where cores are taken


def opened(page: Page) -> None:
    page.get_by_role("tab", name="Laboratory").click()
    page.get_by_role("tab", name="The tables").click()
    for name in ("here", "article"):
        expect(page.locator(f"#study-{name} .plot[data-drawn]")).to_be_visible(timeout=LONG)


@pytest.fixture
def tables(shared_page: Page) -> Page:
    """Give the shared page with the view open, for tests that first choose their study."""
    opened(shared_page)
    return shared_page


def chosen(page: Page, title: str, study: str) -> None:
    page.locator("#study").get_by_text(title, exact=True).click()
    expect(page.locator("#study-answer .headline")).to_have_text(headline(study, results()))


def firsts(page: Page) -> list[str]:
    return page.locator("#study-table tbody th").all_inner_texts()


def test_a_chosen_study_is_answered_drawn_and_listed(tables: Page):
    chosen(tables, "Reduction r", "r")
    expect(tables.locator("#study-table tbody tr")).to_have_count(5)
    expect(tables.locator("#study-here .plot")).to_contain_text("r = 32")
    label = tables.locator("#study-article .plot").get_attribute("aria-label")
    assert "r = 32 77.3 %" in label


def test_a_columns_head_sorts_by_keyboard_and_gives_the_order_back(tables: Page):
    chosen(tables, "Integration", "integration")
    ours = ["standard", "PRE", "POST", "Identity", "3×3"]
    expect(tables.locator("#study-table tbody th").first).to_have_text(ours[0])
    head = tables.locator("#study-table th[aria-sort]").nth(1)
    head.get_by_role("button").focus()
    by_mean = ["Identity", "POST", "3×3", "PRE", "standard"]
    for order, rows in (("ascending", by_mean), ("descending", by_mean[::-1]), ("none", ours)):
        tables.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
        assert firsts(tables) == rows


def test_a_row_opens_its_network_in_explore(tables: Page):
    page = tables
    chosen(page, "Host × SE", "host")
    page.get_by_role("button", name="Open SE-VGG · standard in Explore").click()
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#model input")).to_have_value(
        re.compile(r"^SE-VGG · standard · laboratory ")
    )


def test_the_sheets_of_a_study_and_of_all_can_be_downloaded(tables: Page):
    chosen(tables, "Stage", "stage")
    for where, name, studies in (("", "stage", ["stage"]), ("-all", "all", STUDIES)):
        with tables.expect_download() as download:
            tables.locator(f"#study-csv{where}").click()
        assert download.value.suggested_filename == f"seviz-study-{name}.csv"
        content = Path(download.value.path()).read_bytes()
        assert content == study_csv(studies, results()).encode()


def test_on_a_telephone_nothing_is_wider_than_the_page(tables: Page, narrow: Page, dark: Page):
    page = tables
    chosen(page, "Host × SE", "host")
    page.get_by_text("The study card").click()
    expect(page.locator("#study-card table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    widths = page.evaluate(
        """() => ['#study-here .plot', '#study-article .plot', '#study-table .figures'].map(
            where => document.querySelector(where).getBoundingClientRect().right)"""
    )
    assert max(widths) <= 390
