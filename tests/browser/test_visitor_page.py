"""Visitors who are quick, impatient, or twice here: what they asked last is what they see."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from opened import new_page
from pixels import choose_by_keyboard, click_cell, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.photos.examples import EXAMPLES
from seviz.ui.explore import answering
from seviz.ui.explore.inspector import html as inspector_html
from seviz.ui.explore.inspector import view as inspector
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
        self._first = threading.Lock()

    def back(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the work, but waits as it is first called."""

        def wait(*question: object, **how: object) -> Any:
            if self._first.acquire(blocking=False):
                self.began.set()
                assert self.go.wait(60)
            return work(*question, **how)

        return wait


@pytest.fixture
def held(monkeypatch) -> Iterator[Held]:
    """Hold back the next answer of the server; later ones pass."""
    held = Held()
    monkeypatch.setattr(answering, "_traced", held.back(answering._traced))
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


@pytest.mark.parametrize("late", ["moved", "gate_maps"])
def test_a_gate_that_is_clicked_while_that_of_a_photograph_is_on_its_way_stays(
    visited: Page, monkeypatch, late: str
):
    """late: what is worked out last, as a new photograph's gate is named, and as it is drawn."""
    home = inspector_html if late == "moved" else inspector
    held = Held()
    work = held.back(getattr(home, late))
    monkeypatch.setattr(home, late, work)
    example(visited, RIGHT[1].name)
    assert held.began.wait(60)
    click_cell(visited, "atlas", "SE_3_2", 0.4)
    expect(visited.locator("#facts")).to_contain_text("of SE_3_2:")
    held.go.set()
    comes_to_rest(visited)
    expect(visited.locator("#facts")).to_contain_text("of SE_3_2:")
    expect(visited.locator("#block input")).to_have_value("SE_3_2")
    expect(visited).to_have_url(re.compile(r"gate=SE_3_2"))


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
