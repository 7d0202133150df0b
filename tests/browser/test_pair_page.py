"""The tab “Compare” as people use it."""

import re
from pathlib import Path

import pytest
from opened import answer_photo
from PIL import Image
from pixels import comes_to_rest
from playwright.sync_api import Locator, Page, expect

from seviz.analysis.photo_pair import PhotoPair, compare_photographs
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.reference.gather import reference
from seviz.words.photo_pair import pair_words

LONG = 60_000  # milliseconds, where cores are taken


@pytest.fixture(scope="module")
def seas(tmp_path_factory) -> list[Path]:
    """Two more photographs, of even colours."""
    folder = tmp_path_factory.mktemp("pair")
    for colour in ("teal", "orange"):
        Image.new("RGB", (120, 90), colour).save(folder / f"{colour}.png")
    return [folder / "teal.png", folder / "orange.png"]


def found(zoo, first: Path, second: Path) -> PhotoPair:
    """What the library says of two photographs."""
    records = [trace(zoo.get("embedded"), read_photo(p), [INTACT]) for p in (first, second)]
    return compare_photographs(*records, reference("embedded"))


def upload(page: Page, where: str, path: Path) -> None:
    page.locator(f"{where} input[type=file]").set_input_files(path)


@pytest.fixture(scope="module")
def headline(shared_page: Page, picture: Path) -> str:
    """Upload the first photograph, in the place of the example; returns what is said of it."""
    answer_photo(shared_page, picture)
    return shared_page.locator("#answers .headline").inner_text()


@pytest.fixture
def alone(shared_page: Page, picture: Path, headline: str) -> Page:
    """Give the shared page with the tab open, the first photograph and no second one."""
    page = shared_page
    go_to(page, "Compare")
    if page.locator("#answers .headline").inner_text() != headline:
        upload(page, "#photo", picture)
        expect(page.locator("#answers .headline")).to_have_text(headline, use_inner_text=True)
        comes_to_rest(page)  # a comparison under way would bring the second one back
    if not page.locator("#pair-another").is_visible():
        page.locator("#pair-source").get_by_text("another", exact=True).click()
    if "not kept" in page.locator("#pair-headline").inner_text():  # people went back to its address
        upload(page, "#pair-photo", picture)
        expect(clear_second(page)).to_be_visible(timeout=LONG)
        comes_to_rest(page)
    if clear_second(page).is_visible():
        clear_second(page).click()
    expect(page.locator("#pair-headline")).to_contain_text("Upload a second photograph")
    comes_to_rest(page)
    return page


def clear_second(page: Page) -> Locator:
    return page.locator("#pair-photo").get_by_label(re.compile("Clear|Remove")).first


@pytest.fixture
def compared(shared_page: Page, zoo, picture: Path, seas: list[Path], request) -> Page:
    """Give the shared page with two photographs."""
    words = pair_words(found(zoo, picture, seas[0]), "cosine")[0]
    shown = shared_page.locator("#pair-headline .headline")
    if not (shown.is_visible() and shown.inner_text() == words):
        upload(request.getfixturevalue("alone"), "#pair-photo", seas[0])
    return shared_page


def go_to(page: Page, title: str) -> None:
    page.get_by_role("tab", name=title).click()


def says(page: Page, pair: PhotoPair, measure: str = "cosine") -> None:
    expect(page.locator("#pair-headline .headline")).to_have_text(
        pair_words(pair, measure)[0], timeout=LONG
    )


def test_a_second_photograph_is_compared_at_once(compared: Page, zoo, picture, seas):
    pair = found(zoo, picture, seas[0])
    says(compared, pair)
    expect(compared.locator("#pair-both .arm img")).to_have_count(2)
    expect(compared.locator("#pair-depth .plot[data-drawn]")).to_be_visible(timeout=LONG)
    row = compared.locator("#pair-channels tbody tr").first
    most = pair.channels[0]
    expect(row).to_contain_text(most.site)
    expect(row).to_contain_text(f"{most.first:.3f}")
    expect(row).to_contain_text(f"{most.second:.3f}")


