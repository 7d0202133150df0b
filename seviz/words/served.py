"""Who answered, and about what, in quiet lines."""

from seviz.photos.examples import Offer


def served_words(
    title: str, classes: int, seconds: float, *, device: str = "CPU", note: str = ""
) -> str:
    """Say which network answered, among how many classes, on which device, and in which time.

    note: a remark about the computation, which is added.
    """
    served = f"{title}, {_counted(classes)} · {device}, float32 · {1000 * seconds:.0f} ms"
    return f"{served} · {note}" if note else served


def kept_words(title: str, classes: int, made: str) -> str:
    """Say which network answered an example that was kept, among how many classes; made: a date."""
    return f"{title}, {_counted(classes)} · kept from {made}"


def _counted(classes: int) -> str:
    return "1 class" if classes == 1 else f"{classes:,} classes"


def example_words(offer: Offer | None) -> str:
    """Mark a result as that of an example; "" for a photograph of one's own."""
    if offer is None:
        return ""
    shows = offer_words(offer)
    return f"An example, {shows}. Upload a photograph of your own to see what its gates do."


def offer_words(offer: Offer) -> str:
    """Say what an example shows, and whether a network does not know that, or gets it wrong."""
    if offer.known is False:
        return f"{offer.example.shows}, which is none of this network’s classes"
    wrong = ", which this network gets wrong" if offer.right is False else ""
    return f"{offer.example.shows}{wrong}"
