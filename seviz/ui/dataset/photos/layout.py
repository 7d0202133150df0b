"""What the view “Your photographs” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.dataset.photos.files import DropField
from seviz.ui.dataset.photos.gallery import ALL, ORDER, SORTS
from seviz.ui.dataset.photos.html import PICK_JS
from seviz.ui.parts import html
from seviz.ui.parts.sent_files import SentFiles, files_field

HELP = (
    "Photographs of your own, with the network’s answers and gates. No labels are needed; where "
    "class folders are, answers are held against them. Click one to open it in Explore."
)
EMPTY = "Send photographs, and they stand here with their answers."


@dataclass(frozen=True)
class Parts:
    """The components of the view, from top to bottom, and what it shows at present.

    near: the photograph that distances are to; shown: what the gallery shows.
    """

    drop: DropField
    files: SentFiles
    headline: gr.HTML
    skipped: gr.HTML
    controls: gr.Column
    by: gr.Dropdown
    block: gr.Dropdown
    channel: gr.Number
    blocks: gr.Dropdown
    turned: gr.Checkbox
    forget: gr.Button
    sorted_by: gr.HTML
    gallery: gr.HTML
    near: gr.State
    shown: gr.State

    @property
    def sorting(self) -> list[Any]:
        """List what says how photographs are sorted, in the order of `gallery.Sorting`."""
        return [self.by, self.block, self.channel, self.blocks, self.near, self.turned]

    @property
    def outputs(self) -> list[Any]:
        """List what the photographs and their order change."""
        told = [self.headline, self.skipped, self.controls, self.forget]
        fields = [self.by, self.block, self.channel, self.blocks, self.near]
        return [*told, *fields, self.sorted_by, self.gallery, self.shown]


def lay_out() -> Parts:
    """Lay out the field for files, what came of them, how they are sorted, and the gallery."""
    gr.HTML(html.hint(HELP))
    drop, files = DropField(elem_id="photos-drop"), files_field()
    headline = gr.HTML(html.headline(EMPTY, waiting=True), elem_id="photos-headline")
    skipped = gr.HTML(elem_id="photos-skipped")
    with gr.Column(visible=False, elem_id="photos-controls") as controls:
        with gr.Row():
            by = gr.Dropdown(list(SORTS), value=ORDER, label="Sorted by", elem_id="photos-by")
            block = gr.Dropdown(
                [], label="Block", elem_id="photos-block", filterable=True, visible=False
            )
            channel = gr.Number(
                0, label="Channel", precision=0, elem_id="photos-channel", visible=False
            )
            blocks = gr.Dropdown(
                [("all blocks", ALL)],
                value=ALL,
                label="Gates of",
                elem_id="photos-blocks",
                filterable=True,
                visible=False,
            )
            turned = gr.Checkbox(label="The other way round", elem_id="photos-turned")
        sorted_by = gr.HTML(elem_id="photos-sorted")
    gallery = gr.HTML(js_on_load=PICK_JS, elem_id="photos-gallery")
    forget = gr.Button("Forget my photographs", size="sm", visible=False, elem_id="photos-forget")
    return Parts(
        drop=drop,
        files=files,
        headline=headline,
        skipped=skipped,
        controls=controls,
        by=by,
        block=block,
        channel=channel,
        blocks=blocks,
        turned=turned,
        forget=forget,
        sorted_by=sorted_by,
        gallery=gallery,
        near=gr.State(0),
        shown=gr.State(time_to_live=3600),
    )
