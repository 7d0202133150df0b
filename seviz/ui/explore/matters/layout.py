"""What the tab “What matters” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable

BLOCKS_HELP = (
    "Each row is a block, from the first to the last. The bar is the change of the target's "
    "logit (of two classes, of the first's lead) when the gates of this block alone are replaced; "
    "the line, when those of all blocks after it are replaced with it. ✕ marks where the top "
    "answer changes."
)
CHANNELS_HELP = (
    "What each gate adds to the target's logit, or to the lead of the first of two classes (red), "
    "or takes from it (blue), to first order: s·∂logit/∂s. In each block's row the channels stand "
    "from the most helpful to the most harmful. The strongest are also measured exactly, by "
    "setting the gate to 0: where both differ, even in sign, the exact value holds. Click a cell "
    "to see what drives its gate."
)
DIAGNOSIS_HELP = (
    "Whether the gates of each block work at all: gates that are always open, always shut, or the "
    "same for every photograph do nothing that plain weights could not do."
)


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom, and what it shows at present.

    strongest: a sentence on the gate with the largest effect; fold: holds the diagnoses, which are
    worked out when it is opened; unfolded: whether it is open.
    """

    headline: gr.HTML
    blocks: PlotView
    strongest: gr.HTML
    effects: PlotView
    top: ChannelTable
    fold: gr.Accordion
    diagnoses: ChannelTable
    unfolded: gr.State
    shown: gr.State

    @property
    def answers(self) -> list[Any]:
        """List what a question changes."""
        of_channels = [self.strongest, self.effects, self.top]
        return [self.headline, self.blocks, *of_channels, self.diagnoses, self.shown]

    @property
    def views(self) -> list[Any]:
        """List where gates are selected."""
        return [self.blocks, self.effects, self.top, self.diagnoses]


def lay_out(shown: gr.State) -> Parts:
    """Lay out the tab: blocks, then channels, then the folded state of all blocks.

    shown: holds what it shows, for the report, too.
    """
    with gr.Column(elem_id="matters"):
        headline = gr.HTML(elem_id="matters-headline")
        blocks = PlotView(elem_id="matters-blocks")
        gr.HTML(html.hint(BLOCKS_HELP))
        gr.HTML(html.section("Which channels moved the answer?", ""))
        strongest = gr.HTML(elem_id="matters-strongest")
        effects = PlotView(elem_id="matters-effects")
        gr.HTML(html.hint(CHANNELS_HELP))
        top = ChannelTable(elem_id="matters-top", elem_classes="gate-table")
        with gr.Accordion(
            "Diagnosis: do the gates of each block work at all?", open=False, elem_id="matters-fold"
        ) as fold:
            gr.HTML(html.hint(DIAGNOSIS_HELP))
            diagnoses = ChannelTable(elem_id="matters-diagnoses", elem_classes="gate-table")
    return Parts(
        headline=headline,
        blocks=blocks,
        strongest=strongest,
        effects=effects,
        top=top,
        fold=fold,
        diagnoses=diagnoses,
        unfolded=gr.State(False),
        shown=shown,
    )
