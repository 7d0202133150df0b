"""The tab “Explanations” in a real browser."""

import re
from pathlib import Path

import pytest
from opened import answer_photo, unanswered
from pixels import comes_to_rest
from playwright.sync_api import Page, expect

from seviz.attribution.maps import attribute
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC
from seviz.reference.recorded import recorded_for
from seviz.words.explanations import map_headline

LONG = 60_000  # milliseconds, where cores are taken
TABS = ("Gates", "Explanations", "Surgery", "What matters", "Compare")


@pytest.fixture(scope="module")
def label(picture: Path) -> str:
    """What the embedded network answers of the photograph."""
    return ask(trace, "embedded", read_photo(picture), [INTACT]).top(0, 1)[0].label


@pytest.fixture
def maps(shared_page: Page, picture: Path, label: str) -> Page:
    """Give the shared page with the tab open and the photograph's first maps; all is folded."""
    page = shared_page
    if page.locator("#answers .mark").count():  # of an example
        answer_photo(page, picture)
    page.get_by_role("tab", name="Explanations").click()
    panel = page.locator("[role=tabpanel]", has=page.locator("#explain-maps")).last
    for fold in panel.locator(".label-wrap.open").all()[::-1]:
        fold.click()
    if page.locator("#explain-method input").input_value() != "Grad-CAM":
        choose(page, "explain-method", "Grad-CAM")
    expect(page.locator("#explain-facts")).to_contain_text("Grad-CAM", timeout=LONG)
    expect(page.locator("#explain-scale")).to_contain_text(f"“{label}”", timeout=LONG)
    expect(page.locator("#explain-difference .plot[data-drawn]")).to_be_visible(timeout=LONG)
    comes_to_rest(page)
    return page


def panel_height(page: Page) -> float:
    box = page.locator("[role=tabpanel]", has=page.locator("#explain-maps")).last.bounding_box()
    assert box is not None
    return box["height"]


def unfold(page: Page, name: str) -> None:
    page.locator(f"#{name} > button").click()


def choose(page: Page, name: str, text: str) -> None:
    page.locator(f"#{name} input").click()
    page.get_by_role("option", name=text, exact=True).click()


def heatmap(page: Page, name: str) -> dict:
    """Return the mean and the look of a picture's map, as plotly has it."""
    found = page.evaluate(
        """(name) => {
            const {_fullData: [map], calcdata: [[{z}]]} = document.querySelector(name + ' .plot');
            const all = [...z].flatMap((row) => [...row]);
            return {mean: all.reduce((a, b) => a + b, 0) / all.length, opacity: map.opacity,
                    ends: [map.colorscale[0][1], map.colorscale.at(-1)[1]]};
        }""",
        f"#{name}",
    )
    return dict(found)


def test_grad_cam_is_there_at_once_and_a_slow_method_runs_stops_and_leaves_it(
    maps: Page, picture: Path, zoo
):
    page = maps
    embedded, arms = zoo.get("embedded"), (INTACT, STATIC)
    recorded = recorded_for("embedded", arms)
    image = trace(embedded, read_photo(picture), arms, recorded=recorded).image
    found = attribute(embedded, image, arms, recorded=recorded)
    said = map_headline(found, ("with gates", "with every gate frozen at its average"))
    expect(page.locator("#explain-headline p")).to_have_text(said)
    assert heatmap(page, "explain-second")["mean"] == pytest.approx(
        float(found.pixels[1].mean()), abs=1e-4
    )
    choose(page, "explain-method", "Occlusion")
    page.locator("#explain-start").click()
    expect(page.locator("#explain-progress")).to_contain_text(re.compile(r"\d %"), timeout=LONG)
    page.locator("#explain-stop").click()
    expect(page.locator("#explain-stop")).to_be_hidden()
    expect(page.get_by_text("Stopped; what had been computed before").first).to_be_visible()
    expect(page.locator("#explain-headline p")).to_have_text(said)
    expect(page.locator("#explain-facts")).to_contain_text("Grad-CAM")
    choose(page, "explain-method", "Superpixel ablation")
    page.locator("#explain-start").click()
    expect(page.locator("#explain-facts")).to_contain_text("Superpixel ablation", timeout=LONG)


