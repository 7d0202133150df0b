"""What tests ask of the page as it is drawn, and do to it."""

import time

from opened import UNDER_WAY
from playwright.sync_api import Page, Request, expect

NOTICE = 3_000  # ms that Plotly may take to notice a click
PAUSE = 250  # ms that the page is given to ask something more; its longest delay is 120
WITHOUT_END = 20  # s: a page that still asks then does so without end
# The page's own clock, so that none of the time is spent on drawing.
AT_LEISURE = """pause => new Promise(done => requestIdleCallback(() => setTimeout(
    () => requestIdleCallback(done), pause)))"""
DOUBLE_CLICK = 350  # ms: two clicks within 300 are a double click to Plotly, wherever they are


def choose_by_keyboard(page: Page, field: str, title: str) -> None:
    """Choose in a field by its name and Enter, and wait until it is taken.

    Gradio's dropdown finds what is typed, and takes Enter, a moment later, and shuts then; who goes
    on to the next field before leaves this one at what it was. The focus stays in the field.
    """
    field_input = page.locator(f"{field} input")
    field_input.press_sequentially(title)
    # Another field's list may still be closing.
    listed = page.locator(f"#{field_input.get_attribute('aria-controls')} [role=option].active")
    expect(listed).to_contain_text(title, ignore_case=True)
    field_input.press("Enter")
    expect(field_input).to_have_attribute("aria-expanded", "false")
    expect(field_input).to_be_focused()


def cell(page: Page, view: str, name: str, share: float) -> tuple[float, float]:
    """Return the pixel of an atlas at a block's row and a share of its width, to be clicked on."""
    page.wait_for_timeout(DOUBLE_CLICK)
    return tuple(
        page.evaluate(
            """([view, name, share]) => {
                const plot = document.querySelector(`#${view} .plot`), layout = plot._fullLayout;
                plot.scrollIntoView({block: 'center'});
                const at = plot.getBoundingClientRect();
                const row = layout.yaxis.ticktext.indexOf(name);
                return [at.left + layout.xaxis._offset + layout.xaxis.l2p(share),
                        at.top + layout.yaxis._offset + layout.yaxis.l2p(row)];
            }""",
            [view, name, share],
        )
    )


def click_cell(page: Page, view: str, name: str, share: float) -> None:
    """Click on a cell of an atlas, again where Plotly, on a busy machine, took no notice."""
    for _ in range(3):
        at = cell(page, view, name, share)
        page.evaluate(
            """view => {
                const plot = document.querySelector(`#${view} .plot`);
                window.taken = new Promise(done => plot.once('plotly_click', () => done(true)));
            }""",
            view,
        )
        page.mouse.click(*at)
        late = f"new Promise(done => setTimeout(done, {NOTICE}, false))"
        if page.evaluate(f"Promise.race([window.taken, {late}])"):
            return
    raise AssertionError(f"#{view} took no notice of three clicks on {name}")


def turn_colours(page: Page) -> None:
    """Turn light colours into dark ones, or back, and wait until the charts have followed."""
    page.evaluate(
        """async () => {
            const drawn = [...document.querySelectorAll(".plot[data-drawn]")]
                .filter((plot) => plot._fullLayout).map((plot) => [plot, plot.dataset.drawn]);
            document.body.classList.toggle("dark");
            while (drawn.some(([plot, times]) => plot.dataset.drawn === times))
                await new Promise(requestAnimationFrame);
        }"""
    )


def comes_to_rest(page: Page) -> None:
    """Wait until all is answered and drawn, and check that the page then asks no more by itself.

    An answer leads to questions of other tabs, which the page asks as soon as it has drawn it.
    """
    asked: list[Request] = []

    def note(sent: Request) -> None:
        if "/queue/join" in sent.url:
            asked.append(sent)

    page.on("request", note)
    end, quiet = time.monotonic() + WITHOUT_END, 0
    while UNDER_WAY[page] or quiet < PAUSE:
        assert time.monotonic() < end, f"the page asks without end: {len(asked)} times"
        known = len(asked)
        page.evaluate(AT_LEISURE, PAUSE)
        quiet = quiet + PAUSE if len(asked) == known else 0
    page.remove_listener("request", note)
