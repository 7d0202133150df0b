"""What the relatives of SE squeeze and excite: they have a z and a gate for each channel too."""

from collections.abc import Sequence
from dataclasses import dataclass

from seviz.phrases import join_list
from seviz.records.sites import (
    CBAM,
    ECA,
    GATHER_EXCITE,
    GLOBAL_CONTEXT,
    KINDS,
    SE,
    SPLIT_ATTENTION,
    Site,
)


@dataclass(frozen=True)
class RelativeWords:
    """A relative of SE. squeeze: what z is; excitation: how s is made of it; source: its paper."""

    squeeze: str
    excitation: str
    source: str


RELATIVES = {
    ECA: RelativeWords(
        "the mean of its feature map",
        "made of the z of a few neighbouring channels, by one convolution over the channels; "
        "there are no W₁ and W₂, and so there is no r",
        "Wang et al. 2020, arXiv 1910.03151",
    ),
    CBAM: RelativeWords(
        "the mean of its feature map; a second descriptor, its maximum, passes the same W₁ and W₂, "
        "and is not shown",
        "made of the sum of both descriptors’ excitations",
        "Woo et al. 2018, arXiv 1807.06521",
    ),
    GATHER_EXCITE: RelativeWords(
        "the mean of its feature map, which that paper calls gathering",
        "made of the z of all channels, or where the block has no weights, of its own z alone",
        "Hu et al. 2018, arXiv 1810.12348",
    ),
    GLOBAL_CONTEXT: RelativeWords(
        "a mean of its feature map whose weights, one a position, are a softmax that the block "
        "computes of all channels",
        "made of the z of all channels, with a layer norm between W₁ and W₂",
        "Cao et al. 2019, arXiv 1904.11492",
    ),
    SPLIT_ATTENTION: RelativeWords(
        "the mean of its feature map behind the block’s own convolution",
        "made of the z of its group of channels; with a radix of 1 there is one gate a channel",
        "Zhang et al. 2020, arXiv 2004.08955",
    ),
}


def block_noun(sites: Sequence[Site]) -> str:
    """Return what a network's blocks are called: “block” where some are relatives of SE."""
    return "SE block" if all(site.kind == SE for site in sites) else "block"


def relatives_words(sites: Sequence[Site]) -> str:
    """Say which of a network's blocks are no SE blocks, and what z and s are there; "" for none."""
    kinds = [kind for kind in RELATIVES if any(site.kind == kind for site in sites)]
    if not kinds:
        return ""
    whose = "Some blocks" if any(site.kind == SE for site in sites) else "The blocks"
    named = join_list(KINDS[kind] for kind in kinds)
    told = " ".join(_terms(kind, named=len(kinds) > 1) for kind in kinds)
    return f"{whose} of this network are {named}, relatives of SE. {told}"


def relative_words(site: Site) -> str:
    """Say what a block that is no SE block is, and what its z and s are."""
    return f"{site.name} is {KINDS[site.kind]}, a relative of SE. {_terms(site.kind, named=False)}"


def _terms(kind: str, *, named: bool) -> str:
    words = RELATIVES[kind]
    where = f"In {KINDS[kind]}, z" if named else "z"
    return (
        f"{where} (squeeze) is, for each channel, {words.squeeze}. s (excitation), the channel’s "
        f"gate, is {words.excitation} ({words.source})."
    )
