"""What all charts and controls of the page have in common, on one page with an answer."""

import urllib.request
from itertools import product
from pathlib import Path

import pytest
from opened import answer_photo
from PIL import Image
from pixels import choose_by_keyboard, comes_to_rest
from playwright.sync_api import Locator, Page, expect

from seviz.drawing.mark import MARK

STOPS = """(root) => [...root.querySelectorAll("a, button, input, select, textarea, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && e.getClientRects().length).length"""

# What a finger hits, but for links in sentences and what a label holds.
SMALL = """() => [...document.querySelectorAll("button, select, input, summary, label:has(input)")]
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([e, at]) => at.width > 1 && at.height > 1 && Math.min(at.width, at.height) < 39.5)
    .filter(([e]) => !e.closest("p, li, dd") && !(e.matches("input") && e.closest("label")))
    .map(([e]) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def answered(shared_page: Page, picture: Path) -> Page:
    answer_photo(shared_page, picture)
    shared_page.get_by_text("How are the gates spread along the depth?").click()
    expect(shared_page.locator("#depth .plot[data-drawn]")).to_be_visible()
    comes_to_rest(shared_page)  # an answer still to come sets the fields once more
    return shared_page


def opened(chart: Locator) -> Locator:
    """Open what stands under a chart; returns its table."""
    button = chart.get_by_role("button", name="Read as a table, save: ")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    return chart.locator(".chart-panel table")


def test_the_mark_is_the_pages_icon(app_url: str):
    with urllib.request.urlopen(f"{app_url}/favicon.ico") as icon:
        assert icon.headers["content-type"] == "image/svg+xml"
        assert icon.read() == MARK.read_bytes()


def test_a_chart_is_one_tab_stop(answered: Page):
    for name in ("atlas", "depth"):
        assert answered.locator(f"#{name}").evaluate(STOPS) == 1
    assert answered.locator(".modebar-btn").count() == 0


def test_an_atlas_is_read_block_by_block(answered: Page):
    chart = answered.locator("#atlas")
    table = opened(chart)
    expect(table.locator("tbody tr")).to_have_count(64)
    chart.get_by_role("combobox", name="Rows of").select_option("SE_5_3")
    expect(table.locator("tbody tr")).to_have_count(896)
    drawn = chart.locator(".plot").evaluate("(plot) => plot._fullData.at(-1).text[0][7]")
    cells = table.locator("tbody tr").nth(7).locator("th, td").all_inner_texts()
    assert cells[0] == "7"
    assert float(cells[1]) == pytest.approx(drawn, abs=6e-4)
    expect(table.locator("thead th")).to_have_text(["channel", "excitation s"])
    answered.locator("#show").get_by_text("squeeze z", exact=True).click()
    expect(table.locator("thead th")).to_have_text(["channel", "squeeze z"])
    answered.locator("#show").get_by_text("excitation s", exact=True).click()
    expect(table.locator("thead th")).to_have_text(["channel", "excitation s"])
    table.locator("..").focus()
    answered.keyboard.press("Escape")
    expect(chart.locator(".chart-panel")).to_be_hidden()
    expect(chart.get_by_role("button", name="Read as a table, save: ")).to_be_focused()


def test_lines_and_bars_are_columns_of_one_row_a_block(answered: Page):
    table = opened(answered.locator("#depth"))
    heads = table.locator("thead th").all_inner_texts()
    assert heads[:5] == ["5–95 %, from", "to", "25–75 %, from", "to", "median"]
    assert table.locator("tbody th").all_inner_texts()[:2] == ["SE_2_1", "SE_2_2"]
    expect(table.locator("tbody tr")).to_have_count(16)
    numbers = [
        float(text) for text in table.locator("tbody tr").first.locator("td").all_inner_texts()[:5]
    ]
    assert numbers[0] <= numbers[2] <= numbers[4] <= numbers[3] <= numbers[1]
    answered.keyboard.press("Escape")


def test_a_chart_is_saved_on_white_under_its_own_name(answered: Page, tmp_path: Path):
    chart = answered.locator("#depth")
    opened(chart)
    for kind in ("PNG", "SVG"):
        with answered.expect_download() as download:
            chart.get_by_role("button", name=f"Save {kind}").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.name == f"seviz-distribution-of-the-gates-of-each.{kind.lower()}"
        if kind == "PNG":
            with Image.open(file) as saved:
                assert saved.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)
        else:
            assert file.read_text("utf-8").startswith("<svg")
    answered.keyboard.press("Escape")


def tabbed_to_block(page: Page) -> Locator:
    """Come to the field Block by Tab; returns its input."""
    box = page.locator("#block input")
    page.locator("#channel input").focus()
    page.keyboard.press("Shift+Tab")
    expect(box).to_be_focused()
    return box


def test_a_select_box_stays_shut_where_tab_passes_by_and_opens_by_an_arrow(answered: Page):
    box = tabbed_to_block(answered)
    expect(answered.locator(".option-list")).to_have_count(0)
    answered.keyboard.press("ArrowDown")
    expect(answered.locator(".option-list")).to_have_count(1)
    answered.keyboard.press("Tab")
    expect(answered.locator("#channel input")).to_be_focused()
    expect(answered.locator(".option-list")).to_have_count(0)
    box.click()
    expect(answered.locator(".option-list")).to_have_count(1)
    answered.keyboard.press("Escape")
    expect(answered.locator(".option-list")).to_have_count(0)
    box.click()  # again, where the focus already is
    expect(answered.locator(".option-list")).to_have_count(1)
    answered.keyboard.press("Escape")
    expect(answered.locator(".option-list")).to_have_count(0)


def test_a_select_box_that_tab_came_to_takes_what_is_typed(answered: Page):
    box = tabbed_to_block(answered)
    answered.keyboard.press("Control+a")
    answered.keyboard.type("SE_4_6")
    expect(answered.locator(".option-list [role=option]")).to_have_text(["✓ SE_4_6"])
    answered.keyboard.press("Enter")
    expect(answered.locator("#facts")).to_contain_text("of SE_4_6")
    expect(box).to_have_value("SE_4_6")
    choose_by_keyboard(answered, "#block", "SE_2_1")  # as it was, by a text that is put in
    expect(answered.locator("#facts")).to_contain_text("of SE_2_1")


@pytest.mark.parametrize("typed", ["se_resnet50", "seresnet-50", "SE-ResNet-50"])
def test_a_network_is_found_by_any_usual_spelling(answered: Page, typed: str):
    box = answered.locator("#model input")
    box.click()
    box.press_sequentially(typed)
    expect(answered.locator(".option-list [role=option]")).to_contain_text(["SE-ResNet-50"] * 6)
    answered.keyboard.press("Escape")
    answered.keyboard.press("Tab")


def test_arrows_move_between_radio_buttons_which_are_one_stop_with_a_visible_focus(answered: Page):
    radios = answered.locator("#show input")
    radios.first.focus()
    answered.keyboard.press("ArrowRight")
    expect(radios.last).to_be_focused()
    expect(radios.last).to_be_checked()
    expect(answered.locator("#atlas .plot")).to_contain_text("squeeze z")
    expect(answered.locator("#show label").last).to_have_css("outline-width", "3px")
    answered.keyboard.press("ArrowLeft")
    expect(radios.first).to_be_checked()
    answered.keyboard.press("Tab")
    assert answered.evaluate("document.activeElement.closest('#show')") is None
    expect(answered.locator("#atlas .plot")).to_contain_text("excitation s")


def test_the_status_is_told_in_words(answered: Page):
    status = answered.locator("[role=status].sr-only")
    assert status.count()
    expect(status.filter(has_text="common.")).to_have_count(0)  # it is mended soon after a change


def test_on_a_telephone_every_target_is_large_and_labels_stay_inside(answered: Page, narrow: Page):
    page = answered
    assert page.evaluate(SMALL) == []
    for name, share in product(("atlas", "depth"), (0.02, 0.5, 0.98)):
        plot = page.locator(f"#{name} .nsewdrag").first
        plot.scroll_into_view_if_needed()
        at = plot.bounding_box()
        page.mouse.move(at["x"] + share * at["width"], at["y"] + at["height"] / 2)
        label = page.locator(f"#{name} .hovertext").first
        expect(label).to_be_visible()
        box = label.bounding_box()
        assert box["x"] >= 0, (name, share)
        assert box["x"] + box["width"] <= 390, (name, share)
        page.mouse.move(2, 2)


def test_a_printed_result_has_no_controls_and_light_charts_on_the_paper(answered: Page):
    answered.evaluate("document.body.classList.add('dark')")
    text = answered.locator("#atlas .plot .ytick text").first
    expect(text).to_have_css("fill", "rgb(231, 237, 243)")
    answered.emulate_media(media="print")
    answered.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(text).to_have_css("fill", "rgb(26, 37, 48)")
    shown = (
        "(kind) => [...document.querySelectorAll(kind)].filter((e) => e.checkVisibility()).length"
    )
    controls = "button:not(.figures button), input, fieldset, footer, .chart-tools"
    assert answered.evaluate(shown, controls) == 0
    assert (
        answered.evaluate(shown, "#answers .columns, #atlas .plot, #depth .plot, #photo img") == 4
    )
    box = answered.locator("#atlas .plot").bounding_box()
    assert box["x"] + box["width"] <= 718
    answered.evaluate("dispatchEvent(new Event('afterprint'))")
    answered.emulate_media(media="screen")
    expect(answered.locator("body")).to_have_class("dark")
    answered.evaluate("document.body.classList.remove('dark')")
    expect(text).to_have_css("fill", "rgb(26, 37, 48)")
