"""Asks a network about two photographs, for the page, the command line and scripts."""

from dataclasses import dataclass

from PIL import Image

from seviz.analysis.photo_pair import (
    CHANNELS,
    MEASURES,
    BlockDistance,
    ChannelDifference,
    compare_photographs,
)
from seviz.answers.export import TOPK
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.records.trace import Answer, Trace
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.words.photo_pair import parted
from seviz.zoo import catalogue


@dataclass(frozen=True)
class Compared:
    """Two photographs in one network, as plain values: what `compare --json` prints.

    headline: where their gates part; reference: the name of the data set whose images the places
    (0 to 100) are taken from, or "" where none is known; first and second: the best answers to
    each; blocks: in depth order; channels: those whose gates s differ most, that first.
    """

    model: str
    headline: str
    reference: str
    first: list[Answer]
    second: list[Answer]
    blocks: list[BlockDistance]
    channels: list[ChannelDifference]


def compared(
    key: str,
    first: Image.Image,
    second: Image.Image,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> Compared:
    """Compare two RGB photographs by the gates and answers of a network of the catalogue.

    profile: the reference, by default the one that travels with the network, if any. UserError
    where the network can't be had or the profile is not of it.
    """
    traces = [ask(trace, key, photo, [INTACT]) for photo in (first, second)]
    return compared_traces(traces[0], traces[1], topk=topk, channels=channels, profile=profile)


def compared_traces(
    first: Trace,
    second: Trace,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> Compared:
    """Compare as `compared` does, photographs that were traced already (each one's first row)."""
    if profile is not None:
        profile.check_fits(catalogue.identity(first.model), first.sites)
    found = compare_photographs(first, second, profile or reference(first.model), channels)
    return Compared(
        model=found.model,
        headline=" ".join(parted(found, MEASURES[0])).strip(),
        reference=found.data,
        first=first.top(0, topk),
        second=second.top(0, topk),
        blocks=list(found.blocks),
        channels=list(found.channels),
    )
