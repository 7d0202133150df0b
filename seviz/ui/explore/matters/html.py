"""The pieces of HTML of the tab “What matters”."""

from collections.abc import Iterable

from markupsafe import Markup

from seviz.records.analysis import Effects
from seviz.records.sites import Site
from seviz.reference.diagnosis import Diagnosis
from seviz.ui.parts import tables
from seviz.words.tables import Places, diagnoses_table, effects_table


def top_channels(effects: Effects, places: Places) -> Markup:
    """List the gates measured exactly, the largest effect first, with percentiles where known."""
    return tables.of_gates(effects_table(effects, places))


def diagnoses(found: Iterable[tuple[Site, Diagnosis]]) -> Markup:
    """List all blocks; those that are dead, saturated or constant are set apart."""
    return tables.of_gates(diagnoses_table(found), kind="said", mark="idle")
