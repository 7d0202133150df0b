"""The guided path as people walk it."""

from pathlib import Path

import pytest
from opened import answer_photo
from pixels import comes_to_rest
from playwright.sync_api import Page, expect

from seviz.passes.forward import feature_maps, trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.words.learn import STEPS, TITLES

LONG = 60_000  # milliseconds, where cores are taken


@pytest.fixture
def lion(shared_page: Page) -> Page:
    """Give the shared page with the example that it shows at first."""
    shared_page.locator("#pages").get_by_role("tab", name="Explore").click()
    expect(shared_page.locator("#download")).to_be_visible()
    if not shared_page.locator("#answers .mark", has_text="a lion").count():
        shared_page.get_by_role("button", name="Example: a lion").click()
        expect(shared_page.locator("#answers .mark")).to_contain_text("a lion")
    return shared_page


def begun(page: Page) -> None:
    """Take the guided path from the top of the page, at its first step."""
    page.locator("#guide").click()
    first = page.locator("#learn-steps button[data-step='0']")
    expect(first).to_be_visible(timeout=LONG)
    if first.get_attribute("aria-current") != "step":
        first.click()
    expect(page.locator("#learn-step-1 .remark")).to_be_visible(timeout=LONG)


def at_step(page: Page, number: int) -> None:
    """Wait until a step is there with its picture's and its words' numbers."""
    screen = page.locator(f"#learn-step-{number}")
    expect(screen.locator("h2").first).to_have_text(TITLES[number - 1], timeout=LONG)
    expect(screen.locator(".remark")).to_be_visible(timeout=LONG)
    current = page.locator("#learn-steps [aria-current=step]")
    expect(current).to_have_text(f"{number} {STEPS[number - 1]}")
    assert page.locator("[id^=learn-step-]:visible h2").first.is_visible()


def test_the_path_leads_through_six_steps_from_the_top_of_the_page(lion: Page):
    walk(lion)


def test_on_a_telephone_it_does_too(lion: Page, narrow: Page, dark: Page):
    walk(lion)


def walk(page: Page) -> None:
    """Take all the steps, none of which is wider than the page, and then open the channel."""
    begun(page)
    expect(page.locator("#learn-told")).to_contain_text("the example photograph of a lion")
    channel = page.locator("#learn-channel input[type=number]").input_value()
    for number in range(1, len(STEPS) + 1):
        at_step(page, number)
        expect(page.locator("[id^=learn-step-]:visible .katex-display").first).to_be_visible()
        comes_to_rest(page)  # figures settle
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if number < len(STEPS):
            page.locator("#learn-next").click()
    expect(page.locator("#learn-next")).to_be_hidden()
    expect(page.locator("#learn-cards .card")).to_have_count(3)
    page.locator("#learn-explore").click()
    expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of", timeout=LONG)
    for part in ("#facts p", "#before .plot", "#after .plot"):
        expect(page.locator(part).first).to_be_in_viewport()
    comes_to_rest(page)


def test_it_is_told_of_the_photograph_and_kept_behind_other_tabs(lion: Page, zoo, picture: Path):
    page = lion
    answer_photo(page, picture)
    begun(page)
    loaded = zoo.get("embedded")
    record = trace(loaded, read_photo(picture), [INTACT])
    block, channel = page.evaluate(
        "['block', 'channel'].map((field) => document.querySelector(`#${field} input`).value)"
    )
    maps = feature_maps(loaded, record.image, block)  # it begins at the gate selected in Explore
    z = f"{float(maps.u[int(channel)].mean()):.4g}".replace("-", "−")
    expect(page.locator("#learn-number .value")).to_have_text(f"z{channel} = {z}")
    page.locator("#learn-steps button[data-step='3']").click()
    at_step(page, 4)
    page.get_by_role("tab", name="Explore").click()
    page.get_by_role("tab", name="Laboratory").click()
    at_step(page, 4)
    page.get_by_role("tab", name="Explore").click()
    page.get_by_role("button", name="Example: a cup of espresso").click()
    page.get_by_role("tab", name="Laboratory").click()
    told = "the example photograph of a cup of espresso"
    expect(page.locator("#learn-told")).to_contain_text(told, timeout=LONG)
    at_step(page, 4)


def test_steps_and_channels_are_chosen_from_the_keyboard(shared_page: Page):
    page = shared_page
    begun(page)
    page.locator("#learn-channel input[type=number]").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("#learn-number .value")).to_contain_text("z5 = ", timeout=LONG)
    page.locator("#learn-steps button[data-step='2']").focus()
    page.keyboard.press("Enter")
    at_step(page, 3)
    assert page.evaluate("document.activeElement.dataset.step") == "2"  # it stays in the list
    first = page.locator("#learn-gallery button").first
    name = first.get_attribute("data-name")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#learn-channel input[type=number]")).to_have_value(name, timeout=LONG)
    expect(page.locator("#learn-step-3 .remark")).to_contain_text(f"Channel {name} of")
