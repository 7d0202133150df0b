"""A data set's images as points, and two sets of them compared, in sentences."""

from seviz.records.image_map import ImageMap, Selections
from seviz.words.numbers import decimals, percent

LARGE = 0.8  # pooled standard deviations that are called a large difference (Cohen)
ENOUGH = 10  # images in a selection: of fewer, large differences are often chance
HINT = (
    "Each point is an image; images lie near each other where the gates of this block are alike. "
    "Drag around points, or choose a class, for selection A, then for B: the table lists the gates "
    "that differ most between them."
)
NO_IMAGES = (
    "There are no images to lay out: a file of images must lie beside the statistics of this "
    "network; `python -m seviz profile --data DIR_OR_ZIP --out FILE` writes both."
)
NAMES = {"pca": "PCA", "umap": "UMAP"}
CHANCE = "naming classes as often as they occur"


def headline(shown: ImageMap) -> str:
    """Say in one sentence how much class is in the gates of a block."""
    of = f"{len(shown.points):,} images by the gates of {shown.site}"
    accuracy = shown.accuracy()
    if accuracy is None:
        return f"{of}: without classes to tell apart."
    return (
        f"{of}: the nearest others are of an image’s own class {percent(accuracy)} of the time; "
        f"by chance it would be {percent(shown.chance)}."
    )


def axes_words(shown: ImageMap) -> str:
    """Say what the axes of a map mean."""
    if shown.explained is None:
        return "UMAP keeps neighbours together; its axes and distances between groups mean nothing."
    first, second = (percent(share) for share in shown.explained)
    return (
        f"The axes are the two directions along which the {shown.channels} gates vary most: they "
        f"hold {first} and {second} of the variance."
    )


def depth_words(shown: ImageMap) -> str:
    """Say in which block the gates tell most of an image's class."""
    known = {of.site: of.accuracy for of in shown.neighbours if of.accuracy is not None}
    if not known:
        return "Without classes, how much class is in the gates can’t be measured."
    best = max(known, key=lambda site: known[site])
    text = (
        f"The gates of {best} alone tell most: in {percent(known[best])} of the images the ten "
        f"nearest others name the class, where chance is {percent(shown.chance)}."
    )
    return f"{text} {shown.note}".strip()


def selections_words(found: Selections, a: str, b: str) -> str:
    """Say how many gates differ much between two selections; a, b: what they are called."""
    large = sum(1 for of in found.gates if of.deviations is None or abs(of.deviations) >= LARGE)
    large -= sum(1 for of in found.gates if of.deviations is None and of.a == of.b)
    few = min(found.images_a, found.images_b) < ENOUGH
    chance = " So few images differ as much in some gates by chance." if few else ""
    return (
        f"{large} of the {len(found.gates)} gates of {found.site} differ by {decimals(LARGE, 1)} "
        f"standard deviations or more between A ({a}, {_images(found.images_a)}) and B ({b}, "
        f"{_images(found.images_b)}).{chance}"
    )


def _images(count: int) -> str:
    return f"{count:,} image{'s' * (count != 1)}"
