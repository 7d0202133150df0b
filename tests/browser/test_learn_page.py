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


def begun(page: Page) -> None:
    """Take the guided path from the top of the page."""
    page.locator("#guide").click()
    expect(page.locator("#learn-step-1 .remark")).to_be_visible(timeout=LONG)


def at_step(page: Page, number: int) -> None:
    """Wait until a step is there with its picture's and its words' numbers."""
    screen = page.locator(f"#learn-step-{number}")
    expect(screen.locator("h2").first).to_have_text(TITLES[number - 1], timeout=LONG)
    expect(screen.locator(".remark")).to_be_visible(timeout=LONG)
    current = page.locator("#learn-steps [aria-current=step]")
    expect(current).to_have_text(f"{number} {STEPS[number - 1]}")
    assert page.locator("[id^=learn-step-]:visible h2").first.is_visible()


@pytest.mark.parametrize("page", [(1280, "light"), (390, "light")], indirect=True, ids=str)
def test_the_path_leads_through_six_steps_from_the_top_of_the_page(page: Page):
    begun(page)
    expect(page.locator("#learn-told")).to_contain_text("the example photograph of a lion")
    channel = page.locator("#learn-channel input[type=number]").input_value()
    for number in range(1, len(STEPS) + 1):
        at_step(page, number)
        expect(page.locator("[id^=learn-step-]:visible .katex-display").first).to_be_visible()
        if number < len(STEPS):
            page.locator("#learn-next").click()
    expect(page.locator("#learn-next")).to_be_hidden()
    expect(page.locator("#learn-cards .card")).to_have_count(3)
    page.locator("#learn-explore").click()
    expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of", timeout=LONG)
    for part in ("#facts p", "#before .plot", "#after .plot"):
        expect(page.locator(part).first).to_be_in_viewport()
    comes_to_rest(page)


def test_it_is_told_of_the_photograph_and_kept_behind_other_tabs(
    page: Page, zoo, picture: Path, tmp_path: Path
):
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


def test_steps_and_channels_are_chosen_from_the_keyboard(page: Page):
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


@pytest.mark.parametrize("page", [(390, "dark")], indirect=True, ids=str)
def test_on_a_telephone_no_step_is_wider_than_the_page(page: Page):
    begun(page)
    for number in range(1, len(STEPS) + 1):
        at_step(page, number)
        page.wait_for_timeout(500)  # figures settle
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if number < len(STEPS):
            page.locator("#learn-next").click()
