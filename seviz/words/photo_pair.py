"""Two photographs' gates, in sentences."""

from seviz.analysis.photo_pair import MEASURES, BlockDistance, PhotoPair
from seviz.words.numbers import percent, signed

TWO = "of the two photographs"
NAMES = dict(zip(MEASURES, ("cosine distance", "mean |Δs|"), strict=True))
DEPTH_HELP = (
    "How far apart their gates are at each block, as a line over what pairs of reference images "
    "show: above the bands, they differ more than such pairs do. The cosine distance sees the "
    "pattern of the gates alone, the mean |Δs| also how far they are open. Hollow points: a block "
    "whose gates are almost the same for every photograph, which the headline leaves out. Of a "
    "photograph that is changed, each column has a line: the gates that its own pass computes, "
    "before they are replaced."
)
CHANNELS_HELP = (
    "Their gates s for each photograph, sorted by |Δs|; and how large |Δs| is in standard "
    "deviations of that gate over the reference images."
)


def pair_words(pair: PhotoPair, measure: str, *, of: str = TWO) -> tuple[str, str]:
    """Say where along the depth two photographs' gates differ, by one of `MEASURES`.

    of: whose gates they are, within a sentence. Returns the headline, and a second sentence or "".
    """
    if not any(block.difference for block in pair.blocks):
        return f"The gates {of} are the same at every block.", ""
    placed = [
        (block, place)
        for block in pair.blocks
        if (place := block.place(measure)) is not None and not block.constant
    ]
    constant = sum(block.constant for block in pair.blocks)
    if placed:
        every = len(placed) == len(pair.blocks)
        headline, more = _placed_words(placed, every=every, measure=NAMES[measure], of=of)
        return headline, " ".join(filter(None, [more, _left_out_words(constant)]))
    if constant:
        return "This network's gates are almost the same for all photographs.", ""
    most = max(pair.blocks, key=lambda block: block.value(measure))
    return (
        f"The gates {of} differ most at {most.site}: by {signed(most.difference)} on average.",
        "",
    )


def _placed_words(
    placed: list[tuple[BlockDistance, float]], *, every: bool, measure: str, of: str
) -> tuple[str, str]:
    """Compare two photographs' distances, in depth order, with those of reference images.

    every: whether no block of the network is left out; measure: the distance's name; of: as of
    `pair_words`.
    """
    where = "At every block" if every else f"At all {len(placed)} blocks compared"
    gates = f"the gates {of}, by {measure}, are"
    far = [place >= 50 for _, place in placed]
    turn = far.index(True) if any(far) else len(far)
    least = min((place for _, place in placed[turn:]), default=0)
    closer = "closer than those of most pairs of reference images"
    farther = f"farther apart than those of {'90 %' if least >= 90 else 'most'} of the pairs"
    if not any(far):
        return f"{where} {gates} {closer}.", ""
    if all(far):
        return f"{where} {gates} {farther} of reference images.", ""
    if all(far[turn:]):
        before = f"Up to {placed[turn - 1][0].site} {gates} {closer}"
        return f"{before}; from {placed[turn][0].site} on they are {farther}.", ""
    most, place = max(placed, key=lambda pair: pair[1])
    return (
        f"The gates {of} differ most at {most.site} (by {measure}): more than "
        f"those of {percent(place / 100)} of the pairs of reference images.",
        f"At {far.count(False)} of {len(far)} blocks{'' if every else ' compared'} they are closer "
        "than those of most pairs.",
    )


def _left_out_words(constant: int) -> str:
    """Say how many blocks are left out, as their gates hardly depend on the photograph."""
    if not constant:
        return ""
    blocks = "1 block is" if constant == 1 else f"{constant} blocks are"
    return (
        f"{blocks} left out (hollow in the chart): the gates there are almost the same for all "
        "photographs, so a distance means little."
    )
