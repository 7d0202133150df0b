"""What a network's gates mean, and how to read the figures of them, in sentences."""

from collections.abc import Sequence

from seviz.records.sites import Site
from seviz.reference.diagnosis import moves
from seviz.words.numbers import decimals
from seviz.words.relatives import block_noun, relatives_words
from seviz.words.se import EXCITATIONS, SQUEEZES, ExcitationWords

ROWS = "from the first to the last; each cell is one of its channels."
CLICK = " Click a cell to see its map."
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


def terms_words(sites: Sequence[Site], squeeze: str = "avg") -> str:
    """Explain z and s in one line; squeeze: a key of `SQUEEZES`, how the network squeezes."""
    if unsqueezed := unsqueezed_words(sites):
        return unsqueezed
    if relatives := relatives_words(sites):
        return relatives
    return (
        "z (squeeze, the channel descriptor): one number for each channel, "
        f"{SQUEEZES[squeeze].definition} of its feature map. s (excitation): its gate, made of the "
        f"z of all channels, a factor {excitation_of(sites).gates} that the map is multiplied by."
    )


def _rows(sites: Sequence[Site]) -> str:
    noun = block_noun(sites)
    return f"Each row is {'an' if noun == 'SE block' else 'a'} {noun}, {ROWS}"


def atlas_words(sites: Sequence[Site], show: str = "s", *, click: bool = True) -> str:
    """Say how to read the atlas of a network with these SE blocks.

    show: s, z or applied; click: whether a click on a cell does anything.
    """
    return f"{_rows(sites)} {_colour_words(sites, show)}{CLICK if click else ''}"


def _colour_words(sites: Sequence[Site], show: str) -> str:
    if show == "z":
        return "Of z, red is over 0, blue under it and pale near it, each block on its own scale."
    if show == "applied":
        return (
            f"{excitation_of(sites).colours} Orange marks stand under the gates that an edit "
            "changed."
        )
    return (
        f"{excitation_of(sites).colours} In a column without gates, s is what each block computes "
        "there; it is not applied."
    )


def difference_words(show: str, first: str, second: str, *, click: bool = True) -> str:
    """Say how to read an atlas of one arm's s or z minus another's; first, second: their titles.

    click: as of `atlas_words`.
    """
    computed = ", as each block computes it there" if show == "s" else ""
    return (
        f"Each row is a block, {ROWS} Colours are {show} in “{first}” minus {show} in “{second}”"
        f"{computed}: red where “{first}” has the larger value, blue where it has the smaller, "
        f"pale where both are alike.{CLICK if click else ''}"
    )


def depth_words(sites: Sequence[Site]) -> str:
    """Say how to read the depth profile of a network with these SE blocks."""
    return (
        "How the gates of each block are spread: the line is the median, the bands hold the middle "
        f"50 % and 90 % of the channels. {excitation_of(sites).counted}"
    )


def sample_words(sampled: int, images: int) -> str:
    """Say of which reference images percentiles are: a sample of so many of them, or all."""
    if sampled < images:
        return f"a sample of {sampled:,} of the {images:,} reference images"
    return f"the {images:,} reference images"


def usual_words(mean: float, std: float, place: float) -> str:
    """Say how usual a gate is: mean and std of it over the reference images, and its percentile."""
    if not moves(std):
        spread = f"{decimals(mean, 3)} ± {decimals(std, 3)}"
        return f"It hardly ever moves: for other photographs it is {spread}."
    share = place if place in (0, 100) else min(max(place, 1), 99)  # 99.7 is not all of them
    return (
        f"For other photographs it is {decimals(mean, 2)} ± {decimals(std, 2)}: here it is larger "
        f"than for {share:.0f} % of them."
    )


def effect_words(score: str, effect: float) -> str:
    """Say what a gate adds to a score: the score as it is, less that with the gate at 0.

    score: its name within a sentence, such as “the logit of lion”.
    """
    if round(abs(effect), 3) == 0:
        return f"Shutting it alone leaves {score} as it is."
    verb = "lowers" if effect > 0 else "raises"
    return f"Shutting it alone {verb} {score} by {decimals(abs(effect), 3)}."
