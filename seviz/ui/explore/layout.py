"""The upper part of the page “Explore”, which stays over all tabs."""

from typing import Any

import gradio as gr

from seviz.gates.history import History
from seviz.ui.parts import html
from seviz.ui.parts.navigation import GATES
from seviz.ui.parts.photo_field import photo_field
from seviz.ui.state import Asked, off_choices
from seviz.zoo import catalogue


def lay_out_question(start: str, notice: str) -> Asked:
    """Lay out the photograph, the network and their answers; notice: a sentence on top, or ""."""
    if notice:
        gr.HTML(html.notice(notice), elem_id="notice")
    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            questions = _questions(start)
        with gr.Column(scale=3, min_width=300):
            answers = gr.HTML(html.WAITING, elem_id="answers")
            download = gr.DownloadButton(
                "Download this result (JSON and arrays)", visible=False, elem_id="download"
            )
    return Asked(
        **questions,
        answers=answers,
        download=download,
        record=gr.State(time_to_live=3600),
        open=gr.State(GATES),
        edits=gr.State(History(), time_to_live=3600),
        sought=gr.State(),
        wanted=gr.State(),
    )


def _questions(start: str) -> dict[str, Any]:
    """Lay out what a person chooses: photograph, network, and what “off” means."""
    photo = photo_field("Photograph", elem_id="photo", examples_id="examples")
    model = gr.Dropdown(
        [(source.title, source.key) for source in catalogue.openable_sources()],
        value=start,
        label="Network",
        elem_id="model",
        filterable=True,
    )
    network = gr.HTML(html.network(catalogue.find(start).entry()), elem_id="network")
    off = gr.Dropdown(
        off_choices(start),
        value=off_choices(start)[0],
        label="“Without gates” means",
        info="Freezing the gates at their mean over the training images removes only their "
        "reaction to this photograph. Setting them to 1 also removes their usual scale, so later "
        "layers see larger values than in training.",
        elem_id="off",
    )
    with gr.Accordion("What this network can recognise", open=False):
        classes = gr.HTML(html.classes(catalogue.find(start).labels), elem_id="classes")
    with gr.Accordion("All networks", open=False):
        networks = gr.HTML(html.networks(catalogue.entries()))
    return {
        "photo": photo,
        "model": model,
        "network": network,
        "off": off,
        "classes": classes,
        "networks": networks,
    }
