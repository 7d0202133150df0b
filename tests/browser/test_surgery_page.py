"""The tab “Surgery” as people use it: edits by every way there is, links, and what goes wrong."""

import re
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psutil
import pytest
from PIL import Image
from pixels import choose_by_keyboard, click_cell
from playwright.sync_api import Locator, Page, expect

from seviz.gates.grammar import arm_text, parse_arm
from seviz.passes.forward import retrace, trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.words.numbers import percent
from seviz.words.surgery import edited_headline

WAIT = 60_000  # ms, where a pass is waited for


@pytest.fixture(scope="module")
def record(zoo, picture: Path) -> Trace:
    return trace(zoo.get("embedded"), read_photo(picture), [INTACT])


@pytest.fixture
def edited(zoo, record):
    """Return what the library says with edits, given as text."""

    def ask(text: str) -> Trace:
        arms = [INTACT, parse_arm(text)]
        return retrace(
            zoo.get("embedded"), record.image, arms, recorded=recorded_for("embedded", arms)
        )

    return ask


@pytest.fixture
def table(page: Page, picture: Path) -> Page:
    """Open the tab with a photograph, and wait for all of it."""
    operate(page, picture)
    return page


@pytest.fixture(scope="module")
def shared_table(shared_page: Page, picture: Path) -> Page:
    operate(shared_page, picture)
    return shared_page


@pytest.fixture
def reset(shared_table: Page, edited) -> Page:
    """Give the shared page without edits; what else a test changes there, it puts back."""
    write(shared_table, "intact")
    says(shared_table, edited("intact"))
    return shared_table


def operate(page: Page, picture: Path) -> None:
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#answers table")).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Surgery").click()
    for part in ("intact", "edited"):
        expect(page.locator(f"#surgery-{part} .plot[data-drawn]")).to_be_visible(timeout=WAIT)


def text(page: Page) -> Locator:
    return page.locator("#surgery-text").locator("input, textarea")


def write(page: Page, edits: str) -> None:
    text(page).fill(edits)
    page.keyboard.press("Enter")


def says(page: Page, both: Trace) -> None:
    """Wait until the page shows a trace's answers, and compare every number of the table."""
    expect(text(page)).to_have_value(arm_text(both.arms[1].edits), timeout=WAIT)
    answers = page.locator("#surgery-answers")
    expect(answers.locator(".headline")).to_have_text(edited_headline(both), timeout=WAIT)
    for answer in both.top(1, 5):
        row = answers.locator("tbody tr").filter(
            has=page.get_by_role("rowheader", name=answer.label, exact=True)
        )
        was = both.answer(0, answer.index).probability
        expect(row.locator(".intact")).to_have_text(percent(was))
        expect(row.locator(".other")).to_have_text(percent(answer.probability))


def width(page: Page, view: str) -> float:
    """Return how many pixels the channels of a block take in an atlas."""
    return page.evaluate(
        "view => document.querySelector(`#${view} .plot`)._fullLayout.xaxis._length", view
    )


def click(page: Page, view: str, name: str, share: float, known: int) -> str:
    """Click a cell of an atlas; returns the edits' text, one more than are known."""
    click_cell(page, view, name, share)
    expect(page.locator("#surgery-edits li")).to_have_count(known + 1, timeout=WAIT)
    return text(page).input_value()


