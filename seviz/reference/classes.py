"""The gates of single classes in a profile: which classes there are, and their curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from seviz.errors import UserError
from seviz.gates.grammar import no_block
from seviz.records.classes import MOST_CLASSES, ClassCurve, ClassCurves
from seviz.records.numbers import Floats
from seviz.reference.by_depth import most_selective
from seviz.reference.profile import Profile
from seviz.zoo.labels import find_class

# The article draws goldfish, pug, plane and cliff: a data set's own classes that come near them.
ALIKE = (
    ("goldfish", "tench"),
    ("pug", "golden retriever", "English springer", "dog"),
    ("airliner", "airplane", "sports car"),
    ("cliff", "alp", "church"),
)
FEW = len(ALIKE)  # classes that are drawn where nobody chose any


def class_labels(profile: Profile, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of a profile's classes for people; names: by folder, as far as known."""
    return tuple(names.get(folder, folder) for folder in profile.classes)


def find_block(profile: Profile, text: str) -> str:
    """Return the block of a name, by default the most selective; UserError with the nearest."""
    if text in profile.blocks:
        return text
    if not text:
        return most_selective(profile)
    raise no_block(text, list(profile.blocks), where="in these statistics")


def find_classes(profile: Profile, texts: Sequence[str], names: Mapping[str, str]) -> list[int]:
    """Return the numbers of classes by name, number or folder, each once; by default a few.

    UserError for an unknown class, one without images, or too many.
    """
    if not profile.measured_classes:
        raise UserError("These statistics know no classes: they were measured without labels.")
    if not texts:
        return few_classes(profile, names)
    labels = class_labels(profile, names)
    found = [find_class(labels, text.strip(), profile.classes, of="the data set") for text in texts]
    numbers = list(dict.fromkeys(found))
    if len(numbers) > MOST_CLASSES:
        raise UserError(
            f"At most {MOST_CLASSES} classes can be told apart in one figure; these are "
            f"{len(numbers)}."
        )
    for number in numbers:
        if not profile.class_counts[number]:
            example = labels[profile.measured_classes[0]]
            raise UserError(
                f"There are no images of “{labels[number]}” in {profile.data}; choose a class that "
                f"has some, such as “{example}”."
            )
    return numbers


def few_classes(profile: Profile, names: Mapping[str, str]) -> list[int]:
    """Choose four classes that are unlike each other: such as the article's, and then others.

    The others are those whose mean gates, in the last block, are farthest from all chosen already.
    """
    known, labels = profile.measured_classes, class_labels(profile, names)
    by_label = {labels[i]: i for i in known}
    near = (next((by_label[name] for name in like if name in by_label), None) for like in ALIKE)
    chosen = [i for i in near if i is not None] or known[:1]
    means = list(profile.blocks.values())[-1].class_mean[known].astype(np.float64)
    while len(chosen) < min(FEW, len(known)):
        own = means[[known.index(i) for i in chosen]]
        distances = np.stack([((means - one) ** 2).sum(1) for one in own]).min(0)
        chosen.append(known[int(distances.argmax())])
    return chosen


@dataclass(frozen=True)
class ChosenClasses:
    """Classes of a profile, and the gates of one photograph.

    numbers: of the classes; names: for people, by folder, as far as known; gates: of the
    photograph by block, C each, empty without one.
    """

    profile: Profile
    numbers: tuple[int, ...]
    names: Mapping[str, str]
    gates: Mapping[str, Floats] = field(default_factory=dict)

    def curves(self, block: str) -> ClassCurves:
        """Return the gates of the classes in a block, as the profile has them."""
        profile, of = self.profile, self.profile.blocks[block]
        labels = class_labels(profile, self.names)
        classes = tuple(
            ClassCurve(
                number=i,
                folder=profile.classes[i],
                label=labels[i],
                images=profile.class_counts[i],
                mean=of.class_mean[i],
                std=of.class_std[i],
            )
            for i in self.numbers
        )
        return ClassCurves(block, classes, of.s_mean, self.gates.get(block))
