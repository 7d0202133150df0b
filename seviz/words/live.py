"""The sentences of the tab “Live”."""

TOO_LARGE = (
    "Live takes a pass for each frame, and for {} this Space would lend a GPU each time, which "
    "uses up your share of the day in minutes. Choose the embedded network, or another small one."
)


def too_large_words(title: str) -> str:
    """Say why a network is not asked live where a GPU is lent by the second; title: its name."""
    return TOO_LARGE.format(title)
