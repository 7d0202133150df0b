"""The tab “Surgery” as people use it: edits by every way there is, links, and what goes wrong."""

import re
from pathlib import Path

import pytest
from opened import answer_photo
from PIL import Image
from pixels import choose_by_keyboard, click_cell, comes_to_rest
from playwright.sync_api import Locator, Page, expect

from seviz.answers.trace import TOPK
from seviz.gates.grammar import arm_text, parse_arm
from seviz.passes.forward import retrace, trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.records.trace import Answer, Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.parts.columns import FIRST
from seviz.words.answers import union_of_tops
from seviz.words.numbers import percent
from seviz.words.surgery import edited_headline

FOLDS = ("All answers, in figures", "Edits as text")
WAIT = 60_000  # ms, where a pass is waited for
# What a finger hits in the tab and is less than 40 pixels high, but for the slider's own parts.
SMALL = """() => [...document.querySelectorAll(`#surgery :is(button, .wrap label,
        #surgery-place .wrap, #surgery-channels :is(input, textarea))`)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("#alpha"))
    .filter((e) => e.getBoundingClientRect().height > 0)
    .filter((e) => e.getBoundingClientRect().height < 40).map((e) => e.outerHTML)"""


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


@pytest.fixture(scope="module")
def table(shared_page: Page, picture: Path) -> Page:
    """Open the tab with a photograph, and wait for all of it."""
    answer_photo(shared_page, picture)
    shared_page.get_by_role("tab", name="Surgery").click()
    expect(shared_page.locator("#surgery-atlas .plot[data-drawn]")).to_be_visible(timeout=WAIT)
    comes_to_rest(shared_page)  # an answer that is still to come sets the fields once more
    expect(shared_page.locator("#alpha-curve")).to_have_count(0)  # worked out when it is unfolded
    return shared_page


@pytest.fixture
def reset(table: Page, edited) -> Page:
    """Give the shared page without edits; what else a test changes there, it puts back."""
    for fold in FOLDS:
        unfold(table, fold)
    table.locator("#surgery-act").get_by_text("0 (off)").click()
    write(table, "intact")
    says(table, edited("intact"))
    return table


@pytest.fixture
def begun(reset: Page) -> Page:
    """Give the shared page without anything to undo."""
    undo = reset.locator("#surgery-undo")
    while undo.is_enabled():
        undo.click()
        comes_to_rest(reset)
    return reset


def text(page: Page) -> Locator:
    return page.locator("#surgery-text").locator("input, textarea")


def write(page: Page, edits: str) -> None:
    text(page).fill(edits)
    page.keyboard.press("Enter")


def says(page: Page, both: Trace) -> None:
    """Wait until the page shows a trace's answers, and compare every number of the table."""
    expect(text(page)).to_have_value(arm_text(both.arms[1].edits), timeout=WAIT)
    headline = page.locator("#surgery-answers .headline")
    expect(headline).to_have_text(edited_headline(both), timeout=WAIT)
    edited, top = page.locator("#surgery-answers .arm").last, both.top(1, FIRST)
    expect(edited.locator("li .label")).to_have_text([answer.label for answer in top])
    expect(edited.locator("li .share")).to_have_text([share(answer) for answer in top])
    rows = union_of_tops(both, TOPK) if both.arms[1].edits else []
    expect(page.locator("#surgery-table tbody :is(th, td)")).to_have_text(
        [text for was, now in rows for text in (was.label, share(was), share(now))]
    )


def share(answer: Answer) -> str:
    return percent(answer.probability)


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
    begun: Page, record, edited
):
    table = begun
    start = table.locator("#surgery-answers").inner_html()
    act = table.locator("#surgery-act")
    places = [site.name for site in record.sites]
    for step in range(20):
        if step == 7:
            act.get_by_text("× number").click()
            table.locator("#surgery-value input").fill("0.25")
        if step == 14:
            act.get_by_text("its mean").click()
        view = "surgery-atlas"
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


def test_quick_clicks_lose_no_edit(reset: Page, edited):
    for i in range(5):
        click_cell(reset, "surgery-atlas", "SE_2_1", (8 * i + 4.5) / 64)
        reset.wait_for_timeout(350)  # sooner, Plotly takes two clicks for a double click
    expect(reset.locator("#surgery-edits li")).to_have_count(5, timeout=WAIT)
    says(reset, edited("; ".join(f"SE_2_1[{8 * i + 4}]=0" for i in range(5))))


