"""The tab “What matters” in a real browser."""

import re
from pathlib import Path

import pytest
from PIL import Image
from pixels import choose_by_keyboard, click_cell
from playwright.sync_api import Page, expect

from seviz.analysis.channels import effects
from seviz.analysis.necessity import necessity
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, Rule
from seviz.records.trace import Trace
from seviz.reference.diagnosis import diagnose
from seviz.reference.gather import reference
from seviz.words.matters import necessity_words


@pytest.fixture(scope="module")
def record(zoo, picture: Path) -> Trace:
    """What the library says of the photograph the page is given."""
    return trace(zoo.get("embedded"), read_photo(picture), [INTACT])


def opened(page: Page, path: Path) -> None:
    """Upload a photograph, open the tab and wait until its last figure is drawn."""
    page.locator("#photo input[type=file]").set_input_files(path)
    expect(page.locator("#gates .plot[data-drawn]")).to_be_visible(timeout=60_000)
    tab = page.get_by_role("tab", name="What matters")
    if not tab.is_visible():  # a telephone keeps the last tabs in a menu
        page.locator("#tabs .overflow-menu > button").click()
        tab = page.locator("#tabs .overflow-dropdown button", has_text="What matters")
    tab.click()
    shown(page)


def shown(page: Page) -> None:
    expect(page.locator("#matters-drivers .plot[data-drawn]")).to_be_visible(timeout=60_000)
    expect(page.locator("#matters-blocks .plot[data-drawn]")).to_be_visible(timeout=60_000)


@pytest.fixture(scope="module")
def seen(shared_page: Page, picture: Path) -> Page:
    """Give a page with the tab open, for tests that look and open gates."""
    opened(shared_page, picture)
    return shared_page


def choose(page: Page, name: str, text: str) -> None:
    page.locator(f"#{name} input").click()
    page.get_by_role("option", name=text).click()


def test_the_tab_answers_which_blocks_and_channels_matter(page: Page, picture, record, zoo):
    opened(page, picture)
    first = effects(zoo.get("embedded"), record.image, top=1).top[0]
    expect(page.locator("#matters-headline p")).to_contain_text(
        "at their mean changes the answer “"
    )
    expect(page.locator("#matters-target input")).to_have_value(record.top(0, 1)[0].label)
    expect(page.locator("#matters-block input")).to_have_value(first.site)
    expect(page.locator("#matters-channel input")).to_have_value(str(first.channel))
    expect(page.locator("#matters-facts")).to_contain_text(f"Gate {first.channel} of {first.site}")
    expect(page.locator("#matters-top tbody tr")).to_have_count(8)
    expect(page.locator("#matters-nearest tbody tr")).to_have_count(5)
    expect(page.locator("#matters-diagnoses tbody tr")).to_have_count(len(record.sites))
    blocks = reference("embedded").blocks
    found = [diagnose(name, record.s[name][0], block) for name, block in blocks.items()]
    idle = sum(bool(diagnosis.verdict) for diagnosis in found)
    expect(page.locator("#matters-diagnoses tr.idle")).to_have_count(idle)


def test_another_rule_and_another_target_are_answered(page: Page, picture, record, zoo):
    opened(page, picture)
    second = record.top(0, 2)[1]
    choose(page, "matters-rule", "each gate at 1 (identity)")
    found = necessity(zoo.get("embedded"), record.image, Rule("identity"))
    expect(page.locator("#matters-headline p")).to_have_text(necessity_words(found), timeout=60_000)
    choose(page, "matters-target", second.label)
    found = necessity(zoo.get("embedded"), record.image, Rule("identity"), target=second.index)
    expect(page.locator("#matters-headline p")).to_have_text(necessity_words(found), timeout=60_000)
    expect(page.locator("#matters-facts")).to_contain_text(f"the logit of {second.label}")


def test_a_click_on_the_map_opens_the_gate_under_it(seen: Page, record, zoo):
    of_block = effects(zoo.get("embedded"), record.image).first_order["SE_2_2"]
    click_cell(seen, "matters-effects", "SE_2_2", 0.99)  # the last of 64: the most harmful
    worst = int(of_block.argmin())
    expect(seen.locator("#matters-facts")).to_contain_text(f"Gate {worst} of SE_2_2")
    expect(seen.locator("#matters-channel input")).to_have_value(str(worst))
    expect(seen.locator("#matters-places")).to_contain_text(f"channel {worst}:")


def test_the_fields_open_a_gate_by_keyboard_and_refuse_with_a_sentence(seen: Page):
    choose_by_keyboard(seen, "#matters-block", "SE_5_3")
    expect(seen.locator("#matters-facts")).to_contain_text("of SE_5_3")
    seen.locator("#matters-channel input").fill("17")
    seen.keyboard.press("Enter")
    expect(seen.locator("#matters-facts")).to_contain_text("Gate 17 of SE_5_3")
    seen.locator("#matters-channel input").fill("4000")
    seen.keyboard.press("Enter")
    expect(seen.get_by_text("SE_5_3 has the channels 0 to 895; choose one.").first).to_be_visible()
    expect(seen.locator("#matters-facts")).to_contain_text("Gate 17 of SE_5_3")


def test_another_photograph_takes_the_place_of_the_last_while_the_tab_is_open(
    page: Page, picture, tmp_path: Path
):
    opened(page, picture)
    before = page.locator("#matters-top").inner_text()
    other = tmp_path / "other.png"
    Image.open(picture).rotate(180).point(lambda v: 255 - v).save(other)
    page.get_by_label("Clear").or_(page.get_by_label("Remove Image")).first.click()
    page.locator("#photo input[type=file]").set_input_files(other)
    expect(page.locator("#matters-top")).not_to_have_text(before, timeout=60_000)
    expect(page.locator("#matters-headline p")).to_have_text(
        re.compile("changes the answer “"), timeout=60_000
    )
    shown(page)


@pytest.mark.parametrize(
    "page", [(390, "light"), (390, "dark"), (1280, "dark")], indirect=True, ids=str
)
def test_every_width_and_colour_shows_everything(page: Page, picture):
    opened(page, picture)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in ("blocks", "effects", "drivers", "places"):
        box = page.locator(f"#matters-{part} .plot").bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 250
