"""What people take away from the page, opened elsewhere: reports, and charts as pictures."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import chromium
import numpy as np
import pytest
from opened import answer_photo
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from seviz.answers.changes import asked_change
from seviz.figures.atlas import atlas
from seviz.figures.effects import effects_map
from seviz.figures.necessity import necessity_chart
from seviz.figures.printable import CHARTS_JS, PRINT, printable
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.reports.files import write_report
from seviz.reports.result import Result, report_result

LONG = 60_000  # milliseconds
WORDS = {"title": "A <b> & a title that is long " * 5, "source": "from here · " * 20}
# The texts of an SVG that reach beyond its edges, and the top texts that lie over each other.
CLIPPED = """(svg) => {
  const host = document.createElement("div");
  host.innerHTML = svg;
  document.body.replaceChildren(host);
  const edge = host.querySelector("svg").getBoundingClientRect();
  return [...host.querySelectorAll("text")].filter((text) => text.textContent.trim())
    .filter((text) => {
      const box = text.getBoundingClientRect();
      return box.left < edge.left - 0.5 || box.right > edge.right + 0.5
        || box.top < edge.top - 0.5 || box.bottom > edge.bottom + 0.5;
    }).map((text) => text.textContent);
}"""
COVERED = """() => {
  const boxes = [...document.querySelectorAll("text")].filter((text) => text.textContent.trim())
    .map((text) => [text.textContent, text.getBoundingClientRect(), text.getAttribute("class")]);
  const heads = boxes.filter(([,, kind]) => kind?.startsWith("gtitle"));
  const meet = (a, b) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom;
  return heads.flatMap(([one, a]) =>
    boxes.filter(([two, b]) => two !== one && meet(a, b)).map(([two]) => [one, two]));
}"""


@pytest.fixture(scope="module")
def result(picture: Path) -> Result:
    arms = ["intact", "static", "twin"]
    change, second = asked_change("jigsaw"), read_file(EXAMPLES[0].path)
    asked = {"trust": True, "alpha_to": "static", "change": change, "second": second}
    return report_result("embedded", read_file(picture), arms=arms, shares=True, **asked)


@pytest.fixture(scope="module")
def file(result: Result, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(result, path)
    return path


def opened(browser: Browser, file: Path, width: int = 1280, **options: object) -> tuple[Page, list]:
    """Open a file without any network; returns the page, and what it asks for or complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
    page, faults = context.new_page(), []
    page.on("request", lambda asked: faults.append(asked.url))
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    return page, faults


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_report_draws_its_charts_without_a_network(
    browser: Browser, file: Path, width: int, scheme: str
):
    page, faults = opened(browser, file, width, color_scheme=scheme)
    expect(page.locator("html[data-drawn]")).to_be_attached(timeout=LONG)
    assert [fault for fault in faults if not fault.startswith("data:")] == [file.as_uri()]
    assert page.locator(".chart .main-svg").count() > page.locator(".chart").count() == 15
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    edges = "(all) => all.map((e) => e.getBoundingClientRect().right)"
    assert 0 < max(page.locator("caption").evaluate_all(edges)) <= width
    assert 0 < page.locator(".facts").evaluate("(e) => e.getBoundingClientRect().right") <= width
    ink = page.locator(".chart text").first.evaluate("(text) => getComputedStyle(text).fill")
    assert (sum(map(int, re.findall(r"\d+", ink)[:3])) > 382) == (scheme == "dark")
    page.context.close()


def test_a_report_is_read_without_scripts(browser: Browser, file: Path, result: Result):
    page, _ = opened(browser, file, java_script_enabled=False)
    expect(page.locator("#answers .headline")).to_contain_text(result.trace.top(0, 1)[0].label)
    expect(page.locator(".chart").first).to_contain_text("needs a browser that runs scripts")
    expect(page.locator("#map-gradcam img")).to_have_count(4)
    expect(page.locator("#diagnosis tbody tr")).to_have_count(16)
    page.context.close()


def test_a_report_is_printed_in_light_colours_and_as_wide_as_paper(browser: Browser, file: Path):
    page, _ = opened(browser, file, color_scheme="dark")
    expect(page.locator("html[data-drawn]")).to_be_attached(timeout=LONG)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widths = page.locator(".chart").evaluate_all("(all) => all.map((e) => e._fullLayout.width)")
    assert set(widths) == {680}
    assert page.locator(".chart").first.evaluate("(e) => e.layout.font.color") == PRINT["ink"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".chart").first.evaluate("(e) => e.layout.font.color") != PRINT["ink"]
    page.context.close()


def test_a_reports_chart_is_saved_on_white(browser: Browser, file: Path, tmp_path: Path):
    page, _ = opened(browser, file, accept_downloads=True)
    expect(page.locator("html[data-drawn]")).to_be_attached(timeout=LONG)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save SVG").first.click()
    download.value.save_as(tmp_path / "chart.svg")
    assert rendered(tmp_path / "chart.svg").getpixel((2, 2)) == (255, 255, 255)
    page.context.close()


@pytest.mark.parametrize("name", ["atlas", "effects", "necessity"])
def test_the_browser_prints_a_figure_as_python_does(browser: Browser, result: Result, name: str):
    figure = {
        "atlas": lambda: atlas(result.trace, arm=0, show="s"),
        "effects": lambda: effects_map(result.effects),
        "necessity": lambda: necessity_chart(result.needed),
    }[name]()
    page = browser.new_page()
    page.add_script_tag(content=f"window.SEVIZ_PRINT = {json.dumps(PRINT)};\n{CHARTS_JS}")
    for ground, width in (("white", 900), ("transparent", 300)):
        words = WORDS | {"ground": ground, "width": width}
        theirs = page.evaluate(
            "([figure, words]) => window.sevizPrintable(figure, words).layout",
            [json.loads(figure.to_json()), words],
        )
        ours = json.loads(printable(figure, **words).to_json())["layout"]
        assert same(theirs, ours)
    page.close()


