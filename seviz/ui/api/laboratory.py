"""The laboratory for scripts: what the study found, and what SE costs a network."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from seviz.answers.study import StudyResult, study_report
from seviz.measuring.costs import BlockCost
from seviz.measuring.costs import costs as counted
from seviz.ui.api.arguments import key, refusing, text
from seviz.words.costs import cost_lines
from seviz.zoo import catalogue


@dataclass(frozen=True)
class NetworkCosts:
    """What SE adds to a network; parameters and macs (of one image) are with it.

    formula: the article's 2/r · Σ N·C², of the reduction r that most blocks have; it, biases,
    rounding and other add up to parameters_added. said: all of it in sentences.
    """

    key: str
    r: float
    parameters: int
    parameters_added: int
    formula: float
    biases: int
    rounding: float
    other: int
    macs: int
    macs_added: int
    blocks: list[BlockCost]
    said: list[str]


def study(study: str = "") -> list[StudyResult]:
    """Tell what the laboratory's study of SE variants found, beside what the article reports.

    Args:
        study: host, squeeze, excitation, r, stage or integration; all of them where none is given
    """
    with refusing():
        return study_report(text("study", study))


def costs(model: str = catalogue.EMBEDDED) -> NetworkCosts:
    """Count what SE costs a network in parameters and multiply-adds; no weights are downloaded.

    Args:
        model: key of a network, as `models` lists it
    """
    with refusing():
        return _costs(key(model))


TASKS: tuple[Any, ...] = (study, costs)


@lru_cache(maxsize=64)  # the networks are made to be counted
def _costs(known: str) -> NetworkCosts:
    found = counted(known, timed=False)
    facts = found.to_json() | {"blocks": list(found.blocks), "said": list(cost_lines(found))}
    del facts["latency"], facts["latency_quartiles"]  # they were not measured
    return NetworkCosts(**facts)
