"""“Copy link”: what is copied in one browser shows the same in another; what links can't do."""

import re
from collections.abc import Iterator
from math import isclose
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from opened import answer_photo, new_page
from pixels import choose_by_keyboard, comes_to_rest
from playwright.sync_api import Page, expect

LONG = 60_000  # milliseconds, where cores are taken
# What a part of the page shows: its words, without how long they took, and its charts' numbers.
SHOWN = """(within) => {
  const part = document.querySelector(within);
  const plain = (value) => ArrayBuffer.isView(value) || Array.isArray(value)
    ? Array.from(value, plain) : value?._inputArray ? plain(value._inputArray) : value;
  return [
    part.innerText.replace(/\\d+ ms| \\(about .*?\\)/g, ""),
    ...[...part.querySelectorAll(".plot")].filter((plot) => plot.getClientRects().length)
      .map(({ data }) => (data ?? []).map(({ x, y, z, name }) => [name, x, y, z].map(plain))),
  ];
}"""
LIVE = "document.querySelector('.served')?.textContent.includes(' ms')"
VIEWS = {
    "gates": (
        "#results",
        {
            **{"tab": "gates", "show": "z", "side": "difference", "arm": "twin"},
            **{"order": "z"},
        },
    ),
    "explanations": (
        "#results",
        {
            **{"tab": "explain", "method": "gradcam", "layer": "SE_3_4", "edit": "SE_4*=1"},
            **{"other": "edited", "target": "lion vs tabby cat"},
        },
    ),
    "surgery": ("#results", {"tab": "surgery", "edit": "SE_5*=static; SE_4_6[17]=0"}),
    "what matters": ("#results", {"tab": "matters", "arms": "identity", "photo": "cat"}),
    "a change": (
        "#results",
        {
            **{"tab": "pair", "change": "noisy", "strength": "30", "seed": "5"},
            **{"distance": "difference", "target": "bee"},
        },
    ),
    "another photograph": ("#results", {"tab": "pair", "photo2": "espresso"}),
    "classes": (
        "#dataset",
        {
            **{"page": "dataset", "tab": "data-classes", "block": "SE_4_1"},
            **{"classes": "n02129165,n02123045"},
        },
    ),
    "the map": ("#dataset", {"page": "dataset", "tab": "data-map", "map_block": "SE_3_2"}),
    "can it go": ("#dataset", {"page": "dataset", "tab": "data-spare", "budget": "2.5"}),
    "the gate": ("#gate-page", {"page": "gate", "gate": "SE_4_6[17]", "edit": "SE_4_6[17]=0"}),
    "the block": (
        "#laboratory",
        {
            **{"page": "laboratory", "tab": "lab-block"},
            **{"variant": "resnet,post,max,sigmoid,8,2,3,4,5,3_1"},
        },
    ),
    "learn": ("#laboratory", {"page": "laboratory", "tab": "lab-learn", "step": "3"}),
    "the tables": ("#laboratory", {"page": "laboratory", "tab": "lab-tables", "study": "stage"}),
}


@pytest.fixture
def fresh(contexts, app_url: str):
    """Return a function that opens a link in another browser's profile."""

    def opened(link: str):
        assert link.startswith(f"{app_url}/?")
        query = dict(parse_qsl(urlsplit(link).query))
        return new_page(contexts(1281, "light"), app_url, **query)

    return opened


@pytest.fixture(autouse=True)
def _may_copy(contexts) -> Iterator[None]:
    context = contexts(1280, "light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield
    context.clear_permissions()


def copied(page: Page, said: str = "Link copied.") -> str:
    """Press the button as the keyboard does; returns the link, once the page says what it did."""
    page.locator("#copy-link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#link-said[role=status]")).to_have_text(said)
    return str(page.evaluate("navigator.clipboard.readText()"))


