"""Sentences about collections of photographs."""

from seviz.photos.collect import SIDE
from seviz.phrases import brief, photographs_words
from seviz.records.collection import Collection, Photographs
from seviz.reference.profile import Profile
from seviz.words.numbers import percent

NO_REFERENCE = "Reference images: none are known of this network"
CHOOSE_OWN = (
    "Choose “Your photographs” to see classes, gates and the map over these, and to have static "
    "gates and percentiles of them."
)
UNKNOWN_FOLDERS = (
    "no folder has the name or WordNet id of a class of this network, so answers are not held "
    "against the folders"
)
OWN_COUNT, FOLDER_COUNT = "your {}", "the {} of the folder {}"  # {}: “3 photographs”


def own_words(profile: Profile) -> str:
    """Say that a visitor's own photographs are what gates are compared with."""
    return f"gates compared with {profile.data}"


def reference_words(profile: Profile | None) -> str:
    """Name the images that a network's reference statistics are of, and their number."""
    return f"{profile.data}, {profile.images:,} images" if profile else NO_REFERENCE


def statistics_words(profile: Profile | None, *, own: bool) -> str:
    """Say which images percentiles and static gates are about, here and in Explore."""
    if profile is None:
        return (
            "This network has no reference statistics: with photographs of your own there are "
            "static gates and percentiles for it, too."
        )
    images = profile.data if own else f"{profile.data} ({profile.images:,} images)"
    return f"Static gates and percentiles, in Explore too, are those of {images}."


def collection_words(collection: Collection, title: str) -> str:
    """Say how many photographs a network answered, and how many of them as their folders say."""
    judged = [right for i in range(len(collection)) if (right := collection.right(i)) is not None]
    said = f"{title} answered {photographs_words(len(collection))}"
    if not judged:
        named = collection.labels and any(photo.folder for photo in collection.photographs.photos)
        return f"{said}; {UNKNOWN_FOLDERS}." if named else f"{said}."
    rest = "" if len(judged) == len(collection) else f" of the {len(judged):,} in folders it knows"
    return f"{said}, {sum(judged):,}{rest} as their folders say ({percent(_share(judged))})."


def kept_words(photographs: Photographs) -> str:
    """Say how many photographs are kept, and answered, as smaller versions; "" for none."""
    reduced = sum(photo.reduced for photo in photographs.photos)
    if not reduced:
        return ""
    are = "is kept and answered as a JPEG" if reduced == 1 else "are kept and answered as JPEGs"
    return (
        f"{photographs_words(reduced)} {are} of at most {SIDE} pixels on the shorter side: an "
        "answer may differ a little from that to the file itself, in Explore."
    )


def skipped_words(photographs: Photographs) -> list[str]:
    """Name each file that was skipped, with the reason."""
    return [f"{brief(name)}: {why}" for name, why in photographs.skipped]


def left_out_words(photographs: Photographs) -> str:
    """Say how many files were skipped, with the first as an example; "" where none was."""
    lines = skipped_words(photographs)
    if not lines:
        return ""
    return f"Left out: {len(lines):,} file{'s' * (len(lines) > 1)}, for example {lines[0]}"


def answer_words(collection: Collection, i: int) -> str:
    """Return a photograph's first answer and its probability."""
    if not collection.labels:
        return "no answer: the network has no head"
    first = int(collection.first[i])
    probability = percent(float(collection.probabilities[i, first])).replace(" ", "\u00a0")
    return f"{collection.labels[first]}, {probability}"


def _share(judged: list[bool]) -> float:
    return sum(judged) / len(judged)
