"""The page “Networks” as people use it."""

import re
from pathlib import Path

import pytest
from made_collection import picture_file
from pixels import choose_by_keyboard, click_cell, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.analysis.network_pair import match_classes, view_network
from seviz.figures.atlas import order
from seviz.photos.read import read_photo
from seviz.ui.parts.photo_field import examples
from seviz.words.network_pair import headline
from seviz.zoo.catalogue import find

LONG = 60_000  # milliseconds, where cores are taken
# Selects a gate that both networks have.
SELECT = """() => {
    window.seviz.selected = { name: "SE_2_1", channel: 3 };
    window.dispatchEvent(new CustomEvent("seviz:select"));
}"""
EMBEDDED, TWIN, TANH = "embedded", "twin", "lab_resnet_tanh"


def opened(page: Page) -> None:
    """Open the page."""
    page.locator("#pages").get_by_role("tab", name="Networks", exact=True).click()


def title(key: str) -> re.Pattern[str]:
    """Return what a field says of a network, whatever its figures."""
    return re.compile(f"^{re.escape(find(key).title)} \\(")


@pytest.fixture(scope="module")
def first(shared_page: Page) -> tuple[Page, str]:
    """Open the page; returns it with what Explore's field says at first."""
    expect(shared_page.locator("#download")).to_be_visible()
    opened(shared_page)
    expect(shared_page.locator("#networks-atlas-a .plot[data-drawn]")).to_be_visible(timeout=LONG)
    return shared_page, shared_page.locator("#model input").input_value()


@pytest.fixture
def network(first: tuple[Page, str]) -> None:
    """Let Explore show the network that it shows at first."""
    page, model = first
    if page.locator("#model input").input_value() != model:
        page.locator("#pages").get_by_role("tab", name="Explore").click()
        choose_by_keyboard(page, "#model", find(EMBEDDED).title)
        expect(page.locator("#model input")).to_have_value(model)
        comes_to_rest(page)


@pytest.fixture
def lion(first: tuple[Page, str]) -> None:
    """Let Explore show the example that it shows at first."""
    page, _ = first
    if not page.locator("#answers .mark", has_text="a lion").count():
        page.locator("#pages").get_by_role("tab", name="Explore").click()
        page.get_by_role("button", name="Example: a lion").click()
        expect(page.locator("#answers .mark")).to_contain_text("a lion", timeout=LONG)
        comes_to_rest(page)


@pytest.fixture
def pair(first: tuple[Page, str]) -> Page:
    """Give the shared page with the embedded network as A and a variant as B."""
    page, _ = first
    opened(page)
    for field, key in (("#networks-a", EMBEDDED), ("#networks-b", TANH)):
        choose(page, field, key)
    comes_to_rest(page)
    expect(page.locator("#networks-atlas-b .plot[data-drawn]")).to_be_visible(timeout=LONG)
    return page


def choose(page: Page, field: str, key: str) -> None:
    """Choose a network, if it is not the one of the field."""
    if not title(key).match(page.locator(f"{field} input").input_value()):
        choose_by_keyboard(page, field, find(key).title)
        expect(page.locator(f"{field} input")).to_have_value(title(key))


def says(page: Page, path: Path, a: str, b: str) -> None:
    photo = read_photo(path)
    told = headline(
        view_network(a, photo).trace,
        view_network(b, photo).trace,
        match_classes(find(a), find(b)),
    )
    expect(page.locator("#networks-answers .headline")).to_have_text(told, timeout=LONG)


def test_on_a_telephone_nothing_is_wider_than_the_page(pair: Page, narrow: Page, dark: Page):
    page = pair
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    right = page.evaluate(
        "document.querySelector('#networks-answers table').getBoundingClientRect().right"
    )
    assert right <= 390


def test_a_network_is_beside_its_twin_which_has_no_atlas(lion, pair: Page):
    page = pair
    page.evaluate(SELECT)
    frame = page.locator("#networks-atlas-b .selected-cell")
    expect(frame).to_be_visible()
    choose(page, "#networks-b", TWIN)
    says(page, examples()[0], EMBEDDED, TWIN)
    expect(page.locator("#networks-colours-b")).to_contain_text("no gates to show", timeout=LONG)
    expect(page.locator("#networks-open-b")).to_be_hidden()
    expect(page.locator("#networks-atlas-b .plot")).to_have_css("height", "0px")
    expect(frame).to_be_hidden()
    expect(page.locator("#networks-similar-why")).to_contain_text("B has no gates")
    page.locator("#networks-maps-start").click()
    expect(page.locator("#networks-maps-told")).to_contain_text("rank correlation", timeout=LONG)
    expect(page.locator("#networks-map-b .plot[data-drawn]")).to_be_visible(timeout=LONG)