def unlike(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what two pages show otherwise; sums of float32 depend on how many cores are free."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for pair in zip(one, other, strict=True):
            yield from unlike(*pair)
    elif isinstance(one, int | float) and isinstance(other, int | float):
        if not isclose(one, other, rel_tol=1e-3, abs_tol=1e-5):
            yield one, other
    elif one != other:
        yield one, other


def shown(page: Page, within: str) -> list[Any]:
    """Return what a part of the page shows, once it has come to rest."""
    page.wait_for_function(LIVE, timeout=LONG)
    comes_to_rest(page)
    drawn = page.locator(f"{within} :is(.plot[data-drawn], #lab-block-drawing):visible")
    expect(drawn.first).to_be_visible(timeout=LONG)
    comes_to_rest(page)
    return page.evaluate(SHOWN, within)


@pytest.mark.parametrize("name", VIEWS)
def test_a_link_shows_the_same_numbers_in_another_browser(page_at, fresh, name: str):
    within, query = VIEWS[name]
    with page_at(**query) as page:
        here, answers = shown(page, within), page.evaluate(SHOWN, "#explore #answers")
        link = copied(page)
        expect(page.locator(".toast-body")).to_have_count(0)
    assert set(query.items()) <= set(parse_qsl(urlsplit(link).query))
    assert {"model", "photo", "arms", "arm"} <= dict(parse_qsl(urlsplit(link).query)).keys()
    with fresh(link) as other:
        assert [*unlike(shown(other, within), here)] == []
        assert other.evaluate(SHOWN, "#explore #answers") == answers


def test_what_is_chosen_by_hand_is_in_the_link(page_at, fresh):
    with page_at() as page:
        page.wait_for_function(LIVE, timeout=LONG)
        choose_by_keyboard(page, "#model", "tanh gates")
        expect(page.locator("#answers .served")).to_contain_text("tanh", timeout=LONG)
        comes_to_rest(page)
        page.locator('#examples button[data-name="espresso"]').click()
        expect(page).to_have_url(re.compile("photo=espresso"))
        comes_to_rest(page)
        page.get_by_role("tab", name="What matters").click()
        choose_by_keyboard(page, "#target", "goldfish")
        expect(page.locator("#matters-headline")).to_contain_text("goldfish", timeout=LONG)
        here = shown(page, "#results")
        facts = page.locator("#facts").inner_text()
        link = copied(page)
    with fresh(link) as other:
        assert [*unlike(shown(other, "#results"), here)] == []
        expect(other.locator("#facts")).to_have_text(facts, use_inner_text=True)


def test_an_own_photograph_is_not_in_the_link_and_the_page_says_so_twice(
    page_at, fresh, picture: Path
):
    with page_at() as page:
        page.wait_for_function(LIVE, timeout=LONG)
        answer_photo(page, picture)
        link = copied(page, "Link copied. Your photograph is not in the link.")
    query = dict(parse_qsl(urlsplit(link).query))
    assert query["photo"] == "own"
    assert not [value for value in query.values() if "/" in value or picture.stem in value]
    with fresh(link) as other:
        expect(other.locator(".toast-body")).to_contain_text("which is not kept")
        expect(other.locator("#answers .mark")).to_contain_text("An example, a lion")


def test_back_and_forward_lead_to_ones_own_photograph(page_at, picture: Path):
    with page_at() as page:
        page.wait_for_function(LIVE, timeout=LONG)
        answer_photo(page, picture)
        comes_to_rest(page)
        own = page.evaluate(SHOWN, "#explore #answers")
        page.locator('#examples button[data-name="espresso"]').click()
        expect(page.locator("#answers .mark")).to_contain_text("espresso")
        comes_to_rest(page)
        page.go_back()
        expect(page.locator("#answers .mark")).to_have_count(0, timeout=LONG)
        comes_to_rest(page)
        assert page.evaluate(SHOWN, "#explore #answers") == own
        page.go_back()
        expect(page.locator("#answers .mark")).to_contain_text("a lion", timeout=LONG)
        comes_to_rest(page)
        page.go_forward()
        expect(page.locator("#answers .mark")).to_have_count(0, timeout=LONG)
        comes_to_rest(page)
        assert page.evaluate(SHOWN, "#explore #answers") == own
        expect(page.locator(".toast-body")).to_have_count(0)


def test_where_the_browser_refuses_to_copy_the_link_is_shown_and_selected(page_at):
    with page_at(tab="surgery") as page:
        page.wait_for_function(LIVE, timeout=LONG)
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
        page.locator("#copy-link").click()
        expect(page.locator("#link-said")).to_contain_text("copy the link from the field")
        field = page.locator("#link-field")
        expect(field).to_be_focused()
        assert "tab=surgery" in field.input_value()
        chosen = page.evaluate("getSelection().toString() || document.activeElement.selectionEnd")
        assert chosen in (field.input_value(), len(field.input_value()))


def test_on_a_space_the_link_is_one_to_its_own_host(page_at):
    with page_at(tab="surgery") as page:
        page.wait_for_function(LIVE, timeout=LONG)
        page.evaluate("window.seviz.copyLink({ model: 'embedded' }, 'you-seviz.hf.space')")
        expect(page.locator("#link-said")).to_have_text("Link copied.")
        link = str(page.evaluate("navigator.clipboard.readText()"))
        assert link.startswith("https://you-seviz.hf.space/?")


HOSTILE = {
    **{"model": "<img src=x onerror=alert(1)>", "photo": "../../etc/passwd", "gate": "SE_9[1]"},
    **{"arms": "static,evil", "target": "a martian", "method": "<script>", "page": "nowhere"},
    **{"edit": "SE_9*=nan", "map_block": "x" * 300, "budget": "nan", "study": "<b>", "show": "q"},
    **{"layer": "SE_9", "block": "SE_9", "classes": "<i>", "seed": "1e99", "model2": "a,b,c,d"},
}


def test_hostile_values_get_a_sentence_and_the_rest_of_the_link_works(page_at):
    wrong = {"change": "noisy", "strength": "NaN"}
    with page_at(**HOSTILE, **wrong, tab="pair") as page:
        said = page.locator(".toast-wrap")
        for part in (
            "There is no network “<img src=x onerror=alert(1)>”",
            "This link names what is not here: the map_block of more than 200 characters",
            "strength is nan; for noisy",
            "The budget is 0 to 5 points",
            "A link’s study can’t be “<b>”",
            "There is no class “<i>”",
        ):
            expect(said).to_contain_text(part, timeout=LONG)
        tab = page.get_by_role("tab", name="Compare", exact=True)
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.locator("#pair-headline")).to_contain_text("Noisy", timeout=LONG)
        comes_to_rest(page)
        assert "page=" not in copied(page)