def test_twenty_edits_in_a_row_are_right_at_each_step_and_undone_to_the_start(
    table: Page, record, edited
):
    says(table, edited("intact"))
    start = table.locator("#surgery-answers").inner_html()
    act = table.locator("#surgery-act")
    places = [site.name for site in record.sites]
    for step in range(20):
        if step == 7:
            act.get_by_text("scale by").click()
            table.locator("#surgery-value input").fill("0.25")
        if step == 14:
            act.get_by_text("mean (static)").click()
        view = ("surgery-intact", "surgery-edited")[step % 2]
        name, share = places[step % len(places)], (step + 0.5) / 20
        made = click(table, view, name, share, step).split("; ")[-1]
        channels = record.site(name).channels
        rule = ("=0", "*=0.25", "=static")[step // 7]
        hit = re.fullmatch(rf"{name}\[(\d+)\]{re.escape(rule)}", made)
        assert hit, made
        a_pixel = channels / width(table, view)  # in channels: what a click is rounded to
        assert abs(int(hit[1]) + 0.5 - share * channels) <= 0.5 + a_pixel
        says(table, edited(text(table).input_value()))
    for left in range(19, -1, -1):
        table.locator("#surgery-undo").click()
        expect(table.locator("#surgery-edits li")).to_have_count(left, timeout=WAIT)
    says(table, edited("intact"))
    assert table.locator("#surgery-answers").inner_html() == start
    expect(table.locator("#surgery-undo")).to_be_disabled()
    table.locator("#surgery-redo").click()
    expect(table.locator("#surgery-edits li")).to_have_count(1, timeout=WAIT)


def test_memory_stays_flat_over_many_edits(reset: Page):
    process, sizes = psutil.Process(), []
    for step in range(60):
        write(reset, f"SE_4_6[{step}]=0")
        expect(reset.locator("#surgery-edits")).to_contain_text(f"channel {step}:", timeout=WAIT)
        sizes.append(process.memory_info().rss)
    assert np.median(sizes[-10:]) - np.median(sizes[20:30]) < 15e6


def test_quick_clicks_lose_no_edit(reset: Page, edited):
    for i in range(5):  # each where its cell is then: the answers above may grow by a line
        click_cell(reset, "surgery-intact", "SE_2_1", (8 * i + 4.5) / 64)
        reset.wait_for_timeout(350)  # sooner, Plotly takes two clicks for a double click
    expect(reset.locator("#surgery-edits li")).to_have_count(5, timeout=WAIT)
    says(reset, edited("; ".join(f"SE_2_1[{8 * i + 4}]=0" for i in range(5))))


def test_switches_fields_and_the_text_go_together(reset: Page, edited):
    reset.locator("#surgery-stages").get_by_text("SE_4*").click()
    says(reset, edited("SE_4*=static"))
    expect(reset.locator("#surgery-blocks").get_by_label("SE_4_6")).not_to_be_checked()
    reset.locator("#surgery-blocks").get_by_text("SE_4_6").click()
    off = "; ".join(f"SE_4_{i}=static" for i in range(1, 6))
    says(reset, edited(off))
    expect(reset.locator("#surgery-stages").get_by_label("SE_4*")).not_to_be_checked()
    choose_by_keyboard(reset, "#surgery-place", "SE_4_6")
    reset.locator("#surgery-channels").locator("input, textarea").fill("10:20, 33")
    reset.locator("#surgery-apply").click()
    says(reset, edited(f"{off}; SE_4_6[10:20,33]=0"))
    expect(reset.locator("#surgery-edits li").last).to_have_text(
        "SE_4_6, channels 10 to 19 and 33: silenced (gate 0)"
    )
    reset.locator("#surgery-reset").click()
    says(reset, edited("intact"))
    expect(reset.locator("#surgery-stages").get_by_label("SE_4*")).to_be_checked()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("SE_4_6[10:20]=sttic", "did you mean static?"),
        ("SE_4_66=0", "There is no block “SE_4_66” here; did you mean SE_4_6"),
        ("SE_4_6[9999]=0", "SE_4_6 has the channels 0 to 383"),
        ("SE_4_6=1e999", "“1e999” is not a number; write one such as 0.5"),
        ("resample@/etc/passwd", "names a file; it is for the command line"),
    ],
)
def test_a_malformed_edit_gets_one_sentence_and_the_last_result_stays(
    reset: Page, edited, wrong: str, sentence: str
):
    write(reset, "SE_4_6=0")
    says(reset, edited("SE_4_6=0"))
    write(reset, wrong)
    expect(reset.get_by_text(sentence)).to_have_count(1, timeout=WAIT)
    says(reset, edited("SE_4_6=0"))


