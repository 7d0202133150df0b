"""The page “Gate” in a real Chromium: one gate at an address of its own, and what leads there."""

import re
from collections.abc import Iterator

import pytest
from opened import new_page
from pixels import cell, comes_to_rest
from playwright.sync_api import Page, expect

LONG = 60_000  # milliseconds, where cores are taken
WATCH_DIMMING = """() => {
  const look = new MutationObserver(() => { window.dimmed = true; });
  look.observe(document.querySelector("#gate-photo-facts"), { attributeFilter: ["data-former"] });
}"""


@pytest.fixture(scope="module")
def shared_page(contexts, app_url: str) -> Iterator[Page]:
    """Open the gate by the address that its page had as a tab of the page “Data set”."""
    old = {"page": "dataset", "tab": "data-gate", "gate": "SE_4_6[17]"}
    with new_page(contexts(1280, "light"), app_url, **old) as page:
        yield page


def test_its_address_names_the_network_and_every_section_is_there(shared_page: Page):
    page = shared_page
    expect(page.get_by_role("tab", name="Gate", exact=True)).to_have_attribute(
        "aria-selected", "true", timeout=LONG
    )
    expect(page.locator("#gate-headline")).to_contain_text("SE_4_6[17] opens", timeout=LONG)
    expect(page.locator("#gate-photo-facts")).to_contain_text("Channel 17 of SE_4_6", timeout=LONG)
    for name in ("before", "after", "where", "drivers", "percentiles", "classes", "spread"):
        expect(page.locator(f"#gate-{name} .plot[data-drawn]")).to_be_visible(timeout=LONG)
    expect(page.locator("#gate-where-told")).to_contain_text("open the gate SE_4_6[17]")
    comes_to_rest(page)
    says(page, "page=gate", "model=embedded", "gate=SE_4_6[17]")
    assert "tab=" not in page.url


def says(page: Page, *parts: str) -> None:
    """Check what the address says."""
    expect(page).to_have_url(re.compile("".join(f"(?=.*[?&]{re.escape(p)}(&|$))" for p in parts)))


def test_its_fields_and_keys_lead_on_and_what_is_none_is_put_back(shared_page: Page):
    page, headline = shared_page, shared_page.locator("#gate-headline")
    page.evaluate(WATCH_DIMMING)
    page.get_by_role("button", name="Next ›").click()
    expect(headline).to_contain_text("SE_4_6[18]", timeout=LONG)
    expect(page.locator("#gate-photo-facts")).to_contain_text("Channel 18 of SE_4_6", timeout=LONG)
    says(page, "gate=SE_4_6[18]")
    expect(page.locator("[data-former]")).to_have_count(0, timeout=LONG)
    assert page.evaluate("window.dimmed")  # meanwhile
    headline.click()
    page.keyboard.press("ArrowLeft")
    expect(headline).to_contain_text("SE_4_6[17]", timeout=LONG)
    field = page.locator("#gate-channel input")
    field.fill("999")
    field.press("Enter")
    expect(page.get_by_text("SE_4_6 has the channels 0 to 383; choose one.").first).to_be_visible()
    expect(field).to_have_value("17", timeout=LONG)
    expect(page.locator("[data-former]")).to_have_count(0, timeout=LONG)


def test_an_edit_is_answered_at_once_and_stands_in_surgery(shared_page: Page):
    page = shared_page
    page.locator("#gate-act-shut").click()
    expect(page.locator("#gate-edit-told")).to_contain_text("SE_4_6, channel 17", timeout=LONG)
    expect(page.locator("#gate-edit-answers .headline")).to_contain_text("With these edits")
    says(page, "edit=SE_4_6[17]=0")
    page.locator("#gate-surgery").click()
    edits = page.locator("#surgery-edits")
    expect(edits).to_contain_text("SE_4_6, channel 17", timeout=LONG)
    expect(page.locator("#surgery-answers")).to_contain_text("With these edits", timeout=LONG)
    page.locator("#surgery-undo").click()
    expect(edits).to_contain_text("No gate is edited", timeout=LONG)


def test_explore_leads_there_and_shows_the_gate_on_the_way_back(shared_page: Page):
    page = shared_page
    expect(page.locator("#channel input")).to_have_value("17", timeout=LONG)
    comes_to_rest(page)
    page.get_by_role("button", name="All about this gate →").click()
    expect(page.locator("#gate-edit-told")).to_contain_text("This gate is not edited", timeout=LONG)
    page.get_by_role("button", name="Next ›").click()
    expect(page.locator("#gate-headline")).to_contain_text("SE_4_6[18]", timeout=LONG)
    page.get_by_role("button", name="← Back to the photograph").click()
    expect(page.locator("#facts")).to_contain_text("Channel 18 of SE_4_6", timeout=LONG)


