"""The pictures of all gates of a block, in sentences."""

from seviz.words.gates import sample_words


def overview_words(
    site: str,
    gates: int,
    *,
    live: int | None,
    beyond: int | None,
    sample: tuple[int, int] | None = None,
) -> str:
    """Say how many gates are opened by their pictures further than by most photographs.

    live: how many gates move over the reference images; None where that is not known. sample: how
    many of these images the gates are compared with, and how many there are; None where unknown.
    """
    drawn = f"{gates:,} pictures, one for each gate of {site}"
    if live is None or beyond is None:
        return f"{drawn}."
    if not live:
        return f"{drawn}, none of which moves over the reference images."
    behind = "" if sample is None else f" ({sample_words(*sample)})"
    return (
        f"{drawn}; of the {live:,} that move over the reference images, {beyond:,} "
        f"({100 * beyond / live:.0f} %) are opened further than by 99 of 100 images{behind}."
    )
