"""What the view “Can it go?” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.records.losses import LARGEST_BUDGET, USUAL_BUDGET
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.progress import Run, lay_out_run
from seviz.ui.parts.tables import ChannelTable
from seviz.words.set_necessity import BLOCKS_HINT, FOLD_HINT, PATH_HINT, WAITING

BUDGET_STEP = 0.1  # points of accuracy


@dataclass(frozen=True)
class Parts:
    """The components of the view, and what it shows at present.

    body: what is there only where a network was measured.
    """

    headline: gr.HTML
    body: gr.Column
    arms: gr.HTML
    budget: gr.Slider
    chosen: gr.HTML
    blocks: PlotView
    path: PlotView
    run: Run
    file: gr.DownloadButton
    folded: gr.HTML
    table: ChannelTable
    shown: gr.State

    @property
    def outputs(self) -> list[Any]:
        """List what is drawn anew."""
        of_set = [self.chosen, self.blocks, self.path, self.run.start, self.file, self.folded]
        return [self.headline, self.body, self.arms, *of_set, self.table, self.shown]


def lay_out() -> Parts:
    """Lay out the answer, the set of a budget with its file, and all figures."""
    headline = gr.HTML(html.headline(WAITING, waiting=True), elem_id="spare-headline")
    with gr.Column(visible=False, elem_id="spare-body") as body:
        arms = gr.HTML(elem_id="spare-arms")
        gr.HTML(html.section("Which blocks can go?", BLOCKS_HINT))
        budget = gr.Slider(
            0,
            LARGEST_BUDGET,
            value=USUAL_BUDGET,
            step=BUDGET_STEP,
            label="Budget: points of accuracy that may be lost",
            elem_id="spare-budget",
        )
        chosen = gr.HTML(elem_id="spare-chosen")
        blocks = PlotView(elem_id="spare-blocks")
        path = PlotView(elem_id="spare-path")
        gr.HTML(html.hint(PATH_HINT))
        gr.HTML(html.section("The network without them", FOLD_HINT))
        run = lay_out_run("spare", "Fold these blocks", variant="primary")
        file = gr.DownloadButton("Download", visible=False, size="sm", elem_id="spare-file")
        folded = gr.HTML(elem_id="spare-folded")
        with gr.Accordion("All figures", open=False):
            table = ChannelTable(elem_id="spare-table")
    return Parts(
        headline=headline,
        body=body,
        arms=arms,
        budget=budget,
        chosen=chosen,
        blocks=blocks,
        path=path,
        run=run,
        file=file,
        folded=folded,
        table=table,
        shown=gr.State(""),
    )