def test_the_three_maps_stand_in_one_row_in_a_short_tab(maps: Page):
    boxes = [
        maps.locator(f"#explain-{name} .plot").bounding_box()
        for name in ("first", "second", "difference")
    ]
    assert len({box["y"] for box in boxes if box}) == 1
    assert all(box and box["width"] >= 190 for box in boxes)
    assert panel_height(maps) <= 1800


def test_the_sweep_opacity_and_signs_change_the_pictures(maps: Page):
    unfold(maps, "explain-looks")
    expect(maps.locator("#explain-sweep .plot[data-drawn]")).to_be_visible()
    first, second = (heatmap(maps, f"explain-{name}")["mean"] for name in ("first", "second"))
    assert heatmap(maps, "explain-sweep")["mean"] == pytest.approx(first, abs=1e-6)
    maps.locator("#explain-at input[type=number]").fill("1")
    maps.keyboard.press("Enter")
    expect(maps.locator("#explain-sweep")).to_contain_text("gates at their mean")
    assert heatmap(maps, "explain-sweep")["mean"] == pytest.approx(second, abs=1e-6)
    maps.locator("#explain-opacity input[type=number]").fill("0.3")
    maps.keyboard.press("Enter")
    maps.locator("#explain-sign").get_by_label("against it").click()
    maps.wait_for_function(
        """() => {
            const [map] = document.querySelector('#explain-first .plot')._fullData;
            return map.opacity === 0.3 && / 0\\)|,0(\\.0)?\\)/.test(map.colorscale.at(-1)[1]);
        }"""
    )
    assert heatmap(maps, "explain-first")["mean"] == pytest.approx(first, abs=1e-6)


def test_a_telephone_shows_everything_and_gates_lead_to_the_inspector(
    maps: Page, narrow: Page, dark: Page
):
    page = maps
    assert panel_height(page) <= 2600
    for name in TABS:
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_visible()
    unfold(page, "trust")
    page.locator("#trust-start").click()
    expect(page.locator("#trust-table tbody tr")).to_have_count(11, timeout=LONG)
    expect(page.locator("#trust-verdict")).to_contain_text("rank correlation")
    unfold(page, "shares")
    page.locator("#shares-start").click()
    row = page.locator("#shares-table tbody tr").first
    expect(row).to_be_visible(timeout=LONG)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for name, least in (
        ("explain-first", 150),  # two beside each other
        ("explain-difference", 150),
        ("trust-deletion", 250),
        ("shares-atlas", 250),
    ):
        box = page.locator(f"#{name} .plot").bounding_box()
        assert box is not None
        assert box["width"] > least
        assert box["height"] > least
    block, channel = row.inner_text().split()[:2]
    row.get_by_role("button").click()
    expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of {block}")
    expect(page.locator("#block")).to_be_in_viewport()


def test_another_method_or_class_is_explained_and_the_last_maps_are_dimmed_meanwhile(
    maps: Page,
):
    page = maps
    with unanswered(page):
        choose(page, "explain-method", "Saliency")
        waits = re.compile("[1-9]")
        expect(page.locator("#explain-pictures")).to_have_attribute("data-waits", waits)
    expect(page.locator("#explain-headline")).to_contain_text("sensitivity", timeout=LONG)
    expect(page.locator("#explain-pictures")).to_have_attribute("data-waits", "0")
    page.locator("#target input").click()
    second = page.locator("#target [role=option]").nth(1)
    name = second.inner_text()
    second.click()
    expect(page.locator("#explain-headline")).to_contain_text(f"“{name}”", timeout=LONG)
    assert "method=saliency" in page.url
    page.reload()
    expect(page.locator("#download")).to_be_visible()  # it has answered what the address says
    page.get_by_role("tab", name="Explanations").click()
    expect(page.locator("#explain-facts")).to_contain_text("Saliency", timeout=LONG)
