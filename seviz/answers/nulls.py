"""Why a value of an answer is null: the one table of reasons, by the name of the field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KEY = "why_null"
NO_REFERENCE = "there are no reference statistics of the network"
NEED_NOT_ADD_UP = "the method's maps need not add up to the score"
ONE_SEED = "there is one seed, which has no spread"
UNKNOWN_FIGURE = "nobody has published or measured it"
NO_PARTS = "the statistics are of an older format, or know fewer than two classes"
NO_RANGES = "the ranges of the network were not measured"
NO_NOISE = "all values are 0, or int8 holds them exactly"
REASONS = {
    "against_intact": "no arm is the network as trained, which arms are compared with",
    "agree": "a network has no head, so it gives no answer",
    "ahead": "this order is random, or no random one was asked for",
    "accuracy": "there are no two classes to tell apart, or too few images",
    "auroc": "the data set has no images of other classes",
    "block": "the article has no name for this block",
    "block_correlation": "the statistics do not hold the class means of z, or fewer than 3 classes",
    "channel_noise_ratio": NO_NOISE,
    "compared": "no classes were named to compare",
    "completeness": "the method does not claim completeness, or this is a control",
    "correlation": "z or s is the same in all classes, or the class means of z were not measured",
    "cosine_place": f"{NO_REFERENCE}, or they are of one image",
    "crop_box": "the network's preprocessing is not a crop of the photograph",
    "data": "no data set was measured on",
    "deviations": f"{NO_REFERENCE}, or this gate never changes there",
    "difference_place": f"{NO_REFERENCE}, or they are of one image",
    "entropy": "a gate is outside 0 … 1",
    "error": NEED_NOT_ADD_UP,
    "explained": "the axes of UMAP hold no known share of the variance",
    "file": "the weights are in no file on this machine",
    "gap": "this is the reference that others are compared with",
    "gate": "no gate was asked about",
    "gate_correlation": "the gates of one of the blocks are all equal",
    "gates": "the gates' shares were not asked for, or fewer than two arms have gates",
    "high": ONE_SEED,
    "histogram": "which images were sampled is not known",
    "infidelity": "it is measured for arms, and this is a control",
    "key": "the network is a file of weights, of which the catalogue has no key",
    "latency": "the time was not measured",
    "latency_quartiles": "the time was not measured",
    "likeness": "which part of the photograph a network sees is not known, or they share none",
    "low": ONE_SEED,
    "maps": "no explanation was asked for",
    "millions": "the article does not report it",
    "moving": NO_REFERENCE,
    "narrow": NO_RANGES,
    "narrow_before": NO_RANGES,
    "neighbours": NO_PARTS,
    "noise_ratio": NO_NOISE,
    "percentile": NO_REFERENCE,
    "photo": "no photograph was given",
    "places": "nothing is squeezed in this block, so each place has gates of its own",
    "reduced": "the block has no layer of such a width, as ECA",
    "reduction": "the block has no r, as ECA",
    "region": "which part of the photograph a network sees is not known, or they share none",
    "saturated": "gates may exceed 1, where they amplify",
    "score": NEED_NOT_ADD_UP,
    "seed": "this order is not random",
    "selectivity": "fewer than two classes have images, or the gate may be under 0 or is 0 in all",
    "share_high": NO_PARTS,
    "share_low": NO_PARTS,
    "sensitivity": "it is measured for arms and methods that are not slow",
    "sha256": "the weights are in no file on this machine",
    "share": "fewer than two classes have images, it was not measured, or the gate never changes",
    "shift": "no other arm was asked, no batch norm follows, or the arm is another network",
    "similarity": "no photographs were given by which gates are compared",
    "size": UNKNOWN_FIGURE,
    "spearman": "a map is the same everywhere",
    "spread": "most channels are always 0",
    "ssim": "both maps are zeros",
    "stage": "the article has no name for this block",
    "still": NO_REFERENCE,
    "stored": "the weights are in no file of a user's own",
    "target": "the network has no head, so it gives no answers",
    "temperature": "it was not measured",
    "top1": UNKNOWN_FIGURE,
    "top1_spread": ONE_SEED,
    "top5": UNKNOWN_FIGURE,
    "total": NEED_NOT_ADD_UP,
    "twin": "there is no twin without SE, or none was asked",
    "unknown_below": "the data set has no images of other classes",
    "weight_correlation": "the weights of the blocks have other shapes",
    "weights": "the weights are in no file on this machine",
    "z": "nothing is squeezed in this block",
}


def with_reasons(value: Any) -> Any:
    """Add to an answer, plain JSON values, why each of its null fields is null, under KEY.

    Of a list of answers, each gets its own.
    """
    if isinstance(value, list | tuple):
        return [with_reasons(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    fields = dict.fromkeys(null_fields(value))
    reasons = {field: REASONS[field] for field in fields if field in REASONS}
    return {**value, KEY: reasons} if reasons else value


def null_fields(value: Any) -> Iterator[str]:
    """Yield the names of the fields that are null, at any depth."""
    if isinstance(value, Mapping):
        for name, of in value.items():
            if of is None:
                yield name
            yield from null_fields(of)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from null_fields(each)
