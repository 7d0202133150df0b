"""Visitors who are quick, impatient, or twice here: what they asked last is what they see."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from opened import new_page
from pixels import choose_by_keyboard, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.photos.examples import EXAMPLES
from seviz.ui.explore import answering
from seviz.zoo.catalogue import EMBEDDED, find

LIVE = "document.querySelector('#answers .served')?.textContent.includes(' ms')"
RIGHT = [example for example in EXAMPLES if "embedded" in example.right]
LABELS = find(EMBEDDED).labels
CLICKS = """async (examples, names) => {  // quicker than the server answers
  for (const name of names) {
    examples.querySelector(`button[data-name=${name}]`).click();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}"""
TABS = ("Gates", "Explanations", "What matters", "Surgery", "Compare")
Opens = Callable[..., AbstractContextManager[Page]]


class Held:
    """An answer of the server that is held back: began, once it is asked for, until `go`."""

    def __init__(self) -> None:
        self.began, self.go = threading.Event(), threading.Event()


@pytest.fixture
def held(monkeypatch) -> Iterator[Held]:
    """Hold back the next answer of the server; later ones pass."""
    held, first, traced = Held(), threading.Lock(), answering._traced

    def wait(*question: object) -> object:
        if first.acquire(blocking=False):
            held.began.set()
            assert held.go.wait(60)
        return traced(*question)

    monkeypatch.setattr(answering, "_traced", wait)
    yield held
    held.go.set()


def example(page: Page, name: str) -> None:
    page.locator(f"#examples button[data-name={name}]").click()


def answered(page: Page, shows: str) -> None:
    """Check that the answers are of an example, which the network gets right."""
    expect(page.locator("#answers .mark")).to_contain_text(shows)


@pytest.fixture
def visited(page_at: Opens) -> Iterator[Page]:
    with page_at() as page:
        page.wait_for_function(LIVE, timeout=60_000)
        comes_to_rest(page)
        yield page


def test_each_example_is_one_click(visited: Page):
    for one in RIGHT[::-1]:  # the first is open already
        example(visited, one.name)
        answered(visited, one.shows)
        comes_to_rest(visited)
        answer = visited.locator("#answers .arm .label").first.inner_text()
        assert find(EMBEDDED).folders[LABELS.index(answer)] in one.classes
    expect(visited).to_have_url(re.compile(rf"photo={RIGHT[0].name}"))


def test_of_quick_clicks_the_last_one_counts(visited: Page):
    for one in (*RIGHT[1:], *RIGHT[:2]):
        example(visited, one.name)
    visited.locator("#examples").evaluate(CLICKS, [one.name for one in (*RIGHT, *RIGHT)])
    for tab in (*TABS, *TABS[::-1], TABS[2]):
        visited.get_by_role("tab", name=tab, exact=True).click()
    comes_to_rest(visited)
    answered(visited, RIGHT[-1].shows)
    expect(visited).to_have_url(re.compile(rf"(?=.*photo={RIGHT[-1].name})(?=.*tab=matters)"))
    expect(visited.get_by_role("tab", name=TABS[2])).to_have_attribute("aria-selected", "true")
    expect(visited.locator("#results .plot[data-drawn]:visible").first).to_be_visible()


def test_a_network_chosen_while_an_answer_is_on_its_way_answers_in_the_end(
    visited: Page, held: Held
):
    example(visited, RIGHT[1].name)
    assert held.began.wait(60)
    choose_by_keyboard(visited, "#model", "SE-VGG · standard")
    held.go.set()
    expect(visited.locator("#answers .served")).to_contain_text("SE-VGG")
    comes_to_rest(visited)
    expect(visited.locator("#answers .served")).to_contain_text("SE-VGG")
    expect(visited.locator("#network")).to_contain_text("of the best seed")
    answered(visited, RIGHT[1].shows)


def test_a_page_that_is_reloaded_in_the_middle_of_an_answer_comes_back(visited: Page, held: Held):
    example(visited, RIGHT[1].name)
    expect(visited).to_have_url(re.compile(rf"photo={RIGHT[1].name}"))
    assert held.began.wait(60)
    visited.reload()
    held.go.set()
    answered(visited, RIGHT[1].shows)
    comes_to_rest(visited)


def test_two_pages_of_one_browser_do_not_mix(contexts, app_url: str):
    with (
        new_page(contexts(1280, "light"), app_url, photo=RIGHT[1].name) as one,
        new_page(contexts(1280, "light"), app_url, photo=RIGHT[2].name) as other,
    ):
        for page, of in ((one, RIGHT[1]), (other, RIGHT[2])):
            answered(page, of.shows)
        choose_by_keyboard(one, "#model", "SE-VGG · standard")
        expect(one.locator("#answers .served")).to_contain_text("SE-VGG")
        comes_to_rest(other)
        expect(other.locator("#answers .served")).to_contain_text("embedded")
        answered(other, RIGHT[2].shows)
        answered(one, RIGHT[1].shows)
