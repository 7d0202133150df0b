"""The page's look: one theme and its style sheets, for light and dark and any width."""

import json
from pathlib import Path

import gradio as gr

from seviz import __version__
from seviz.figures import style
from seviz.figures.printable import CHARTS_JS, PRINT

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
# In the order of the cascade; print comes last, as it takes back what others set.
SHEETS: tuple[str, ...] = (
    *("tokens", "base", "controls", "answers", "tabs", "plots", "tables"),
    *("laboratory", "block", "learn", "explore", "explore_explanations", "explore_surgery"),
    *("explore_matters", "explore_pair", "explore_pins", "explore_live", "dataset", "gate"),
    *("gate_pictures", "questions", "print"),
)
TEXT_SHARE = 0.3  # of black or white in an arm's colour where it is text
# Gradio's variables, with their colours in light and in dark.
COLOURS = (
    ("body_background_fill background_fill_primary", "#ffffff", "#0f151c"),
    ("background_fill_secondary block_background_fill", "#f5f8fa", "#171f28"),
    ("block_label_background_fill panel_background_fill", "#f5f8fa", "#171f28"),
    ("border_color_primary", "#d5dee6", "#2f3c49"),
    ("input_background_fill", "#ffffff", "#1f2933"),
    ("input_border_color", "#c3ced8", "#3a4957"),
    ("body_text_color", "#1a2530", "#e7edf3"),
    ("body_text_color_subdued block_info_text_color", "#51606f", "#aab6c3"),
    ("block_title_text_color block_label_text_color", "#374553", "#d3dce5"),
    ("button_primary_background_fill", "#0b6196", "#0b6196"),
    ("button_primary_background_fill_hover", "#084c78", "#084c78"),
    ("button_primary_text_color", "#ffffff", "#ffffff"),
    ("button_secondary_background_fill", "#e6edf3", "#28343f"),
    ("button_secondary_background_fill_hover", "#d8e2ea", "#344250"),
    ("link_text_color link_text_color_visited", "#0b6196", "#6fbdf0"),
    ("link_text_color_hover link_text_color_active", "#084870", "#a5d6f7"),
)


def arms_css() -> str:
    """Declare each arm's colour, and a darker or lighter one of the same hue for its text."""
    share = round(100 * TEXT_SHARE)
    inks = "".join(
        f" --arm-{name}-text: color-mix(in srgb, var(--arm-{name}), var(--ink-end) {share}%);"
        for name in style.ARMS
    )
    colours = "".join(f" --arm-{name}: {colour};" for name, colour in style.ARMS.items())
    aliases = f" --intact: {style.INTACT}; --other: {style.OTHER}; --article: {style.OPEN};"
    return f":root {{{colours}{aliases} }}\n:root, .dark {{{inks} }}\n"


def css(sheets: tuple[str, ...] = SHEETS) -> str:
    """Return the style sheets as one."""
    folder = Path(__file__).parent / "css"
    return arms_css() + "\n".join((folder / f"{name}.css").read_text("utf-8") for name in sheets)


CSS = css()
SCRIPTS = (
    *("stream", "send", "controls", "print", "scrolled", "chart_table", "chart_tools"),
    *("gate_picture", "gate_dimming"),
)


# A relative address: without it, browsers look outside the prefix that the app is served under.
ICON = '<link rel="icon" href="favicon.ico">\n'


def head() -> str:
    """Return what the page's head has beside Gradio's own: scripts for all components."""
    folder = Path(__file__).parent
    scripts = ((folder / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    said = {"SEVIZ_PRINT": PRINT, "SEVIZ_VERSION": f"seviz {__version__}"}
    values = "".join(f"window.{name} = {json.dumps(value)};" for name, value in said.items())
    return ICON + "".join(
        f"<script>\n{script}</script>\n" for script in (values, CHARTS_JS, *scripts)
    )


HEAD = head()


def theme() -> gr.themes.Base:
    """Return the theme; its fonts are the reader's own, so that none is fetched.

    Both schemes have a page, surfaces on it and fields on these, each a step of lightness apart.
    """
    colours = {name: colour for names, *ends in COLOURS for name, colour in _pairs(names, ends)}
    return gr.themes.Base(
        primary_hue=gr.themes.colors.sky,
        neutral_hue=gr.themes.colors.slate,
        font=FONT,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_md,
    ).set(input_border_width="1px", **colours)


def _pairs(names: str, ends: list[str]) -> list[tuple[str, str]]:
    """Give each of Gradio's variables its light and its dark colour."""
    both = zip(("", "_dark"), ends, strict=True)
    return [(name + scheme, colour) for scheme, colour in both for name in names.split()]
