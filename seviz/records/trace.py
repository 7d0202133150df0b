"""Records of a network's pass over a photograph: gates, answers and features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.arms import Arm
from seviz.records.numbers import SOFTMAX, Floats, probabilities, softmax
from seviz.records.provenance import PhotoFile
from seviz.records.sites import Site

NO_HEAD = (
    "This network has no head, so it gives no answers; `seviz trace`, `compare` and `profile` show "
    "its gates."
)


@dataclass(frozen=True)
class Answer:
    """One class in an arm's list of answers; probability: by the network's head."""

    index: int
    label: str
    probability: float
    logit: float

    @classmethod
    def of(
        cls, logits: Floats, labels: Sequence[str], index: int | None = None, *, head: str = SOFTMAX
    ) -> "Answer":
        """Make the answer for one class of logits (K), by default the most probable one.

        UserError where the network has no head.
        """
        if not labels:
            raise UserError(NO_HEAD)
        at = int(logits.argmax()) if index is None else index
        return cls(at, labels[at], float(probabilities(logits, head)[at]), float(logits[at]))


@dataclass(frozen=True, eq=False)  # compared by identity: the page detects a new trace by it
class Trace:
    """A network's descriptors, gates and answers for one photograph, in each arm.

    Each array's first axis is the arm. z, s (as applied) and s_computed (as the arm's own pass
    computed it, before the edit) map a site's name to arms×C, NaN for the twin, which has none;
    logits is arms×K. image is the network's input, 3×H×W; seen is the same crop as a picture,
    H×W×3 bytes. head: what turns logits into probabilities; a network without one has K = 0.
    temperature divides the logits to calibrate `confidence`; None where it was not
    measured. shift maps a site's name to how far an arm moves the inputs of
    the next block's batch norms from the intact ones (arms; `seviz.gates.probe`), for all but the
    last. photo: the photograph's file, None where it is not known. note: a remark for the reader
    about the computation, or "". statistics: which reference statistics of a visitor's own
    photographs its gates are compared with (`seviz.reference.own.fingerprint`), "" for the usual
    ones.
    """

    model: str
    sites: tuple[Site, ...]
    arms: tuple[Arm, ...]
    labels: tuple[str, ...]
    z: dict[str, Floats]
    s: dict[str, Floats]
    s_computed: dict[str, Floats]
    logits: Floats
    image: Floats
    seen: npt.NDArray[np.uint8]
    temperature: float | None = None
    shift: Mapping[str, Floats] = field(default_factory=dict)
    head: str = SOFTMAX
    photo: PhotoFile | None = None
    note: str = ""
    statistics: str = ""

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Return what the head makes of the logits, in float64, arms×K."""
        return probabilities(self.logits, self.head)

    def confidence(self, arm: int) -> float | None:
        """Return the calibrated probability of an arm's first answer; None without temperature."""
        if self.temperature is None:
            return None
        return float(softmax(self.logits / self.temperature)[arm].max())

    def answer(self, arm: int, index: int) -> Answer:
        """Return an arm's answer for one class."""
        return Answer(
            index,
            self.labels[index],
            float(self.probabilities[arm, index]),
            float(self.logits[arm, index]),
        )

    def top(self, arm: int, k: int) -> list[Answer]:
        """Return an arm's k most probable answers, best first; ties keep the classes' order.

        UserError where the network has no head.
        """
        if not self.labels:
            raise UserError(NO_HEAD)
        order = np.argsort(-self.logits[arm], kind="stable")[:k]
        return [self.answer(arm, int(i)) for i in order]

    def is_of_same_photo(self, other: "Trace") -> bool:
        """Tell whether both traces are of the same network and photograph, whatever their arms.

        What is worked out for one is not so for the other where they have other statistics.
        """
        same = (self.model, self.statistics) == (other.model, other.statistics)
        return same and np.array_equal(self.image, other.image)

    def site(self, name: str) -> Site:
        """Return the site of that name; KeyError where the network has none."""
        return {site.name: site for site in self.sites}[name]


@dataclass(frozen=True)
class FeatureMaps:
    """A block's features U in one arm, C×H×W, with the gates s (C) that were applied to them.

    s_computed: the gates that the block computed, before the arm's edit; z: its descriptor, C;
    gates: the applied gates C×H×W of a block without a squeeze, None elsewhere.
    """

    site: Site
    u: Floats
    s: Floats
    s_computed: Floats
    z: Floats
    gates: Floats | None = None

    def gated_channel(self, channel: int) -> Floats:
        """Return s·U of one channel, H×W."""
        product: Floats = (self.s if self.gates is None else self.gates)[channel] * self.u[channel]
        return product
