"""The page's look: one theme and one style sheet, for light and dark and any width."""

from pathlib import Path

import gradio as gr

from seviz.figures import style

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
CSS = (
    f":root {{ --intact: {style.INTACT}; --other: {style.OTHER}; --article: {style.OPEN}; }}\n"
    + (Path(__file__).parent / "page.css").read_text("utf-8")
)


def theme() -> gr.themes.Base:
    """Return the theme; its fonts are the reader's own, so that none is fetched."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.sky,
        neutral_hue=gr.themes.colors.slate,
        font=FONT,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_md,
    ).set(
        button_primary_background_fill="#0b6196",
        button_primary_background_fill_dark="#0b6196",
        button_primary_text_color="white",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_200",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
    )