def test_the_other_distance_redraws_the_chart(compared: Page, zoo, picture, seas):
    expect(compared.locator("#pair-depth")).to_contain_text("cosine distance of s", timeout=LONG)
    compared.locator("#pair-measure").get_by_text("mean |Δs|").click()
    expect(compared.locator("#pair-depth .plot")).to_contain_text("mean |Δs|", timeout=LONG)
    says(compared, found(zoo, picture, seas[0]), "difference")
    compared.locator("#pair-measure").get_by_text("cosine").click()
    says(compared, found(zoo, picture, seas[0]))


def test_points_and_rows_select_their_gates(compared: Page, zoo, picture, seas):
    most = found(zoo, picture, seas[0]).channels[0]
    compared.locator("#pair-channels tbody button").first.click()
    expect(compared.locator("#block input")).to_have_value(most.site)
    expect(compared.locator("#channel input")).to_have_value(str(most.channel))
    block = "SE_5_2"
    assert most.site != block
    x, y = compared.evaluate(
        """name => {
            const plot = document.querySelector('#pair-depth .plot');
            plot.scrollIntoView({block: 'center'});
            const points = plot._fullData.find(trace => trace.ids?.includes(name));
            const at = points.ids.indexOf(name), {xaxis, yaxis} = plot._fullLayout;
            const box = plot.getBoundingClientRect();
            return [box.left + xaxis._offset + xaxis.l2p(at),
                    box.top + yaxis._offset + yaxis.l2p(Math.log10(points.y[at]))];
        }""",
        block,
    )
    compared.mouse.click(x, y)
    expect(compared.locator("#block input")).to_have_value(block)


def test_on_a_telephone_nothing_is_wider_than_the_page(compared: Page, narrow: Page):
    page = compared
    expect(page.locator("#pair-depth .plot[data-drawn]")).to_be_visible(timeout=LONG)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    widths = page.evaluate(
        """() => ['#pair-channels table', '#pair-both .pair', '#pair-photo'].map(
            where => document.querySelector(where).getBoundingClientRect().right)"""
    )
    assert max(widths) <= 390
    assert panel_height(page) <= 2600


def test_on_a_desk_the_panel_is_short_and_the_field_compact(compared: Page):
    expect(compared.locator("#pair-depth .plot[data-drawn]")).to_be_visible(timeout=LONG)
    assert panel_height(compared) <= 1800
    assert compared.locator("#pair-photo").bounding_box()["height"] <= 200


def test_the_comparison_follows_the_first_photograph(compared: Page, zoo, picture, seas):
    page = compared
    says(page, found(zoo, picture, seas[0]))
    upload(page, "#photo", seas[1])
    says(page, found(zoo, seas[1], seas[0]))


def test_behind_another_tab_it_waits_and_then_holds_no_old_result(
    compared: Page, zoo, picture, seas
):
    page = compared
    says(page, found(zoo, picture, seas[0]))
    go_to(page, "Gates")
    upload(page, "#photo", seas[1])
    expect(page.locator("#pair-both .arm")).to_have_count(0, timeout=LONG)
    go_to(page, "Compare")
    says(page, found(zoo, seas[1], seas[0]))


def test_a_second_photograph_that_is_removed_takes_its_results_with_it(
    alone: Page, zoo, picture, seas, tmp_path: Path
):
    page = alone
    expect(page.locator("#pair-both .arm")).to_have_count(1)
    upload(page, "#pair-photo", seas[0])
    says(page, found(zoo, picture, seas[0]))
    bad = tmp_path / "notes.png"
    bad.write_text("hello")
    clear_second(page).click()
    upload(page, "#pair-photo", bad)
    expect(page.get_by_text("not a picture").first).to_be_visible(timeout=LONG)
    expect(page.locator("#pair-headline")).to_contain_text("Upload a second photograph")
    expect(page.locator("#pair-both .arm")).to_have_count(1)
    expect(page.locator("#pair-depth")).not_to_be_visible()


