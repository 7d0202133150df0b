"""The tab “What matters” in a real browser."""

import re
from pathlib import Path

import pytest
from opened import answer_photo
from PIL import Image
from pixels import click_cell, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.analysis.channels import effects
from seviz.answers.necessity import weigh_gates
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, Rule
from seviz.records.trace import Trace
from seviz.reference.diagnosis import diagnose
from seviz.reference.gather import reference
from seviz.words.matters import necessity_words

LONG = 60_000  # milliseconds, where cores are taken


@pytest.fixture(scope="module")
def record(zoo, picture: Path) -> Trace:
    """What the library says of the photograph the page is given."""
    return trace(zoo.get("embedded"), read_photo(picture), [INTACT])


def shown(page: Page) -> None:
    for part in ("blocks", "effects"):
        expect(page.locator(f"#matters-{part} .plot[data-drawn]")).to_be_visible(timeout=LONG)
    expect(page.locator("#matters-top tbody tr")).to_have_count(8)


def panel_height(page: Page) -> float:
    return page.locator("#matters-blocks").evaluate(
        "part => part.closest('[role=tabpanel]').getBoundingClientRect().height"
    )


@pytest.fixture(scope="module")
def seen(shared_page: Page, picture: Path) -> Page:
    """Upload a photograph, open the tab and wait until its last figure is drawn.

    Tests leave photograph, columns and class as they are.
    """
    answer_photo(shared_page, picture)
    shared_page.get_by_role("tab", name="What matters").click()
    shown(shared_page)
    comes_to_rest(shared_page)
    expect(shared_page.locator("#matters-diagnoses tbody tr")).to_have_count(0)  # still folded
    return shared_page


def test_the_tab_answers_which_blocks_and_channels_matter(seen: Page, record, zoo):
    page = seen
    strongest = effects(zoo.get("embedded"), record.image).ranked[0]
    expect(page.locator("#matters-headline p")).to_contain_text("at their mean moves “")
    expect(page.locator("#target input")).to_have_value(record.top(0, 1)[0].label)
    expect(page.locator("#matters-strongest")).to_contain_text(
        f"Gate {strongest.channel} of {strongest.site}"
    )
    page.get_by_role("button", name="Diagnosis: do the gates").click()
    expect(page.locator("#matters-diagnoses tbody tr")).to_have_count(len(record.sites))
    blocks = reference("embedded").blocks
    found = [diagnose(name, record.s[name][0], block) for name, block in blocks.items()]
    idle = sum(bool(diagnosis.verdict) for diagnosis in found)
    expect(page.locator("#matters-diagnoses tr.idle")).to_have_count(idle)
    figures = page.locator("#matters-diagnoses .figures")
    assert figures.evaluate("e => e.scrollWidth <= e.clientWidth")  # all columns are in sight
    page.get_by_role("button", name="Diagnosis: do the gates").click()


def choose(page: Page, field: str, title: str) -> None:
    page.locator(f"#{field} input").click()
    page.locator(f"#{field} input").fill(title)
    page.get_by_role("option", name=title, exact=True).click()


def test_the_rails_column_and_class_are_answered(seen: Page, record):
    page = seen
    headline, second = page.locator("#matters-headline p"), record.top(0, 2)[1]
    choose(page, "target", second.label)
    found = weigh_gates(record, Rule("static"), second.index)[0]
    expect(headline).to_have_text(necessity_words(found), timeout=LONG)
    expect(page.locator("#matters-strongest")).to_contain_text(f"the logit of {second.label}")
    choose(page, "columns", "gates at 1")
    expect(page.locator("#answers .arm")).to_have_count(4, timeout=LONG)
    page.locator("#arm").get_by_text("gates at 1").click()
    found = weigh_gates(record, Rule("identity"), second.index)[0]
    expect(headline).to_have_text(necessity_words(found), timeout=LONG)
    page.get_by_role("button", name="Remove gates at 1").click()
    expect(page.locator("#answers .arm")).to_have_count(3, timeout=LONG)
    first = record.top(0, 1)[0]
    choose(page, "target", first.label)
    found = weigh_gates(record, Rule("static"), first.index)[0]
    expect(headline).to_have_text(necessity_words(found), timeout=LONG)


def test_a_click_on_the_map_selects_the_gate_under_it(seen: Page, record, zoo):
    of_block = effects(zoo.get("embedded"), record.image).first_order["SE_2_2"]
    click_cell(seen, "matters-effects", "SE_2_2", 0.99)  # the last of 64: the most harmful
    selects(seen, "SE_2_2", int(of_block.argmin()))


def test_a_click_on_a_bar_selects_its_block(seen: Page):
    click_cell(seen, "matters-blocks", "SE_3_1", bar(seen, "SE_3_1"))
    expect(seen.locator("#block input")).to_have_value("SE_3_1")
    expect(seen.locator("#facts")).to_contain_text("of SE_3_1")


def test_rows_of_both_tables_select_their_gates(seen: Page, record, zoo):
    strongest = effects(zoo.get("embedded"), record.image).ranked[0]
    seen.locator("#matters-top tbody button").first.click()
    selects(seen, strongest.site, strongest.channel)
    seen.get_by_role("button", name="Diagnosis: do the gates").click()
    seen.locator("#matters-diagnoses tbody button").last.click()
    expect(seen.locator("#block input")).to_have_value(record.sites[-1].name)
    seen.get_by_role("button", name="Diagnosis: do the gates").click()


def selects(page: Page, block: str, channel: int) -> None:
    """Check what the inspector shows."""
    expect(page.locator("#block input")).to_have_value(block)
    expect(page.locator("#channel input")).to_have_value(str(channel))
    expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of {block}")


def bar(page: Page, block: str) -> float:
    """Return the middle of a block's bar, in units of its axis."""
    return page.evaluate(
        """name => {
            const bars = document.querySelector('#matters-blocks .plot')._fullData[0];
            return bars.x[bars.ids.indexOf(name)] / 2;
        }""",
        block,
    )


def test_another_photograph_takes_the_place_of_the_last_while_the_tab_is_open(
    seen: Page, picture, tmp_path: Path
):
    page = seen
    before = page.locator("#matters-top").inner_text()
    other = tmp_path / "other.png"
    Image.open(picture).rotate(180).point(lambda v: 255 - v).save(other)
    page.locator("#photo input[type=file]").set_input_files(other)
    expect(page.locator("#matters-top")).not_to_have_text(before, timeout=LONG)
    expect(page.locator("#matters-headline p")).to_have_text(re.compile("moves “"), timeout=LONG)
    shown(page)
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#matters-top")).to_have_text(before, timeout=LONG, use_inner_text=True)
    shown(page)
    comes_to_rest(page)


def test_it_is_short_where_all_is_folded(seen: Page):
    expect(seen.locator("#matters .label-wrap.open")).to_have_count(0)
    assert panel_height(seen) <= 1800


def test_a_telephone_shows_everything(seen: Page, narrow: Page, dark: Page):
    page = seen
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in ("blocks", "effects"):
        box = page.locator(f"#matters-{part} .plot").bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 250
    assert panel_height(page) <= 2600
    table = page.locator("#matters-top table").bounding_box()
    assert table is not None
    assert table["x"] + table["width"] <= page.viewport_size["width"]