def test_channels_of_two_variants_are_drawn_block_by_block(pair: Page):
    page = pair
    choose(page, "#networks-a", "lab_resnet_se")
    expect(page.locator("#networks-channels")).to_contain_text("W₁ of A and B correlate")
    expect(page.locator("#networks-scatter .plot[data-drawn]")).to_be_visible(timeout=LONG)
    choose_by_keyboard(page, "#networks-block", "SE_4_2")
    expect(page.locator("#networks-scatter .plot")).to_have_attribute(
        "aria-label", "Gates of SE_4_2: each channel in A and in B", timeout=LONG
    )


def test_photographs_are_asked_for_where_they_are_sent_and_compare_the_gates(
    pair: Page, tmp_path: Path
):
    page = pair
    page.locator("#networks-send").click()
    for i in range(5):
        (tmp_path / f"{i}.png").write_bytes(picture_file(i))
    page.locator("#photos-drop input").set_input_files(sorted(tmp_path.iterdir()), timeout=LONG)
    expect(page.locator(".gallery .photo")).to_have_count(5, timeout=LONG)
    opened(page)
    expect(page.locator("#networks-similar-source")).to_contain_text("By your 5 photographs")
    expect(page.locator("#networks-send")).to_be_hidden()
    page.locator("#networks-similar-start").click()
    told = page.locator("#networks-similar-told")
    expect(told).to_contain_text("over your 5 photographs (n = 5, rough)", timeout=LONG)
    expect(page.locator("#networks-cka .plot[data-drawn]")).to_be_visible(timeout=LONG)


def test_a_network_opens_in_explore(network, pair: Page):
    page = pair
    page.locator("#networks-open-b").click()
    expect(page.locator("#answers .served")).to_contain_text("tanh gates", timeout=LONG)
    expect(page.locator("#model input")).to_have_value(re.compile("^SE-ResNet · tanh gates"))
    expect(page.locator("#photo img").first).to_be_visible()
    comes_to_rest(page)


def test_a_click_on_an_atlas_opens_the_page_of_its_gate(network, lion, pair: Page):
    opens_gates(pair)


def test_on_a_telephone_it_does_too(lion, pair: Page, narrow: Page, dark: Page):
    opens_gates(pair)


def opens_gates(page: Page) -> None:
    gates = view_network(TANH, read_photo(examples()[0])).trace.s
    for name in ("SE_4_2", "SE_2_1"):  # the second time, the network is open there already
        click_cell(page, "networks-atlas-b", name, 0.02)
        ranked = order(gates[name][0])
        channel = ranked[int(0.02 * len(ranked))]
        facts = page.locator("#gate-photo-facts")
        expect(facts).to_contain_text(f"Channel {channel} of {name}", timeout=LONG)
        expect(page.locator("#gate-place")).to_contain_text("tanh gates")
        for part in ("#gate-block", "#gate-headline p", "#gate-photo-facts p"):
            expect(page.locator(part).first).to_be_in_viewport()
        opened(page)
        expect(page.locator("#networks-atlas-b .plot[data-drawn]")).to_be_visible(timeout=LONG)


def test_the_example_is_compared_and_another_photograph_after_it(lion, pair: Page, picture: Path):
    page = pair
    expect(page.locator("#networks-seen figcaption").first).to_contain_text(
        "The example photograph of a lion"
    )
    page.locator("#networks-choose").click()
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#answers .served")).to_be_visible(timeout=LONG)
    opened(page)
    says(page, picture, EMBEDDED, TANH)
    expect(page.locator("#networks-seen figcaption").first).to_contain_text("Your photograph")
    page.locator("#networks-swap").click()
    says(page, picture, TANH, EMBEDDED)
    expect(page.locator("#networks-a input")).to_have_value(title(TANH))