def test_a_link_brings_its_edits_to_the_photograph(page: Page, app_url, picture, edited):
    edits = "SE_4*=0.5; SE_5_1[0:8]*=0"
    page.goto(f"{app_url}/?model=seresnet50_slim&edit={quote(edits)}")
    expect(page.get_by_text("This link brings edits of gates")).to_be_visible()
    page.locator("#photo input[type=file]").set_input_files(picture)
    expect(page.locator("#surgery-edited .plot[data-drawn]")).to_be_visible(timeout=WAIT)
    says(page, edited(edits))
    # Gradio counts what a page that is left still waits for as an error.
    expect(page.locator("#alpha-curve .plot[data-drawn]")).to_be_visible(timeout=WAIT)
    link = page.get_by_role("link", name="Link to this network with these edits")
    page.goto(link.evaluate("a => a.href"))  # the page's own link leads to the same
    page.locator("#photo input[type=file]").set_input_files(picture)
    says(page, edited(edits))
    expect(page.locator("#alpha-curve .plot[data-drawn]")).to_be_visible(timeout=WAIT)


def test_a_bad_link_gets_a_sentence_and_the_page_works(page: Page, app_url):
    for query, sentence in (
        ("edit=SE_4_6%3Dsttic", "did you mean static?"),
        ("edit=resample@/etc/passwd", "names a file; it is for the command line"),
        ("model=seresnet5O", "There is no network “seresnet5O”; did you mean"),
    ):
        page.goto(f"{app_url}/?{query}")
        expect(page.get_by_text(sentence)).to_have_count(1, timeout=WAIT)
        expect(page.locator("#model input")).to_have_value("SE-ResNet-50 slim · embedded")
        page.locator("#examples img").first.click()
        expect(page.locator("#answers .headline:not(.waiting)")).to_be_visible(timeout=WAIT)
        expect(page.locator("#gates .plot[data-drawn]")).to_be_attached(timeout=WAIT)


def test_edits_stay_when_the_photograph_changes(table: Page, zoo, tmp_path: Path):
    write(table, "SE_4_6=0")
    expect(table.locator("#surgery-edits li")).to_have_count(1, timeout=WAIT)
    other = tmp_path / "red.png"
    Image.new("RGB", (90, 90), (200, 30, 30)).save(other)
    table.get_by_label("Clear").or_(table.get_by_label("Remove Image")).first.click()
    table.locator("#photo input[type=file]").set_input_files(other)
    arms = [INTACT, parse_arm("SE_4_6=0")]
    says(table, trace(zoo.get("embedded"), read_photo(other), arms))


def test_the_slider_moves_along_the_curve(table: Page):
    curve = table.locator("#alpha-curve .plot")
    expect(table.locator("#alpha-curve .plot[data-drawn]")).to_be_visible(timeout=WAIT)
    table.locator("#alpha input[type=number]").fill("0.35")
    table.keyboard.press("Tab")
    expect(table.locator("#alpha-answers")).to_contain_text("α = 0.35", timeout=WAIT)
    marked = curve.evaluate("plot => plot._fullLayout.shapes[0].x0")
    assert marked == pytest.approx(0.35)
    table.locator("#reference").get_by_text("identity").click()
    expect(curve).to_contain_text("identity", timeout=WAIT)


@pytest.mark.parametrize("page", [(390, "light"), (390, "dark")], indirect=True, ids=str)
def test_it_fits_a_telephone(page: Page, picture):
    operate(page, picture)
    write(page, "SE_4_6[10:20]=0; SE_5*=static")
    expect(page.locator("#surgery-edits li")).to_have_count(2, timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in ("surgery-intact", "surgery-edited", "alpha-curve"):
        expect(page.locator(f"#{part} .plot[data-drawn]")).to_be_visible(timeout=WAIT)
        assert page.locator(f"#{part} .plot").bounding_box()["width"] > 250