def unfold(page: Page, fold: str) -> None:
    """Unfold a part of the tab, if it is folded."""
    button = page.locator("#surgery").get_by_role("button", name=fold)
    if "open" not in button.get_attribute("class").split():
        button.click()


def fold_all(page: Page) -> None:
    for part in page.locator("#surgery .label-wrap.open").all()[::-1]:
        part.click()
    expect(page.locator("#surgery .label-wrap.open")).to_have_count(0)


def box(page: Page, place: str) -> Locator:
    return page.locator(f"#surgery-boxes [data-place='{place}']")


def test_boxes_fields_and_the_text_go_together(reset: Page, edited):
    unfold(reset, "Switch off stages and blocks")
    box(reset, "SE_4*").click()
    says(reset, edited("SE_4*=static"))
    expect(box(reset, "SE_4_6")).to_have_attribute("aria-checked", "false")
    box(reset, "SE_4_6").focus()
    reset.keyboard.press("Space")
    off = "; ".join(f"SE_4_{i}=static" for i in range(1, 6))
    says(reset, edited(off))
    expect(box(reset, "SE_4_6")).to_be_focused()
    expect(box(reset, "SE_4*")).to_have_attribute("aria-checked", "mixed")
    expect(box(reset, "SE_4*")).to_contain_text("5 of 6 edited")
    choose_by_keyboard(reset, "#surgery-place", "SE_4_6")
    reset.locator("#surgery-channels").locator("input, textarea").fill("10:20, 33")
    reset.locator("#surgery-apply").click()
    says(reset, edited(f"{off}; SE_4_6[10:20,33]=0"))
    expect(reset.locator("#surgery-edits li").last).to_have_text(
        "SE_4_6, channels 10 to 19 and 33: silenced (gate 0)"
    )
    reset.locator("#surgery-reset").click()
    says(reset, edited("intact"))
    expect(box(reset, "SE_4*")).to_have_attribute("aria-checked", "true")


def test_a_click_selects_the_gate_and_its_effect_is_in_sight_arrows_only_select(
    reset: Page, edited
):
    reset.locator("#tabs").evaluate("tabs => tabs.scrollIntoView()")
    for part in ("#surgery-answers", "#surgery-atlas"):
        at = reset.locator(part).bounding_box()
        assert at["y"] >= 0
        assert at["y"] + at["height"] <= 900
    before = reset.locator("#surgery-atlas").bounding_box()
    click_cell(reset, "surgery-atlas", "SE_2_1", 20.5 / 64)
    says(reset, edited("SE_2_1[20]=0"))
    expect(reset.locator("#facts")).to_contain_text("Channel 20 of SE_2_1", timeout=WAIT)
    expect(reset.locator("#surgery-atlas .selected-cell")).to_be_visible()
    reset.locator("#tabs").evaluate("tabs => tabs.scrollIntoView()")
    assert reset.locator("#surgery-atlas").bounding_box()["y"] == pytest.approx(before["y"], abs=1)
    reset.keyboard.press("ArrowRight")
    expect(reset.locator("#facts")).to_contain_text("Channel 21 of SE_2_1", timeout=WAIT)
    says(reset, edited("SE_2_1[20]=0"))


def test_the_atlas_shows_the_difference(reset: Page):
    write(reset, "SE_2_1=0")
    expect(reset.locator("#surgery-edits li")).to_have_count(1, timeout=WAIT)
    plot = reset.locator("#surgery-atlas .plot")
    reset.locator("#surgery-side").get_by_text("difference").click()
    expect(plot).to_contain_text("with gates − edited", timeout=WAIT)
    reset.locator("#surgery-side").get_by_text("edited").click()
    expect(plot).to_contain_text("gate s as applied", timeout=WAIT)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("SE_4_6[10:20]=sttic", "did you mean static?"),
        ("SE_4_66=0", "There is no block “SE_4_66” here; did you mean SE_4_6"),
        ("SE_4_6[9999]=0", "SE_4_6 has the channels 0 to 383"),
        ("SE_4_6=1e999", "“1e999” is too large; write one such as 0.5"),
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