def test_an_example_is_one_click_and_stands_in_the_address(alone: Page):
    page = alone
    row = page.locator("#pair-examples")
    row.get_by_role("button", name="Example: a cup of espresso").click()
    expect(page.locator("#pair-both .arm")).to_have_count(2, timeout=LONG)
    expect(page).to_have_url(re.compile("photo2=espresso"))
    page.reload()
    expect(page.locator("#pair-both .arm")).to_have_count(2, timeout=LONG)


def test_of_a_photograph_of_ones_own_the_address_says_only_that(alone: Page, seas):
    page = alone
    upload(page, "#pair-photo", seas[0])
    expect(page.locator("#pair-both .arm")).to_have_count(2, timeout=LONG)
    expect(page).to_have_url(re.compile("photo2=own"))
    page.reload()
    expect(page.locator("#pair-headline")).to_contain_text("which is not kept")


def panel_height(page: Page) -> float:
    return page.locator("#pair-results").evaluate(
        "part => part.closest('[role=tabpanel]').getBoundingClientRect().height"
    )


@pytest.fixture
def changed(shared_page: Page, request) -> Page:
    """Give the shared page with the first photograph, changed."""
    page = shared_page
    if not page.locator("#pair-changing").is_visible():
        request.getfixturevalue("alone")
        page.locator("#pair-source").get_by_text("this, changed").click()
    expect(page.locator("#pair-curve .plot[data-drawn]")).to_be_visible(timeout=LONG)
    return page


def choose(page: Page, where: str, name: str) -> None:
    page.locator(f"{where} input").click()
    page.get_by_role("option", name=name, exact=True).click()


def test_the_photograph_is_compared_with_itself_as_changed(changed: Page):
    expect(changed.locator("#pair-headline")).to_contain_text("Cut into shuffled tiles")
    expect(changed.locator("#pair-lesson")).to_contain_text("z of the first block is a mean")
    expect(changed.locator("#pair-both .arm img")).to_have_count(2)
    expect(changed.locator("#pair-depth")).to_contain_text("gates at their mean")
    expect(changed).to_have_url(re.compile("change=jigsaw.*strength=4"))


def test_the_strength_goes_by_keys(changed: Page):
    slider = changed.locator("#pair-strength input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    expect(changed.locator("#pair-headline")).to_contain_text("each side: 5", timeout=LONG)
    expect(changed).to_have_url(re.compile("strength=5"))


def test_each_change_brings_its_own_fields_and_a_region_is_painted_over(changed: Page):
    choose(changed, "#pair-change", "Painted over")
    expect(changed.locator("#pair-headline")).to_contain_text("Painted over", timeout=LONG)
    expect(changed.locator("#pair-seed")).not_to_be_visible()
    expect(changed.locator("#pair-brush")).to_be_visible()
    choose(changed, "#pair-region", "the upper half")
    comes_to_rest(changed)
    assert changed.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(changed, "#pair-change", "Cut into shuffled tiles")
    expect(changed.locator("#pair-brush")).not_to_be_visible()
    expect(changed.locator("#pair-headline")).to_contain_text("Cut into", timeout=LONG)


def test_a_link_to_a_change_restores_it(shared_page: Page, app_url: str):
    page = shared_page
    page.goto(f"{app_url}/?tab=pair&photo=lion&change=jpeg&strength=25")
    expect(page.locator("#pair-headline")).to_contain_text(
        "quality; 100 is not compressed: 25", timeout=LONG
    )
    expect(page.locator("#pair-change input")).to_have_value("Compressed by JPEG")
    page.locator("#pair-source").get_by_text("another", exact=True).click()
    expect(page.locator("#pair-headline")).to_contain_text("Upload a second photograph")
    expect(page).not_to_have_url(re.compile("change="))
