"""The page as people use it, in a real browser over a real server."""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pixels import cell, choose_by_keyboard, click_cell
from playwright.sync_api import Page, expect

from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.words.answers import headline
from seviz.words.numbers import percent


@pytest.fixture(scope="module")
def record(zoo, picture: Path) -> Trace:
    """What the library says of the photograph the page is given."""
    arms, photo = [INTACT, STATIC, TWIN], read_photo(picture)
    return trace(zoo.get("embedded"), photo, arms, recorded=recorded_for("embedded", arms))


def upload(page: Page, path: Path) -> None:
    page.locator("#photo input[type=file]").set_input_files(path)


def explained(page: Page, path: Path) -> None:
    """Upload a photograph and wait until its last figure is drawn."""
    upload(page, path)
    expect(page.locator("#answers table")).to_be_visible(timeout=20_000)
    expect(page.locator("#gates .plot[data-drawn]")).to_be_visible(timeout=20_000)
    expect(page.locator("#atlas .plot[data-drawn]")).to_be_visible()


@pytest.fixture(scope="module")
def seen(shared_page: Page, picture: Path) -> Page:
    """Give a page that has explained the photograph, for tests that look and open channels."""
    explained(shared_page, picture)
    return shared_page


def switch_back(page: Page, name: str, title: str) -> None:
    """Leave the shared page's atlas as it was found."""
    atlas = page.locator("#atlas .plot")
    drawn = atlas.get_attribute("data-drawn")
    page.locator(f"#{name}").get_by_text(title, exact=True).click()
    expect(atlas).not_to_have_attribute("data-drawn", drawn)


def test_a_newcomer_sees_what_this_is_and_what_to_do(page: Page):
    expect(page.locator("h1")).to_have_text("seviz")
    expect(page.locator("#answers")).to_contain_text("Upload a photograph, or choose one")
    expect(page.locator("#results")).to_be_hidden()
    page.get_by_text("What this network can recognise").click()
    expect(page.locator("#classes")).to_contain_text("red panda")
    for example in page.locator("#examples img").all():  # Gradio's parts have their own styles
        assert example.bounding_box()["width"] > 60


def test_both_answers_stand_side_by_side_as_the_library_gives_them(seen: Page, record):
    expect(seen.locator("#answers .headline")).to_have_text(headline(record))
    best = record.top(0, 1)[0]
    row = seen.locator("#answers tbody tr").filter(has_text=best.label)
    expect(row.locator(".intact")).to_have_text(percent(best.probability))
    expect(row.locator(".other")).to_have_text(percent(record.answer(1, best.index).probability))
    with_gates, without = (row.locator(f".{arm} .bar") for arm in ("intact", "other"))
    widths = [bar.bounding_box()["width"] for bar in (with_gates, without)]
    assert widths[0] == pytest.approx(widths[1], abs=1)  # so their bars have one scale
    both = {answer.index for arm in (0, 1) for answer in record.top(arm, 5)}
    expect(seen.locator("#answers tbody tr")).to_have_count(len(both))


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


def test_a_click_on_the_sorted_atlas_opens_the_largest_gate(seen: Page, record):
    drawn = seen.locator("#atlas .plot").get_attribute("data-drawn")
    seen.locator("#sort").get_by_text("value").click()
    expect(seen.locator("#atlas .plot")).not_to_have_attribute("data-drawn", drawn)
    click_cell(seen, "atlas", "SE_2_2", 0.001)
    largest = int(record.s["SE_2_2"][0].argmax())
    expect(seen.locator("#facts")).to_contain_text(f"Channel {largest} of SE_2_2")
    switch_back(seen, "sort", "channel")


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
    expect(seen.locator("#facts")).to_have_text(before)


def test_the_atlas_shows_z_and_the_pass_without_gates(seen: Page, record):
    seen.locator("#show").get_by_text("squeeze z").click()
    expect(seen.locator("#atlas")).to_contain_text("squeeze z ÷ the block's largest |z|")
    seen.locator("#arm").get_by_text("without gates").click()
    hovered = hover(seen, "SE_5_3", 0.5, "z = ")
    channel, value = re.search(
        r"channel (\d+) of 896z = (-?[\d.]+)", hovered.replace("−", "-")
    ).groups()
    assert float(value) == pytest.approx(record.z["SE_5_3"][1][int(channel)], abs=6e-5)
    switch_back(seen, "show", "excitation s")
    switch_back(seen, "arm", "with gates")


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
    hovered = hover(seen, "SE_3_2", 0.3, "s = ")
    channel, value = re.search(r"SE_3_2 · channel (\d+) of 192s = ([\d.]+)", hovered).groups()
    assert abs(int(channel) - 0.3 * 192) <= 1
    assert float(value) == pytest.approx(record.s["SE_3_2"][0][int(channel)], abs=6e-5)


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
    before = seen.locator("#answers table").inner_text()
    bad = tmp_path / name
    bad.write_bytes(content or picture.read_bytes()[:-600])
    clear = seen.get_by_label("Clear").or_(seen.get_by_label("Remove Image")).first
    if clear.is_visible():  # else the last bad file has left the field empty
        clear.click()
    upload(seen, bad)
    expect(seen.get_by_text(says).first).to_be_visible(timeout=20_000)
    expect(seen.locator("#answers table")).to_have_text(before, use_inner_text=True)
    expect(seen.locator("#atlas .plot")).to_be_visible()


def test_weights_that_cant_be_had_leave_the_page_usable(page: Page, picture, record):
    explained(page, picture)
    choose_by_keyboard(page, "#model", "SE-ResNet-50 · a2")
    expect(page.get_by_text("or choose the embedded network").first).to_be_visible(timeout=20_000)
    expect(page.locator("#model input")).to_have_value("SE-ResNet-50 slim · embedded")
    expect(page.locator("#answers caption")).to_contain_text("SE-ResNet-50 slim · embedded")
    expect(page.locator("#answers .headline")).to_have_text(headline(record))


def test_the_download_holds_what_the_page_shows(seen: Page, record):
    with seen.expect_download() as download:
        seen.locator("#download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        value = json.loads(archive.read("trace.json"))
        arrays = np.load(io.BytesIO(archive.read("trace.npz")))
        np.testing.assert_allclose(arrays["s/SE_3_2"], record.s["SE_3_2"], rtol=1e-6)
    assert value["arms"][0]["top"][0]["label"] == record.top(0, 1)[0].label


def test_an_example_is_one_click_and_has_a_name(page: Page):
    page.get_by_role("button", name="Example “lion”").click()
    expect(page.locator("#answers .headline:not(.waiting)")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    "page", [(390, "light"), (390, "dark"), (1280, "dark")], indirect=True, ids=str
)
def test_every_width_and_colour_shows_everything(page: Page, picture):
    explained(page, picture)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in ("atlas", "depth", "before", "after", "gates"):
        box = page.locator(f"#{part} .plot").bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 250
    text = page.evaluate("getComputedStyle(document.querySelector('#facts p')).color")
    drawn = page.evaluate("document.querySelector('#depth .plot')._fullLayout.font.color")
    assert rgb(page, drawn) == rgb(page, text)  # a figure's text is the page's, in light and dark
    picture_of_it = Image.open(io.BytesIO(page.locator("#atlas .plot").screenshot()))
    colours = np.unique(np.asarray(picture_of_it.convert("RGB")).reshape(-1, 3), axis=0)
    assert len(colours) > 50  # it is not blank


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
