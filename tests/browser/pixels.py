"""Where things stand on the page, in pixels."""

from playwright.sync_api import Page


def cell(page: Page, view: str, name: str, share: float) -> tuple[float, float]:
    """Return the pixel of an atlas at a block's row and a share of its width."""
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