def same(one: object, two: object) -> bool:
    """Tell whether two layouts are equal but for rounding."""
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    return one == (pytest.approx(two) if isinstance(two, float) else two)


def rendered(svg: Path) -> Image.Image:
    """Draw an SVG by another renderer than a browser."""
    rsvg = shutil.which(chromium.RSVG)
    assert rsvg, chromium.NO_RSVG
    png = svg.with_suffix(".rsvg.png")
    subprocess.run([rsvg, str(svg), "-o", str(png)], check=True)
    with Image.open(png) as drawn:
        return drawn.convert("RGB")


def saved(page: Page, chart: str, kind: str, folder: Path, *, ground: str = "white") -> Path:
    """Save a chart of the page as a picture."""
    host = page.locator(chart)
    button = host.get_by_role("button", name="Read as a table, save: ")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    host.get_by_role("combobox", name="Ground of the picture").select_option(ground)
    with page.expect_download() as download:
        host.get_by_role("button", name=f"Save {kind.upper()}").click()
    download.value.save_as(path := folder / f"chart.{kind}")
    button.click()
    return path


@pytest.mark.parametrize("chart", ["#atlas", "#depth", "#before"])
def test_a_saved_svg_stands_alone_and_no_text_of_it_is_clipped(
    shared_page: Page, browser: Browser, tmp_path: Path, chart: str
):
    expect(shared_page.locator("#download")).to_be_visible()
    if chart == "#depth" and not shared_page.locator("#depth").is_visible():
        shared_page.get_by_role("button", name="How are the gates spread").click()
    expect(shared_page.locator(f"{chart} .plot[data-drawn]")).to_be_visible()
    path = saved(shared_page, chart, "svg", tmp_path)
    text = path.read_text("utf-8")
    assert set(re.findall(r"url\([^)#]*(.)", text)) <= {"#"}
    assert not re.search(r'href="(?!data:|#)', text)
    for told in ("embedded", "seviz 0.", "lion.jpg", "seviz trace"):
        assert told in re.sub(r"<[^>]*>", " ", text)
    plain = browser.new_page(viewport={"width": 1400, "height": 1400})
    assert plain.evaluate(CLIPPED, text) == []
    assert plain.evaluate(COVERED) == []
    plain.close()
    pixels = np.asarray(rendered(path))
    assert (pixels[:4] == 255).all()
    assert (pixels[:, :4] == 255).all()
    assert (pixels[:, -3:] == 255).all()
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize(
    ("address", "chart", "told"),
    [
        (
            "dataset&tab=data-classes",
            "#classes-curves",
            ("Tiny-ImageNet-200 (train), 100,000 images", "seviz classes --model embedded"),
        ),
        ("gate&gate=SE_4_6[17]", "#gate-drivers", ("lion.jpg", "--gate 'SE_4_6[17]'")),
        ("laboratory&tab=lab-tables", "#study-here", ("3 seeds", "seviz results --study host")),
        ("networks", "#networks-atlas-a", ("lion.jpg", "compare --networks embedded twin")),
    ],
)
def test_a_chart_of_each_page_says_what_it_is_of_where_it_is_saved(
    page: Page, browser: Browser, tmp_path: Path, address: str, chart: str, told: tuple[str, ...]
):
    page.goto(f"{page.url.partition('?')[0]}?page={address}")
    expect(page.locator(f"{chart} .plot[data-drawn]")).to_be_visible(timeout=LONG)
    path = saved(page, chart, "svg", tmp_path)
    text = path.read_text("utf-8")
    plain = browser.new_page(viewport={"width": 1400, "height": 1400})
    assert plain.evaluate(CLIPPED, text) == []
    assert plain.evaluate(COVERED) == []
    plain.close()
    printed = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
    for part in (*told, "seviz 0."):
        assert part in printed
    assert len(np.unique(np.asarray(rendered(path)).reshape(-1, 3), axis=0)) > 50


def test_a_picture_is_dark_on_white_whatever_the_theme_and_on_nothing_if_so_chosen(
    shared_page: Page, dark: None, tmp_path: Path
):
    expect(shared_page.locator("#download")).to_be_visible()
    for ground, alpha in (("white", 255), ("transparent", 0)):
        path = saved(shared_page, "#atlas", "png", tmp_path, ground=ground)
        with Image.open(path) as drawn:
            whole = np.asarray(drawn.convert("RGBA"))
        assert whole[2, 2, 3] == alpha
        head = whole[: 2 * PRINT["edge"] + 2 * PRINT["title"]]
        assert head[head[..., 3] > 200][:, :3].sum(1).min() < 200


def test_the_report_on_the_page_is_saved_by_one_click(
    page: Page, browser: Browser, picture: Path, tmp_path: Path
):
    answer_photo(page, picture)
    expect(page.locator("#report")).to_be_visible()
    with page.expect_download(timeout=LONG) as download:
        page.locator("#report").click()
    assert download.value.suggested_filename == "seviz-report-embedded.html"
    download.value.save_as(tmp_path / "report.html")
    expect(page.locator("#report-file")).to_be_visible()
    read, _ = opened(browser, tmp_path / "report.html")
    expect(read.locator("h1")).to_contain_text("on garden.png")
    answer = page.locator("#answers .arm .label").first.inner_text()
    expect(read.locator(".column").first).to_contain_text(answer)
    read.context.close()
