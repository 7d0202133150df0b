"""What seviz knows about a network and an answer: frozen, on the CPU, free of torch.

Records serialise, travel through a page's state, and feed figures and exports alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

NEAR_ONE, NEAR_ZERO = 0.95, 0.05  # gates beyond these let (almost) all or nothing through

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Site:
    """One SE block of a network.

    path: the module's name in the network; name: the paper's (SE_4_6) where the network is a
    ResNet, else the path. stage counts from 2 and block from 1, as in the paper; None elsewhere.
    channels: C; reduced: the width after W₁, as measured on its weights.
    """

    path: str
    name: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int

    @property
    def reduction(self) -> float:
        """r = C / width after W₁; timm rounds that width, so r need not be the nominal 16."""
        return self.channels / self.reduced


@dataclass(frozen=True)
class Rule:
    """What takes a gate's place.

    name: identity (1), set (value), scale (value·s), uniform (the mean over the channels), shuffle
    (the channels permuted, value is the seed), static (the mean over reference images), resample
    (the gates that the photograph in the file `source` had), or mix ((1 − value)·s + value·`of`).
    """

    name: str
    value: float = 0.0
    source: str = ""
    of: "Rule | None" = None


@dataclass(frozen=True)
class Edit:
    """One change of gates: a rule at a place, on some of its channels.

    place: all, a stage (SE_4*), a block's name or its module path; channels: half-open ranges from
    0, none for all of them. `seviz.edits` writes and reads them as text.
    """

    rule: Rule
    place: str = "all"
    channels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Arm:
    """The same network with its gates edited; no edits: the network as trained."""

    name: str
    edits: tuple[Edit, ...] = ()


INTACT = Arm("intact")
IDENTITY = Arm("identity", (Edit(Rule("identity")),))
STATIC = Arm("static", (Edit(Rule("static")),))

Recorded = Mapping[Rule, Mapping[str, Floats]]  # by rule and site, the C gates it puts in place


@dataclass(frozen=True)
class Answer:
    """One class in an arm's list of answers; probability is the softmax of all its logits."""

    index: int
    label: str
    probability: float
    logit: float


@dataclass(frozen=True)
class Trace:
    """What a network did with one photograph, arm by arm.

    Each array's first axis is the arm. z, s (as applied) and s_computed (as the arm's own pass
    computed it, before the edit) map a site's name to arms×C; logits is arms×K. image is the
    3×H×W array the network received; seen is the same as H×W×3 bytes, the crop people can look at.
    temperature divides the logits for an honest `confidence`; None where it was not measured.
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

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Softmax of the logits in float64, arms×K."""
        return _softmax(self.logits)

    def confidence(self, arm: int) -> float | None:
        """Return how often an answer as sure as this arm's first is right, if that was measured."""
        if self.temperature is None:
            return None
        return float(_softmax(self.logits / self.temperature)[arm].max())

    def answer(self, arm: int, index: int) -> Answer:
        """Return what an arm says of one class."""
        return Answer(
            index,
            self.labels[index],
            float(self.probabilities[arm, index]),
            float(self.logits[arm, index]),
        )

    def top(self, arm: int, k: int) -> list[Answer]:
        """Return an arm's k most probable answers, best first; ties keep the classes' order."""
        order = np.argsort(-self.logits[arm], kind="stable")[:k]
        return [self.answer(arm, int(i)) for i in order]

    def site(self, name: str) -> Site:
        """Return the site of that name; KeyError where the network has none."""
        return {site.name: site for site in self.sites}[name]


def _softmax(logits: Floats) -> npt.NDArray[np.float64]:
    shifted = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    normal: npt.NDArray[np.float64] = shifted / shifted.sum(1, keepdims=True)
    return normal


@dataclass(frozen=True)
class FeatureMaps:
    """A block's features U of one arm, C×H×W, with the gates s (C) that were applied to them.

    s_computed is what the block itself computed, before the arm's edit.
    """

    site: Site
    u: Floats
    s: Floats
    s_computed: Floats


@dataclass(frozen=True)
class Entry:
    """One network of the catalogue.

    source: where its weights come from, one of embedded, hub, release, checkpoint; origin: the
    file, Hub repository or address. input_size is (channels, height, width) in pixels. top1 and
    top5 are accuracies in % on the validation images of `measured_on`, None where none is known.
    """

    key: str
    title: str
    group: str
    source: str
    origin: str
    architecture: str
    tag: str
    parameters: int
    input_size: tuple[int, int, int]
    licence: str
    top1: float | None
    top5: float | None
    measured_on: str
    cached: bool

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain JSON values."""
        return {**self.__dict__, "input_size": list(self.input_size)}
