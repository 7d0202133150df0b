"""Where the gates of two photographs differ: a typed report, ready for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from seviz.analysis.photo_pair import (
    CHANNELS,
    MEASURES,
    BlockDistance,
    ChannelDifference,
    PhotoPair,
    compare_photographs,
)
from seviz.answers.trace import TOPK
from seviz.passes.dispatch import ask
from seviz.passes.gpu_seconds import counts
from seviz.records.arms import INTACT
from seviz.records.trace import Answer, Trace
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.words.photo_pair import pair_words
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class PhotoPairReport:
    """The differences of two photographs' gates in one network.

    headline: where along the depth they differ; reference: the name of the data set whose pairs of
    images the places (percentiles, 0 to 100) refer to, or "" without; first and second: the best
    answers to each; blocks: in depth order; channels: those whose gates s differ most, that first.
    headline is of the cosine distance, headline_of_difference of the mean absolute difference.
    """

    model: str
    headline: str
    reference: str
    first: list[Answer]
    second: list[Answer]
    blocks: list[BlockDistance]
    channels: list[ChannelDifference]
    headline_of_difference: str = ""


@dataclass(frozen=True, eq=False)
class PhotoPairAnswer:
    """A report with the records that it was made from; profile: the reference, None without."""

    report: PhotoPairReport
    pair: PhotoPair
    first: Trace
    second: Trace
    profile: Profile | None


def photo_pair_report(
    key: str,
    first: Image.Image,
    second: Image.Image,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> PhotoPairReport:
    """Return the report of `photo_pair_answer` alone."""
    asked = photo_pair_answer(key, first, second, topk=topk, channels=channels, profile=profile)
    return asked.report


def photo_pair_answer(
    key: str,
    first: Image.Image,
    second: Image.Image,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> PhotoPairAnswer:
    """Compare two RGB photographs by the gates and answers of a network of the catalogue.

    profile: the reference, by default the network's own, if there is one. UserError
    where the network can't be had or the profile is not of it.
    """
    one, other = ask(_traces, key, (first, second))
    if profile is not None:
        profile.check_fits(find(one.model), one.sites)
    return answer_of_traces(one, other, topk=topk, channels=channels, profile=profile)


def answer_of_traces(
    one: Trace,
    other: Trace,
    *,
    topk: int = TOPK,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> PhotoPairAnswer:
    """Compare two photographs by traces whose first arms are intact; the rest as above."""
    known = profile or reference(one.model)
    pair = compare_photographs(one, other, known, k=channels)
    headlines = [" ".join(pair_words(pair, measure)).strip() for measure in MEASURES]
    report = PhotoPairReport(
        model=pair.model,
        headline=headlines[0],
        headline_of_difference=headlines[1],
        reference=pair.data,
        first=one.top(0, topk) if one.labels else [],
        second=other.top(0, topk) if other.labels else [],
        blocks=list(pair.blocks),
        channels=list(pair.channels),
    )
    return PhotoPairAnswer(report, pair, one, other, known)


@counts(lambda _, photos: 2 * len(photos))
def _traces(loaded: LoadedModel, photos: Sequence[Image.Image]) -> list[Trace]:
    """Trace photographs through the network as trained."""
    from seviz.passes.forward import trace

    return [trace(loaded, photo, [INTACT]) for photo in photos]