def test_a_gate_that_is_none_is_said_and_another_one_is_shown(contexts, app_url: str):
    with new_page(contexts(390, "light"), app_url, page="gate", gate="SE_9_9[3]") as page:
        notice = page.locator("#gate-notice")
        expect(notice).to_contain_text("There is no gate SE_9_9[3] in ", timeout=LONG)
        expect(page.locator("#gate-photo-facts")).to_contain_text("Channel", timeout=LONG)
        comes_to_rest(page)
        shown = page.locator("#gate-photo-facts").inner_text()
        channel, block = re.match(r"Channel (\d+) of (\w+)", shown).groups()
        expect(notice).to_contain_text(f"; shown is {block}[{channel}].")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pictures_of_a_gate_appear_as_they_form_and_can_be_stopped(contexts, app_url: str):
    context = contexts(1280, "light")
    with new_page(context, app_url, page="gate", gate="SE_2_1[3]") as page:
        small = page.locator("#pictures-small .gate-picture")
        expect(small).to_contain_text("Made to open this gate: s = ", timeout=LONG)
        page.locator("#pictures-start").click()
        made = page.locator("#pictures-made")
        expect(made.get_by_alt_text("What opens the gate of SE_2_1[3], seed 4")).to_be_visible(
            timeout=LONG
        )
        page.locator("#pictures-stop").click()
        expect(page.locator("#pictures-start")).to_be_visible(timeout=LONG)
        page.get_by_role("button", name="All gates of this block").click()
        sheet = page.locator("#pictures-sheet img")
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        page.mouse.click(box["x"] + 5.5 * box["width"] / 32, box["y"] + 0.25 * box["height"])
        expect(page.locator("#gate-headline")).to_contain_text("SE_2_1[5]", timeout=LONG)
        expect(made.locator("img")).to_have_count(0, timeout=LONG)


def test_a_blocks_sheet_marks_the_present_gate_and_leads_by_keys(contexts, app_url: str):
    with new_page(contexts(1280, "light"), app_url, page="gate", gate="SE_2_1[3]") as page:
        expect(page.locator("#gate-photo-facts")).to_contain_text("Channel 3 of", timeout=LONG)
        page.get_by_role("button", name="All gates of this block").click()
        sheet = page.get_by_role("slider", name="A picture for each gate of SE_2_1")
        present = page.locator(".sheet-cell.present")
        expect(present).to_have_attribute("style", re.compile(r"left: 9\.375%; top: 0%"))
        page.locator("#pictures-block button").first.focus()
        page.keyboard.press("Tab")
        expect(sheet).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(sheet).to_have_attribute("aria-valuetext", "SE_2_1[36]")
        expect(page.locator(".gate-card")).to_contain_text("made to open SE_2_1[36]")
        page.keyboard.press("Enter")
        expect(page.locator("#gate-headline")).to_contain_text("SE_2_1[36]", timeout=LONG)
        expect(page.locator("#gate-photo-facts")).to_contain_text("Channel 36 of", timeout=LONG)
        expect(page.locator("[data-former]")).to_have_count(0, timeout=LONG)
        expect(present).to_have_attribute("style", re.compile(r"left: 12\.5%; top: 50%"))


def test_pointing_at_a_gate_shows_its_picture(contexts, app_url: str):
    with new_page(contexts(1280, "light"), app_url) as page:
        expect(page.locator("#atlas .plot[data-drawn]")).to_be_visible(timeout=LONG)
        comes_to_rest(page)
        page.mouse.move(*cell(page, "atlas", "SE_2_1", 10.5 / 64))
        card = page.locator(".gate-card")
        expect(card).to_contain_text("made to open SE_2_1[10]", timeout=LONG)
        style = card.locator("span").get_attribute("style")
        assert "gradio_api/file=" in style
        loaded = page.evaluate(
            """url => new Promise(done => {
              const image = new Image();
              image.onload = () => done(image.naturalWidth); image.onerror = () => done(0);
              image.src = url; })""",
            re.search(r'url\("([^"]+)"\)', style)[1],
        )
        assert loaded == 32 * 64
        page.mouse.move(2, 2)
        expect(card).to_be_hidden()
