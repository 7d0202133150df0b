"""The page as people use it, in a real browser over a real server."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from opened import answer_photo
from PIL import Image
from pixels import cell, choose_by_keyboard, click_cell
from playwright.sync_api import Page, expect

from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.words.answers import headline
from seviz.words.arms import arm_title
from seviz.words.numbers import percent


@pytest.fixture(scope="module")
def record(zoo, picture: Path) -> Trace:
    """What the library says of the photograph the page is given."""
    arms, photo = [INTACT, STATIC, TWIN], read_photo(picture)
    return trace(zoo.get("embedded"), photo, arms, recorded=recorded_for("embedded", arms))


@pytest.fixture(scope="module")
def seen(shared_page: Page, picture: Path, record: Trace) -> Page:
    """Give a page that has answered the photograph, for tests that look and open channels."""
    answer_photo(shared_page, picture)
    shared_page.wait_for_function(
        "s => Math.abs(document.querySelector('#atlas .plot').calcdata[0][0].z[0][0] - s) < 1e-5",
        arg=float(record.s["SE_2_1"][0][0]),
    )
    return shared_page


@contextmanager
def redrawn(page: Page) -> Iterator[None]:
    """Wait until the atlas is drawn anew, after what is done meanwhile."""
    drawn = page.locator("#atlas .plot").get_attribute("data-drawn")
    yield
    expect(page.locator("#atlas .plot")).not_to_have_attribute("data-drawn", drawn)


def switch(page: Page, name: str, title: str) -> None:
    """Set a switch over the atlas."""
    with redrawn(page):
        page.locator(f"#{name}").get_by_text(title, exact=True).click()


def order_by(page: Page, title: str) -> None:
    with redrawn(page):
        choose_by_keyboard(page, "#sort", title)


def test_a_newcomer_sees_what_this_is_and_what_to_do(page: Page):
    expect(page.locator("h1")).to_have_text("seviz")
    expect(page.locator("#answers .mark")).to_contain_text("An example, a lion")
    page.get_by_text("What this network can recognise").click()
    expect(page.locator("#classes")).to_contain_text("red panda")
    examples = page.locator("#examples img").all()  # Gradio's parts have their own styles
    assert len(examples) > 2
    for example in examples:
        assert example.bounding_box()["width"] > 40


def test_each_column_holds_its_arms_answers_as_the_library_gives_them(seen: Page, record):
    expect(seen.locator("#answers .headline")).to_have_text(headline(record))
    columns = seen.locator("#answers .arm")
    expect(columns.locator("h2")).to_have_text([arm_title(arm) for arm in record.arms])
    whole = []  # the width of a bar of 100 %
    for row, column in enumerate(columns.all()):
        top = record.top(row, 3)
        expect(column.locator("li .label")).to_have_text([answer.label for answer in top])
        shares = [percent(answer.probability) for answer in top]
        expect(column.locator("li .share")).to_have_text(shares)
        bar = column.locator("li i").first.bounding_box()["width"]
        whole.append(bar / top[0].probability)
    assert whole == pytest.approx([whole[0]] * len(whole), rel=0.02)  # their bars have one scale


def test_all_answers_unfold_as_a_table_of_every_arm(seen: Page, record):
    folded = seen.locator("#answers details")
    expect(folded.locator("table")).to_be_hidden()
    folded.locator("summary").click()
    rows = folded.locator("tbody tr")
    for answer in record.top(0, 5):
        row = rows.filter(has=seen.get_by_role("rowheader", name=answer.label, exact=True))
        arms = range(len(record.arms))
        shares = [percent(record.answer(arm, answer.index).probability) for arm in arms]
        expect(row.locator("td")).to_have_text(shares)
    every = {answer.index for arm in range(len(record.arms)) for answer in record.top(arm, 5)}
    expect(rows).to_have_count(len(every))
    whole, region = (seen.locator(s).bounding_box() for s in ("#answers", "#answers .figures"))
    assert (region["x"], region["width"]) == (whole["x"], whole["width"])
    caption = folded.locator("caption").bounding_box()
    assert caption["x"] + caption["width"] <= region["x"] + region["width"]
    folded.locator("summary").click()
    expect(folded.locator("table")).to_be_hidden()


@pytest.mark.parametrize(("name", "share"), [("SE_2_1", 0.5), ("SE_3_4", 0.26), ("SE_5_3", 0.9)])
def test_a_click_on_the_atlas_opens_the_channel_under_it(seen: Page, record, name, share):
    click_cell(seen, "atlas", name, share)
    channel = int(share * record.site(name).channels)
    near = f"({channel - 1}|{channel}|{channel + 1})"  # a pixel may lie between two channels
    expect(seen.locator("#facts")).to_contain_text(re.compile(f"Channel {near} of {name}:"))
    got = int(seen.locator("#channel input").input_value())
    expect(seen.locator("#facts")).to_contain_text(f"Channel {got} of {name}")
    expect(seen.locator("#facts")).to_contain_text(f"s = {record.s[name][0][got]:.4f}")
    expect(seen.locator("#block input")).to_have_value(name)


# Plotly looks for what is under the pointer once in 50 ms, and always after it has drawn a chart.
CLICK_JUST_AFTER_A_DRAWING = """([x, y]) => {
    document.querySelector("#atlas .plot")._fullLayout._rehover();
    for (const what of ["mousemove", "mousedown", "mouseup"])
        document.elementFromPoint(x, y).dispatchEvent(
            new MouseEvent(what, { clientX: x, clientY: y, bubbles: true, view: window }));
}"""


def test_a_click_just_after_a_drawing_is_on_the_cell_under_it(seen: Page):
    seen.mouse.move(*cell(seen, "atlas", "SE_2_1", 4.5 / 64))
    expect(seen.locator("#atlas .hoverlayer .hovertext")).to_be_visible()
    there = cell(seen, "atlas", "SE_3_1", 96.5 / 192)
    seen.evaluate(CLICK_JUST_AFTER_A_DRAWING, there)
    expect(seen.locator("#facts")).to_contain_text("Channel 96 of SE_3_1")


def test_a_click_on_the_sorted_atlas_opens_the_largest_gate(seen: Page, record):
    order_by(seen, "by s")
    click_cell(seen, "atlas", "SE_2_2", 0.001)
    largest = int(record.s["SE_2_2"][0].argmax())
    expect(seen.locator("#facts")).to_contain_text(f"Channel {largest} of SE_2_2")
    order_by(seen, "by number")


def test_the_fields_open_a_channel_by_keyboard(seen: Page, record):
    click_cell(seen, "atlas", "SE_5_3", 0.9)
    expect(seen.locator("#facts")).to_contain_text("of SE_5_3")
    choose_by_keyboard(seen, "#block", "SE_4_6")  # which has no channel as late as that
    expect(seen.locator("#facts")).to_contain_text("of SE_4_6")
    seen.locator("#channel input").fill("17")
    seen.keyboard.press("Enter")
    expect(seen.locator("#facts")).to_contain_text(
        f"Channel 17 of SE_4_6: squeezed to z = {record.z['SE_4_6'][0][17]:.4g}".replace("-", "−")
    )


def test_a_channel_that_does_not_exist_gets_a_sentence_and_the_last_one_stays(seen: Page):
    before = seen.locator("#facts").inner_text()
    seen.locator("#channel input").fill("4000")
    seen.keyboard.press("Enter")
    expect(seen.get_by_text("; choose one.").first).to_be_visible()
    expect(seen.locator("#facts")).to_have_text(before, use_inner_text=True)


def test_a_notice_covers_no_answer_and_no_gate(seen: Page):
    seen.locator("#channel input").fill("4000")
    seen.keyboard.press("Enter")
    notice = seen.locator(".toast-body")
    expect(notice.last).to_have_attribute("aria-live", "polite")
    expect(notice.last).to_be_in_viewport(ratio=1)
    for part in ("#stage", "#inspector", "#pages > .tab-wrapper", "#copy-link"):
        assert not meet(seen, ".toast-wrap", part), part


def meet(page: Page, one: str, other: str) -> bool:
    """Tell whether two parts of the page lie over each other."""
    a, b = (page.locator(part).first.bounding_box() for part in (one, other))
    return all(
        a[at] < b[at] + b[size] and b[at] < a[at] + a[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_the_atlas_shows_z_the_pass_without_gates_and_the_difference(seen: Page, record):
    switch(seen, "show", "squeeze z")
    expect(seen.locator("#atlas")).to_contain_text("÷ the block's largest |z|")
    switch(seen, "side", "without")
    channel, value = hovered(seen, "SE_5_3", 0.5, "z = ")
    assert value == pytest.approx(record.z["SE_5_3"][1][channel], abs=6e-5)
    switch(seen, "show", "excitation s")
    switch(seen, "side", "difference")
    channel, value = hovered(seen, "SE_5_3", 0.5, "s differs by ")
    first, second = (record.s_computed["SE_5_3"][arm][channel] for arm in (0, 1))
    assert value == pytest.approx(first - second, abs=6e-5)
    switch(seen, "side", "with gates")


def hovered(page: Page, name: str, share: float, wanted: str) -> tuple[int, float]:
    """Return the channel and the value that the atlas names under the pointer."""
    text = hover(page, name, share, wanted).replace("−", "-")
    found = re.search(rf"{name} · channel (\d+) of \d+{wanted}(-?[\d.]+)", text)
    assert found, text
    return int(found[1]), float(found[2])


def hover(page: Page, name: str, share: float, wanted: str) -> str:
    """Return what the atlas says under the pointer, once it says what is wanted."""
    label = page.locator("#atlas .hoverlayer")
    for _ in range(20):
        x, y = cell(page, "atlas", name, share)
        page.mouse.move(x, y - 2)
        page.mouse.move(x, y)
        page.wait_for_timeout(200)
        if name in (text := label.text_content() or "") and wanted in text:
            return text
    raise AssertionError(f"no hover label: {label.text_content()}")


def test_hovering_names_block_channel_and_value(seen: Page, record):
    channel, value = hovered(seen, "SE_3_2", 0.3, "s = ")
    assert abs(channel - 0.3 * 192) <= 1
    assert value == pytest.approx(record.s["SE_3_2"][0][channel], abs=6e-5)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.png", b"hello", "not a picture"),
        ("huge.jpg", b"\xff\xd8\xff\xe0" + bytes(21_000_000), "the limit is 20 MB"),
        ("cut.png", None, "cut short"),
    ],
)
def test_a_bad_file_gets_its_sentence_and_the_last_result_stays(
    seen: Page, picture, tmp_path: Path, name: str, content: bytes | None, says: str
):
    parts = [seen.locator(f"#answers .{part}") for part in ("headline", "columns", "served")]
    before = [part.inner_text() for part in parts]
    bad = tmp_path / name
    bad.write_bytes(content or picture.read_bytes()[:-600])
    clear = seen.get_by_label("Clear").or_(seen.get_by_label("Remove Image")).first
    if clear.is_visible():  # else the last bad file has left the field empty
        clear.click()
    seen.locator("#photo input[type=file]").set_input_files(bad)
    expect(seen.get_by_text(says).first).to_be_visible(timeout=20_000)
    for part, text in zip(parts, before, strict=True):
        expect(part).to_have_text(text, use_inner_text=True)
    expect(seen.locator("#atlas .plot")).to_be_visible()


def test_the_download_holds_what_the_page_shows(seen: Page, record):
    with seen.expect_download() as download:
        seen.locator("#download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        value = json.loads(archive.read("trace.json"))
        arrays = np.load(io.BytesIO(archive.read("trace.npz")))
        np.testing.assert_allclose(arrays["s/SE_3_2"], record.s["SE_3_2"], rtol=1e-6)
    assert value["arms"][0]["top"][0]["label"] == record.top(0, 1)[0].label


def test_a_telephone_shows_everything(seen: Page, narrow: Page):
    shows_everything(seen)


def test_dark_colours_show_everything(seen: Page, dark: Page):
    shows_everything(seen)


def shows_everything(page: Page) -> None:
    depth = page.get_by_role("button", name="How are the gates spread along the depth?")
    if "open" not in depth.get_attribute("class").split():
        depth.click()
    narrow = page.viewport_size["width"] < 1000
    is_large(page, "depth", 250)
    is_large(page, "atlas", 250)
    picture_of_it = Image.open(io.BytesIO(page.locator("#atlas .plot").screenshot()))
    colours = np.unique(np.asarray(picture_of_it.convert("RGB")).reshape(-1, 3), axis=0)
    assert len(colours) > 50  # it is not blank
    page.get_by_role("button", name="Read as a table, save: Atlas").click()
    for below in ("#atlas-help", "#pins", "#depth"):
        assert not meet(page, "#atlas .chart-panel", below), below
    page.keyboard.press("Escape")
    if narrow:
        shares_stand_right_of_their_labels(page)
        click_cell(page, "atlas", "SE_4_4", 0.4)  # the inspector is a sheet that comes up
    for part, least in (("before", 120), ("after", 120), ("gates", 100)):
        is_large(page, part, least)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    text = page.evaluate("getComputedStyle(document.querySelector('#facts p')).color")
    for part in ("depth", "gates"):  # a figure's text is the page's, in light and dark
        drawn = page.evaluate(
            "part => document.querySelector(`#${part} .plot`)._fullLayout.font.color", part
        )
        assert rgb(page, drawn) == rgb(page, text)


def shares_stand_right_of_their_labels(page: Page) -> None:
    """Check that each answer's share is in the first line of its label, at the column's edge."""
    for answer in page.locator("#answers .arm li").all():
        label, share = (answer.locator(part).bounding_box() for part in (".label", ".share"))
        assert label["y"] == pytest.approx(share["y"], abs=1)
        assert label["x"] + label["width"] <= share["x"]


def is_large(page: Page, part: str, least: float) -> None:
    """Check that a figure is drawn, in sight, and wide and high enough."""
    expect(page.locator(f"#{part} .plot[data-drawn]")).to_be_visible()
    box = page.locator(f"#{part} .plot").bounding_box()
    assert box["width"] > least, (part, box)
    assert box["height"] > least, (part, box)


def rgb(page: Page, colour: str) -> str:
    """Return a CSS colour as the browser spells it."""
    return page.evaluate(
        """colour => {
            const probe = document.createElement('i');
            probe.style.color = colour;
            document.body.append(probe);
            const spelt = getComputedStyle(probe).color;
            probe.remove();
            return spelt;
        }""",
        colour,
    )
