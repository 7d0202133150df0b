"""Where the gates of two photographs differ: a typed report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.analysis.photo_pair import (
    CHANNELS,
    MEASURES,
    BlockDistance,
    ChannelDifference,
    compare_photographs,
)
from seviz.answers.trace import TOPK
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.records.trace import Answer
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.words.photo_pair import pair_words
from seviz.zoo.catalogue import find


@dataclass(frozen=True)
class PhotoPairReport:
    """Two photographs in one network.

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


def photo_pair_report(
    key: str,
    first: Image.Image,
    second: Image.Image,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> PhotoPairReport:
    """Compare two RGB photographs by the gates and answers of a network of the catalogue.

    profile: the reference, by default the one that travels with the network, if any. UserError
    where the network can't be had or the profile is not of it.
    """
    one, other = (ask(trace, key, photo, [INTACT]) for photo in (first, second))
    if profile is not None:
        profile.check_fits(find(one.model).identity, one.sites)
    found = compare_photographs(one, other, profile or reference(one.model), k=channels)
    return PhotoPairReport(
        model=found.model,
        headline=" ".join(pair_words(found, MEASURES[0])).strip(),
        reference=found.data,
        first=one.top(0, topk),
        second=other.top(0, topk),
        blocks=list(found.blocks),
        channels=list(found.channels),
    )
