"""The page “Explore” but for its tabs: what is asked, what is answered, and one gate."""

import json
from typing import Any

import gradio as gr

from seviz.gates.history import History
from seviz.records.arms import ARMS
from seviz.reference.arm_choice import default_arms
from seviz.ui.address import KeptFields, returns
from seviz.ui.explore.first_answer import NO_CLASS, FirstAnswer, minus_choices
from seviz.ui.explore.network import layout as own_network
from seviz.ui.parts import cpu_choice, html, sheets
from seviz.ui.parts.navigation import GATES
from seviz.ui.parts.photo_field import first_example, photo_field
from seviz.ui.state import offered_columns
from seviz.words.arms import arm_title
from seviz.zoo import catalogue

# On a telephone the settings are folded away under this button.
FOLD_JS = """
const button = element.querySelector("button");
button.addEventListener("click", () => {
  const open = document.querySelector("#settings").classList.toggle("unfolded");
  button.setAttribute("aria-expanded", open);
});
"""
FOLD = '<button type="button" aria-expanded="false">Network, columns and class</button>'


def column_choices(names: list[str], *, key: str = "") -> list[tuple[str, str]]:
    """Return arms by what people read and by name; key: of their network, if it is known."""
    arms = [ARMS[name] for name in names]
    named = catalogue.find(key).named(arms) if key else arms
    return [(arm_title(arm), arm.name) for arm in named]


def lay_out_rail(start: str, first: FirstAnswer | None) -> dict[str, Any]:
    """Lay out what stays in sight: photograph, network, columns, and the class to follow."""
    with gr.Column(elem_id="photo-part"):
        photo, examples, photo_changed = photo_field(
            "Photograph",
            elem_id="photo",
            examples_id="examples",
            network=start,
            value=first_example(start),
        )
    with gr.Column(elem_id="settings"):
        gr.HTML(FOLD, js_on_load=FOLD_JS, elem_id="settings-fold")
        model = gr.Dropdown(
            network_choices(),
            value=start,
            label="Network (type to find one)",
            elem_id="model",
            filterable=True,
        )
        network = gr.HTML(html.network(catalogue.find(start).entry()), elem_id="network")
        upload = own_network.lay_out()
        cpu_choice.lay_out()
        fields = _comparison(start)
        target = gr.Dropdown(
            first.targets if first else [],
            value=first.targets[0][1] if first else None,
            label="Class to follow (type to find one)",
            elem_id="target",
            interactive=True,
            filterable=True,
        )
        minus = gr.Dropdown(
            minus_choices(first.targets if first else []),
            value=NO_CLASS,
            label="Rather than (its logit is subtracted)",
            elem_id="minus",
            interactive=True,
            filterable=True,
        )
        with gr.Accordion("What this network can recognise", open=False):
            classes = gr.HTML(html.classes(catalogue.find(start).labels), elem_id="classes")
    return {
        "photo": photo,
        "photo_changed": photo_changed,
        "examples": examples,
        "model": model,
        "network": network,
        "upload": upload,
        **fields,
        "target_field": target,
        "minus_field": minus,
        "classes": classes,
        "sheets": sheets.lay_out(start),
    }


def network_choices() -> list[tuple[str, str]]:
    """List the networks as the picker shows them: name, size, accuracy, licence, where it is."""
    return [
        (html.picker_line(source.entry()), source.key) for source in catalogue.openable_sources()
    ]


def titles_script() -> str:
    """Tell the page all networks' names, so that it can find them by other spellings."""
    titles = json.dumps([source.title for source in catalogue.openable_sources()])
    return "<script>window.SEVIZ_NETWORKS = " + titles.replace("<", "\\u003c") + ";</script>"


def _comparison(start: str) -> dict[str, Any]:
    """Lay out the columns, and which of them the tabs compare with the network as trained."""
    chosen = [arm.name for arm in default_arms(start)[1:]]
    columns = gr.Dropdown(
        column_choices(offered_columns(start), key=start),
        value=chosen,
        multiselect=True,
        label="Columns beside “with gates” (up to four)",
        elem_id="columns",
    )
    arm = gr.Radio(
        column_choices(chosen, key=start),
        value=chosen[0],
        label="The tabs compare “with gates” to",
        elem_id="arm",
    )
    return {"columns": columns, "arm_field": arm}


def lay_out_answers(first: FirstAnswer | None) -> dict[str, Any]:
    """Lay out the headline, the columns of answers, and the download."""
    with gr.Column(elem_id="told"):
        answers = gr.HTML(first.answers if first else html.WAITING, elem_id="answers")
        with gr.Row(elem_id="downloads"):
            report = gr.Button("Report", visible=False, elem_id="report", size="sm")
            report_file = gr.DownloadButton(
                "Save report", visible=False, elem_id="report-file", size="sm"
            )
            download = gr.DownloadButton("Download", visible=False, elem_id="download", size="sm")
    return {
        "answers": answers,
        "download": download,
        "report": report,
        "report_file": report_file,
    }


def states() -> dict[str, Any]:
    """Make what all parts share and nobody sees; the first answer fills it."""
    return {
        "record": gr.State(time_to_live=3600),
        "arm": gr.State(),
        "target": gr.State(),
        "choice": gr.State(0),
        "open": gr.State(GATES),
        "edits": gr.State(History(), time_to_live=3600),
        "wanted": gr.State(),
        "moved": gr.State(),
        "sought_class": gr.State(""),
        "own": gr.State(time_to_live=3600),
        "networks": gr.State(),
        "weighed": gr.State(time_to_live=3600),
        "explained": gr.State(time_to_live=3600),
        "trusted": gr.State(time_to_live=3600),
        "alpha_path": gr.State(time_to_live=3600),
        "compared": gr.State(time_to_live=3600),
        "statistics": gr.State(""),
        "returned": returns(),
        "kept": KeptFields(),
    }
