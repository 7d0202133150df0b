"""What the inspector asks the network of one gate; of the gate that a page opens on, it is kept."""

from typing import NamedTuple

import numpy as np

from seviz.answers.channels import block_percentiles
from seviz.figures.effects import drivers_chart, percentile_chart
from seviz.figures.style import Figure
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps, Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.opening import OPENING


class DrivenFigures(NamedTuple):
    """The figures of what drives a gate; None where nothing does, or no statistics are known."""

    drivers: Figure | None
    percentiles: Figure | None


def driven_figures(record: Trace, block: str, channel: int) -> DrivenFigures:
    """Draw what drives a gate, and where its block stands among the reference images."""
    from seviz.analysis.channels import drivers

    driven = ask(drivers, record.model, block, record.z[block][0], channel=channel)
    drives, places = np.nan_to_num(driven.jacobian).any(), block_percentiles(record, block)
    return DrivenFigures(
        drivers_chart(driven) if drives else None,
        None if places is None else percentile_chart(block, places, channel),
    )


def gate_maps(record: Trace, block: str, channel: int, *, arm: Arm) -> FeatureMaps:
    """Run a trace's image once more in an arm, for the features of a gate's block."""
    kept = OPENING.gate(record, block, channel) if arm == INTACT else None
    if kept:
        return kept.maps
    from seviz.passes.forward import feature_maps

    recorded = recorded_for(record.model, [arm])
    return ask(feature_maps, record.model, record.image, block, arm=arm, recorded=recorded)


def silenced(record: Trace, block: str, channel: int) -> Floats:
    """Return the logits (K) of a trace's image with one gate at 0."""
    if kept := OPENING.gate(record, block, channel):
        return kept.silenced
    from seviz.passes.forward import arm_logits

    place = Edit(Rule("set", 0.0), block, ((channel, channel + 1),))
    logits: Floats = ask(arm_logits, record.model, record.image, [Arm("silenced", (place,))])[0]
    return logits
