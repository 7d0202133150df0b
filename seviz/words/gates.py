"""What a network's gates mean, and how to read the figures of them, in sentences."""

from collections.abc import Sequence

from seviz.records.sites import Site
from seviz.words.se import EXCITATIONS, ExcitationWords

NO_SQUEEZE = (
    "This network does not squeeze: each position has a gate of its own, there is no z, and s is "
    "the mean of a channel's gates over its positions."
)
HELD = (
    "This network does not squeeze: on this path all positions of a channel have one gate, which "
    "begins at the mean of their own gates, so the answer there is not quite that of the network "
    "as trained."
)


def kind_of(sites: Sequence[Site]) -> str:
    """Name the excitation of a network's gates: sigmoid, tanh or relu."""
    kinds = {site.excitation for site in sites}
    return next((kind for kind in ("tanh", "relu") if kind in kinds), "sigmoid")


def excitation_of(sites: Sequence[Site]) -> ExcitationWords:
    """Return the words for a network's gates."""
    return EXCITATIONS[kind_of(sites)]


def unsqueezed_words(sites: Sequence[Site]) -> str:
    """Say what s is in a network without a squeeze; "" for all others."""
    return "" if all(site.squeezed for site in sites) else NO_SQUEEZE


def held_words(sites: Sequence[Site]) -> str:
    """Warn that a path sets one gate per channel where each position has its own; else ""."""
    return "" if all(site.squeezed for site in sites) else HELD


def atlas_words(sites: Sequence[Site]) -> str:
    """Say how to read the atlas of a network with these SE blocks."""
    text = (
        "Each row is an SE block, from the first to the last; each cell is one of its channels. "
        f"{excitation_of(sites).colours} Click a cell to see its map. In the pass without "
        "gates, s is what each block computes there; it is not applied."
    )
    return " ".join(filter(None, [text, unsqueezed_words(sites)]))


def depth_words(sites: Sequence[Site]) -> str:
    """Say how to read the depth profile of a network with these SE blocks."""
    return (
        "How the gates of each block are spread: the line is the median, the bands hold the middle "
        f"50 % and 90 % of the channels. {excitation_of(sites).counted}"
    )
