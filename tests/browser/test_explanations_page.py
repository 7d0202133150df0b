"""The tab “Explanations” in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seviz.attribution.maps import attribute
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC
from seviz.reference.recorded import recorded_for
from seviz.words.explanations import map_headline

LONG = 60_000  # milliseconds, where cores are taken
TABS = ("Gates", "Explanations", "Surgery", "What matters", "Two photos")
# Presses Stop, and returns after how many milliseconds the page is ready for other work.
STOP = """() => new Promise((done) => {
  const stop = document.querySelector('#explain-stop'), began = performance.now();
  stop.click();
  const look = () => document.querySelector('#explain-stop')?.offsetParent
    ? setTimeout(look, 10) : done(performance.now() - began);
  look();
})"""


def opened(page: Page, path: Path) -> None:
    """Upload a photograph, open the tab and wait for its maps."""
    page.locator("#photo input[type=file]").set_input_files(path)
    expect(page.locator("#gates .plot[data-drawn]")).to_be_visible(timeout=LONG)
    page.get_by_role("tab", name="Explanations").click()
    expect(page.locator("#explain-sweep .plot[data-drawn]")).to_be_visible(timeout=LONG)


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
    page: Page, picture: Path, zoo
):
    opened(page, picture)
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
    took = page.evaluate(STOP)
    expect(page.get_by_text("Stopped; what had been computed before").first).to_be_visible()
    expect(page.locator("#explain-headline p")).to_have_text(said)
    expect(page.locator("#explain-facts")).to_contain_text("Grad-CAM")
    assert took < 2000  # half a second where no other work takes the cores
    choose(page, "explain-method", "Superpixel ablation")
    page.locator("#explain-start").click()
    expect(page.locator("#explain-facts")).to_contain_text("Superpixel ablation", timeout=LONG)


def test_the_sweep_opacity_and_signs_change_the_pictures(page: Page, picture: Path):
    opened(page, picture)
    first, second = (heatmap(page, f"explain-{name}")["mean"] for name in ("first", "second"))
    assert heatmap(page, "explain-sweep")["mean"] == pytest.approx(first, abs=1e-6)
    page.locator("#explain-at input[type=number]").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("#explain-sweep")).to_contain_text("with every gate frozen at its average")
    assert heatmap(page, "explain-sweep")["mean"] == pytest.approx(second, abs=1e-6)
    page.locator("#explain-opacity input[type=number]").fill("0.3")
    page.keyboard.press("Enter")
    page.locator("#explain-sign").get_by_label("against it").click()
    page.wait_for_function(
        """() => {
            const [map] = document.querySelector('#explain-first .plot')._fullData;
            return map.opacity === 0.3 && / 0\\)|,0(\\.0)?\\)/.test(map.colorscale.at(-1)[1]);
        }"""
    )
    assert heatmap(page, "explain-first")["mean"] == pytest.approx(first, abs=1e-6)


@pytest.mark.parametrize("page", [(390, "dark")], indirect=True, ids=str)
def test_a_telephone_shows_everything_and_gates_lead_to_the_inspector(page: Page, picture: Path):
    opened(page, picture)
    for name in TABS:
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_visible()
    page.locator("#trust-start").click()
    expect(page.locator("#trust-table tbody tr")).to_have_count(5, timeout=LONG)
    expect(page.locator("#trust-verdict p")).to_contain_text("rank correlation")
    page.locator("#shares-start").click()
    row = page.locator("#shares-table tbody tr").first
    expect(row).to_be_visible(timeout=LONG)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for name in ("explain-first", "explain-difference", "trust-deletion", "shares-atlas"):
        box = page.locator(f"#{name} .plot").bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 250
    block, channel = row.inner_text().split()[:2]
    row.get_by_role("button").click()
    expect(page.locator("#facts")).to_contain_text(f"Channel {channel} of {block}")
    expect(page.locator("#block")).to_be_in_viewport()