def test_a_question_is_found_by_words_and_its_button_keeps_ones_own_photograph(
    page_at, picture: Path
):
    with page_at() as page:
        page.wait_for_function(LIVE, timeout=LONG)
        answer_photo(page, picture)
        page.locator("#pages").get_by_role("tab", name="Questions").click()
        expect(page).to_have_url(re.compile("page=questions"))
        asked = page.locator(".questions article:visible")
        every = asked.count()
        page.get_by_label("Search the questions").fill("STAGE go")
        expect(page.locator(".questions [role=status]")).to_contain_text(f"of {every} match")
        assert 0 < asked.count() < every
        for word in ("quantization", "gradcam", "pruning", "Which stages?"):
            page.get_by_label("Search the questions").fill(word)
            expect(page.locator(".questions [role=status]")).to_contain_text("match.")
            assert asked.count()
        page.get_by_label("Search the questions").fill("zebra reduction")
        expect(page.locator(".questions [role=status]")).to_contain_text("None holds all of these")
        assert 0 < asked.count() < every
        page.get_by_label("Search the questions").fill("<b>zebra")
        told = page.locator(".questions [role=status]")
        expect(told).to_have_text(
            "No question matches “<b>zebra”: try another word, such as prune."
        )
        expect(asked).to_have_count(0)
        page.get_by_label("Search the questions").fill("shuffled tiles")
        asked.get_by_role("button", name="Open “Compare”").click()
        expect(page.locator("#pair-headline")).to_contain_text("Cut into", timeout=LONG)
        expect(page.locator("#answers .mark")).to_have_count(0)  # no example
        expect(page).to_have_url(re.compile("photo=own.*change=jigsaw"))
        page.go_back()
        expect(page.locator("#pages").get_by_role("tab", name="Questions")).to_have_attribute(
            "aria-selected", "true", timeout=LONG
        )
        expect(page).to_have_url(re.compile("page=questions"))
