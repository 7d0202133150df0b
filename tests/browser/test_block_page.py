"""The laboratory's view “The block” as people use it."""

import re

import pytest
from pixels import comes_to_rest
from playwright.sync_api import Page, expect

FIELDS = ("host", "integration", "squeeze", "excitation", "r")
LONG = 60_000  # milliseconds, where cores are taken


def opened(page: Page) -> None:
    page.get_by_role("tab", name="Laboratory").click()
    expect(page.locator("#lab-block-drawing svg")).to_be_visible(timeout=LONG)


def pick(page: Page, field: str, name: str) -> None:
    page.locator(f"#lab-block-{field}").get_by_text(name, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.locator("#lab-block-headline")).to_contain_text(words, timeout=LONG)


def checked(page: Page, field: str) -> list[str]:
    return page.evaluate(
        """field => [...document.querySelectorAll(`#lab-block-${field} input:checked`)]
            .map(box => box.parentElement.innerText.trim())""",
        field,
    )


@pytest.fixture(scope="module")
def first(shared_page: Page) -> tuple[str, dict[str, list[str]]]:
    """Open the view; returns the headline, and what is chosen in each field, at first."""
    opened(shared_page)
    headline = shared_page.locator("#lab-block-headline").inner_text()
    return headline, {field: checked(shared_page, field) for field in FIELDS}


@pytest.fixture
def block(shared_page: Page, first: tuple[str, dict[str, list[str]]]) -> Page:
    """Give the shared page with the block that the view shows at first."""
    opened(shared_page)
    headline, choices = first
    for field, names in choices.items():  # the host first, which changes the others
        if checked(shared_page, field) != names:
            pick(shared_page, field, names[0])
            comes_to_rest(shared_page)
    expect(shared_page.locator("#lab-block-headline")).to_have_text(headline, use_inner_text=True)
    return shared_page


def unfold(page: Page, fold: str) -> None:
    button = page.locator("#lab-block").get_by_role("button", name=fold)
    if "open" not in button.get_attribute("class").split():
        button.click()


def test_a_choice_redraws_the_block_with_its_equations_and_costs(block: Page):
    page = block
    drawing = page.get_by_role("img", name="Block 2 of stage 4 of SE-ResNet · standard")
    expect(drawing).to_contain_text("1×1×8")
    expect(page.locator("#lab-block-equations .katex-display")).to_have_count(4, timeout=LONG)
    pick(page, "integration", "PRE")
    says(page, "SE sits before the residual branch")
    pick(page, "squeeze", "none")
    says(page, "no squeeze")
    expect(page.locator("#lab-block-drawing")).not_to_contain_text("Global pooling")
    expect(page.locator("#lab-block-drawing")).to_contain_text("8×8×8")
    expect(page.locator("#lab-block-costs")).to_contain_text("at each of 64 positions")
    unfold(page, "What does SE cost in all blocks?")
    expect(page.locator("#lab-block-all-costs .drawn")).to_contain_text("SE_4_2")
    expect(page.locator("#lab-block-trained")).to_contain_text("was not trained")
    expect(page.locator("#lab-block-open")).to_be_disabled()


def test_quick_choices_end_in_one_state(block: Page):
    page = block
    for field, name in (("integration", "POST"), ("host", "VGG"), ("r", "4"), ("squeeze", "none")):
        pick(page, field, name)
    says(page, "SE-VGG · no squeeze · r = 4: SE sits after the convolution")
    assert checked(page, "host") == ["VGG"]
    assert checked(page, "integration") == ["standard"]
    assert checked(page, "stages") == ["1", "2", "3", "4", "5"]


def test_the_nearest_trained_one_is_taken_and_opened_in_explore(block: Page):
    page = block
    pick(page, "integration", "POST")
    says(page, "POST")
    pick(page, "r", "4")
    says(page, "r = 4")
    page.locator("#lab-block-nearest").get_by_text("SE-ResNet · POST").click()
    expect(page.locator("#lab-block-trained")).to_contain_text("47.9 % ± 0.7 top-1", timeout=LONG)
    expect(page.locator("#lab-block-trained")).to_contain_text("20 classes of Tiny-ImageNet-200")
    assert checked(page, "r") == ["16"]
    page.locator("#lab-block-open").click()
    expect(page.locator("#model input")).to_have_value(re.compile("SE-ResNet · POST"), timeout=LONG)
    expect(page.locator("#answers")).to_contain_text("SE-ResNet · POST", timeout=LONG)


def test_on_a_telephone_nothing_is_wider_than_the_page(block: Page, narrow: Page, dark: Page):
    page = block
    expect(page.locator("#lab-block-equations .katex").first).to_be_visible(timeout=LONG)
    for folded in ("What do the symbols stand for?", "What does SE cost in all blocks?"):
        unfold(page, folded)
    expect(page.locator("#lab-block-all-costs .figures")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('#lab-block-all-costs .figures, #lab-block-symbols '
            + '.figures, #lab-block-equations .katex-display')].map(
            part => part.scrollWidth - part.clientWidth)"""
    )
    assert len(hidden) > 2 and max(hidden) <= 0
    svg = page.locator("#lab-block-drawing svg").bounding_box()
    assert svg["x"] + svg["width"] <= 390
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('#lab-block-drawing text')]
            .map(text => text.getBoundingClientRect().height))"""
    )
    assert smallest > 10


def test_all_text_of_the_drawing_stays_within_its_box(block: Page):
    page = block
    pick(page, "squeeze", "maximum")
    says(page, "maximum squeeze")
    wide = page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll('#lab-block-drawing rect.box')]
                .map(box => box.getBoundingClientRect());
            return [...document.querySelectorAll('#lab-block-drawing text:is(.name, .more)')]
                .filter(text => text.textContent !== '+')
                .filter(text => {
                    const t = text.getBoundingClientRect();
                    return !boxes.some(b => b.left <= t.left && t.right <= b.right
                        && b.top <= t.top && t.bottom <= b.bottom);
                }).map(text => text.textContent);
        }"""
    )
    assert wide == []
