"""What tests ask of the page as it is drawn, and do to it."""

from playwright.sync_api import Page, expect

NOTICE = 3_000  # ms that Plotly may take to notice a click
DOUBLE_CLICK = 350  # ms: two clicks within 300 are a double click to Plotly, wherever they are


def choose_by_keyboard(page: Page, field: str, title: str) -> None:
    """Choose in a field by its name and Enter, and wait until it is taken.

    Gradio's dropdown takes Enter a moment later, and shuts then; who goes on to the next field
    before leaves this one at what it was. The focus stays in the field.
    """
    field_input = page.locator(f"{field} input")
    field_input.press_sequentially(title)
    expect(field_input).to_have_attribute("aria-expanded", "true")
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


def comes_to_rest(page: Page) -> None:
    """Check that the page, once it has answered, does not ask again by itself, without end."""
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/queue/join" in sent.url else None)
    for _ in range(8):  # an answer leads to questions of other tabs, late where cores are taken
        known = len(asked)
        page.wait_for_timeout(2_500)
        if len(asked) - known < 2:
            return
    raise AssertionError(f"the page asks without end: {len(asked)} times in 20 s")