def test_the_address_keeps_the_edits_and_a_link_brings_them(page_at, picture, edited):
    edits = "SE_4*=0.5; SE_5_1[0:8]*=0"
    with page_at(model="seresnet50_slim", edit=edits) as page:
        expect(page.locator("#surgery-edits li")).to_have_count(2, timeout=WAIT)
        answer_photo(page, picture)
        for fold in FOLDS:
            unfold(page, fold)
        says(page, edited(edits))
        write(page, "SE_4_6[3]=0")
        says(page, edited("SE_4_6[3]=0"))
        expect(page).to_have_url(re.compile(r"edit=SE_4_6\[3\]=0(&|$)"), timeout=WAIT)
        page.reload()
        expect(page.locator("#surgery-edits")).to_contain_text("SE_4_6, channel 3", timeout=WAIT)
        page.locator("#surgery-reset").click()
        expect(page).not_to_have_url(re.compile("edit="), timeout=WAIT)


def test_back_and_forward_bring_the_edits_of_their_address(page_at):
    with page_at(edit="SE_4_6[3]=0") as page:
        edits = page.locator("#surgery-edits li")
        expect(edits).to_have_text(["SE_4_6, channel 3: silenced (gate 0)"], timeout=WAIT)
        for tab in ("Gates", "Surgery"):
            page.get_by_role("tab", name=tab, exact=True).click()
            expect(page).to_have_url(re.compile(f"tab={tab.lower()}"))
        page.locator("#surgery-reset").click()
        expect(page).not_to_have_url(re.compile("edit="), timeout=WAIT)
        page.go_back()
        expect(edits).to_have_text(["SE_4_6, channel 3: silenced (gate 0)"], timeout=WAIT)
        page.go_forward()
        expect(edits).to_have_count(0, timeout=WAIT)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("edit", "SE_4_6=sttic", "did you mean static?"),
        ("edit", "resample@/etc/passwd", "names a file; it is for the command line"),
        ("gate", "SE_9_9[5]", "There is no block “SE_9_9” here; did you mean"),
        ("model", "seresnet5O", "There is no network “seresnet5O”; did you mean"),
    ],
)
def test_a_bad_link_gets_a_sentence_and_the_page_works(page_at, key, value, sentence):
    with page_at(**{key: value}) as page:
        expect(page.get_by_text(sentence)).to_have_count(1, timeout=WAIT)
        expect(page.locator("#answers .columns")).to_be_visible(timeout=WAIT)
        expect(page.locator("#gates .plot[data-drawn]")).to_be_attached(timeout=WAIT)


def test_edits_stay_when_the_photograph_changes(reset: Page, picture, zoo, tmp_path: Path):
    write(reset, "SE_4_6=0")
    expect(reset.locator("#surgery-edits li")).to_have_count(1, timeout=WAIT)
    other = tmp_path / "red.png"
    Image.new("RGB", (90, 90), (200, 30, 30)).save(other)
    arms = [INTACT, parse_arm("SE_4_6=0")]
    for path in (other, picture):
        reset.locator("#photo input[type=file]").set_input_files(path)
        says(reset, trace(zoo.get("embedded"), read_photo(path), arms))
    comes_to_rest(reset)


def test_the_slider_moves_along_the_curve(reset: Page):
    unfold(reset, "How much is enough?")
    curve = reset.locator("#alpha-curve .plot")
    expect(reset.locator("#alpha-curve .plot[data-drawn]")).to_be_visible(timeout=WAIT)
    reset.locator("#alpha input[type=number]").fill("0.35")
    reset.keyboard.press("Tab")
    expect(reset.locator("#alpha-answers")).to_contain_text("α = 0.35", timeout=WAIT)
    marked = curve.evaluate("plot => plot._fullLayout.shapes[0].x0")
    assert marked == pytest.approx(0.35)
    reset.locator("#reference").get_by_text("identity").click()
    expect(curve).to_contain_text("identity", timeout=WAIT)


def test_it_fits_a_telephone(reset: Page, narrow: Page, dark: Page):
    fold_all(reset)
    for fold in FOLDS:
        unfold(reset, fold)
    assert reset.locator("#surgery").bounding_box()["height"] <= 2_600
    write(reset, "SE_4_6[10:20]=0; SE_5*=static")
    expect(reset.locator("#surgery-edits li")).to_have_count(2, timeout=WAIT)
    assert reset.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    unfold(reset, "How much is enough?")
    for part in ("surgery-atlas", "alpha-curve"):
        expect(reset.locator(f"#{part} .plot[data-drawn]")).to_be_visible(timeout=WAIT)
        assert reset.locator(f"#{part} .plot").bounding_box()["width"] > 250
    unfold(reset, "Switch off stages and blocks")
    assert reset.evaluate(SMALL) == []
    assert reset.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_is_short_where_all_is_folded(reset: Page):
    fold_all(reset)
    assert reset.locator("#surgery").bounding_box()["height"] <= 1_800
