"""What the page of a gate says of which gate it shows, and of what is not there."""

from seviz.phrases import brief
from seviz.records.arms import Edit
from seviz.words.numbers import decimals
from seviz.words.places import HINT as PLACES_HINT
from seviz.words.surgery import edit_words

NO_STATISTICS = (
    "There are no statistics of this network over images here: python -m seviz profile makes them, "
    "and python -m seviz app --profile FILE brings them here. Photographs of your own make some at "
    "once (Data set, Your photographs)."
)
NO_PHOTOGRAPH = (
    "{title} has answered no photograph yet. Where Explore holds one, its answer comes in a "
    "moment; else choose one there, and this page tells what the gate does on it."
)
NO_PLACES = (
    "Nothing is squeezed in {block}, so each place has a gate of its own, and there is no one gate "
    "to take back to places."
)
PICTURES_HINT = (
    "U: the channel’s feature map before its gate. s·U: after it, as the layers behind it receive "
    f"it. “Added to s”: the places that open the gate. {PLACES_HINT}"
)
DRIVERS_HINT = (
    "Left: which z of the block drive this gate, how much its s rises as one z rises (∂s/∂z, the "
    "exact derivative of the gate’s two layers). Right: where the gates of its block lie among "
    "those of a sample of the reference images; on the dotted line, if all percentiles are equally "
    "frequent."
)
IMAGES_TEXT = "What the gate does for the images that are chosen on the page Data set."
EDIT_TEXT = (
    "Change this gate and see what the network answers then. Edits are those of the tab Surgery: "
    "they add up, and can be undone there."
)


def no_gate_words(wrong: str, title: str, shown: str) -> str:
    """Say that an address names no gate of a network, and which gate is shown instead."""
    return f"There is no gate {brief(wrong)} in {title}; shown is {shown}."


def unknown_words(title: str) -> str:
    """Say that a network's gates are not known yet, and what makes them known."""
    return (
        f"The gates of {title} are not known yet: choose a photograph in Explore, and it answers."
    )


def opening_words(title: str, name: str) -> str:
    """Say that a network is being opened for a gate."""
    return f"{title} is being opened for its gate {name}."


def here_words(name: str, s: float | None) -> str:
    """Head the page of a gate without statistics; s: on the photograph, None where unknown."""
    if s is None:
        return f"{name}: no photograph and no statistics tell of this gate yet."
    return f"{name} is {decimals(s, 3)} on this photograph."


def place_words(channel: int, channels: int, block: str, *, title: str) -> str:
    """Say what a gate is and where: the channel, of how many, the block, the network's title."""
    return (
        f"Channel {channel} (of 0 to {channels - 1}) of {block} in {title}. Its gate "
        "s is the factor that the block multiplies this channel by, anew for each photograph."
    )


def edited_words(own: Edit | None, others: int) -> str:
    """Say how a gate is edited on its own, and how many other edits there are with it."""
    said = "This gate is not edited." if own is None else f"{edit_words(own)}."
    if not others:
        return said
    more = f"{others} other edit{'s' * (others > 1)} of the tab Surgery"
    return f"{said} {more} hold{'s' * (others == 1)}, too."
