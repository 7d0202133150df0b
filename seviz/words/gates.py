"""What a network's gates mean, and how its figures show them, in sentences."""

from collections.abc import Sequence

from seviz.records.sites import NEAR_ONE, NEAR_ZERO, Site

NO_SQUEEZE = (
    "This network does not squeeze: each position has a gate of its own, there is no z, and s is "
    "the mean of a channel's gates over its positions."
)


HELD = (
    "This network does not squeeze: on this path all positions of a channel get one gate, at its "
    "beginning the mean of their own, so the answer there is not quite that of the network as "
    "trained."
)


def kind_of(sites: Sequence[Site]) -> str:
    """Name the excitation of a network's gates: sigmoid, tanh or relu."""
    kinds = {site.excitation for site in sites}
    return next((kind for kind in ("tanh", "relu") if kind in kinds), "sigmoid")


def unsqueezed(sites: Sequence[Site]) -> str:
    """Say of a network without a squeeze what its s is; "" of all others."""
    return "" if all(site.squeezed for site in sites) else NO_SQUEEZE


def held(sites: Sequence[Site]) -> str:
    """Say what becomes of gates that are held as recorded, where each position has its own."""
    return "" if all(site.squeezed for site in sites) else HELD


def atlas_words(sites: Sequence[Site]) -> str:
    """Say how to read the atlas of a network with these SE blocks."""
    return " ".join(
        filter(
            None,
            [
                "Each row is an SE block, from the first to the last; each cell is one of its "
                f"channels. {COLOURS[kind_of(sites)]} Click a cell to see what it saw. In the pass "
                "without gates, s is what each block computes there; it is not applied.",
                unsqueezed(sites),
            ],
        )
    )


def depth_words(sites: Sequence[Site]) -> str:
    """Say how to read the depth profile of a network with these SE blocks."""
    return (
        "How the gates of each block are spread: the line is the median, the bands hold the middle "
        f"50 % and 90 % of the channels. {COUNTED[kind_of(sites)]}"
    )


COLOURS = {
    "sigmoid": "Bright gates let their channel through, dark ones hold it back.",
    "tanh": (
        "These gates are a tanh's, from −1 to 1: red ones let their channel through as it is, blue "
        "ones (negative) flip its sign, and pale ones, near 0, hold it back."
    ),
    "relu": (
        "These gates are a ReLU's, 0 and up: dark ones hold their channel back, a gate of 1 leaves "
        "it as it is, and brighter ones, over 1, amplify it."
    ),
}
COUNTED = {
    "sigmoid": (
        f"Below, the share of channels left almost alone (s > {NEAR_ONE}, up) and almost shut "
        f"(s < {NEAR_ZERO}, down)."
    ),
    "tanh": (
        "Under 0 a gate turns the sign of its channel. Below, up, the shares of channels left "
        f"almost alone (s > {NEAR_ONE}) and with their sign turned but almost whole "
        f"(s < −{NEAR_ONE}); down, almost shut (|s| < {NEAR_ZERO})."
    ),
    "relu": (
        "Over 1 a gate amplifies its channel. Below, the share of channels amplified (s > 1, up) "
        f"and almost shut (s < {NEAR_ZERO}, down)."
    ),
}
