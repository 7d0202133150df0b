"""The page “Gate”: all that is known of one gate, section by section.

Each section answers by itself once the header has said which gate is shown, so that the page is
there at once; what costs no pass of the network comes first.
"""

import gradio as gr

from seviz.ui.gate.edit import layout as edit_layout
from seviz.ui.gate.edit import view as edit
from seviz.ui.gate.header import layout as header_layout
from seviz.ui.gate.header import view as header
from seviz.ui.gate.images import layout as images_layout
from seviz.ui.gate.images import view as images
from seviz.ui.gate.leading import GatePage
from seviz.ui.gate.photo import layout as photo_layout
from seviz.ui.gate.photo import view as photo
from seviz.ui.gate.pictures import layout as pictures_layout
from seviz.ui.gate.pictures import view as pictures
from seviz.ui.state import Asked


def build(asked: Asked, pages: gr.Tabs) -> None:
    """Lay the page out inside the current gr.Tab and connect it.

    asked: what “Explore” was asked; pages: the app's, of which a gate may open another.
    """
    with gr.Column(elem_id="gate-page"):
        top = header_layout.lay_out()
        on_photo = photo_layout.lay_out()
        made = pictures_layout.lay_out()
        edited = edit_layout.lay_out()
        over = images_layout.lay_out()
    header.connect(asked, top, header.Handlers(asked, top, pages))
    images.connect(top.shown, asked.own, images.Handlers(over))
    edit.connect(edit.Handlers(asked, edited, pages, shown=top.shown))
    of_pictures = pictures.Handlers(made, asked.sheets)
    pictures.connect(top.shown, of_pictures, GatePage(asked, pages))
    photo.connect(top.shown, asked.record, photo.Handlers(on_photo))
