"""What seviz knows about a network and an answer: frozen, on the CPU, free of torch.

Records serialise, travel through a page's state, and feed figures and exports alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

NEAR_ONE, NEAR_ZERO = 0.95, 0.05  # gates beyond these let (almost) all or nothing through

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Site:
    """One SE block of a network.

    path: the module's name in the network; name: the paper's (SE_4_6) where the stages are called
    layer1, layer2 … as a ResNet's are, else the path. stage counts as in the paper, a ResNet's from
    2, and block from 1; None elsewhere. channels: C; reduced: the width after W₁, as measured on
    its weights. excitation: sigmoid (a hard one too), whose gates are between 0 and 1, tanh (−1 to
    1) or relu (0 and up).

    squeezed: false for the paper's control without a squeeze, which has no z and a gate for each
    position (C×H×W). Then z is NaN wherever it is asked for, and s, one number a channel, is the
    mean of the channel's gates over its positions; so are recorded gates, which all positions get.
    """

    path: str
    name: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int
    excitation: str = "sigmoid"
    squeezed: bool = True

    @property
    def reduction(self) -> float:
        """r = C / width after W₁; timm rounds that width, so r need not be the nominal 16."""
        return self.channels / self.reduced


@dataclass(frozen=True)
class Rule:
    """What takes a gate's place.

    name: identity (1), set (value), scale (value·s), uniform (the mean over the channels), shuffle
    (the channels permuted, value is the seed), static (the mean over reference images), resample
    (gates recorded before, known by `source`: a photograph's file), or mix ((1 − value)·s +
    value·`of`). twin is no edit of gates but the network's twin without any, as an arm of its own.
    """

    name: str
    value: float = 0.0
    source: str = ""
    of: "Rule | None" = None


@dataclass(frozen=True)
class Edit:
    """One change of gates: a rule at a place, on some of its channels.

    place: all, a stage (SE_4*), a block's name or its module path; channels: half-open ranges from
    0, none for all of them. `seviz.gates.grammar` writes and reads them as text.
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
TWIN = Arm("twin", (Edit(Rule("twin")),))  # a plain network trained alike: another architecture

Recorded = Mapping[Rule, Mapping[str, Floats]]  # by rule and site, the C gates it puts in place


@dataclass(frozen=True)
class Answer:
    """One class in an arm's list of answers; probability is the softmax of all its logits."""

    index: int
    label: str
    probability: float
    logit: float


@dataclass(frozen=True, eq=False)  # known by identity: a page asks whether it is another one
class Trace:
    """What a network did with one photograph, arm by arm.

    Each array's first axis is the arm. z, s (as applied) and s_computed (as the arm's own pass
    computed it, before the edit) map a site's name to arms×C, NaN for the twin, which has none;
    logits is arms×K. image is the 3×H×W array the network received; seen is the same as H×W×3
    bytes, the crop people can look at. temperature divides the logits for an honest `confidence`;
    None where it was not measured. shift maps a site's name to how far an arm moves the inputs of
    the next block's batch norms from the intact ones (arms; `seviz.gates.probe`), for all but the
    last.
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

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Softmax of the logits in float64, arms×K."""
        return softmax(self.logits)

    def confidence(self, arm: int) -> float | None:
        """Return how often an answer as sure as this arm's first is right, if that was measured."""
        if self.temperature is None:
            return None
        return float(softmax(self.logits / self.temperature)[arm].max())

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

    def alike(self, other: "Trace") -> bool:
        """Tell whether both are of one network and photograph, whatever their arms."""
        return self.model == other.model and np.array_equal(self.image, other.image)

    def site(self, name: str) -> Site:
        """Return the site of that name; KeyError where the network has none."""
        return {site.name: site for site in self.sites}[name]


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """Turn logits into probabilities along the last axis, in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    normal: npt.NDArray[np.float64] = shifted / shifted.sum(-1, keepdims=True)
    return normal


@dataclass(frozen=True)
class FeatureMaps:
    """A block's features U of one arm, C×H×W, with the gates s (C) that were applied to them.

    s_computed is what the block itself computed, before the arm's edit; z (C) is what it squeezed.
    gates: the C×H×W gates as they were applied where nothing was squeezed, and None elsewhere.
    """

    site: Site
    u: Floats
    s: Floats
    s_computed: Floats
    z: Floats
    gates: Floats | None = None

    def scaled(self, channel: int) -> Floats:
        """Return s·U of one channel, H×W."""
        product: Floats = (self.s if self.gates is None else self.gates)[channel] * self.u[channel]
        return product


@dataclass(frozen=True)
class Necessity:
    """What the gates of each block do for one answer: replaced alone, or with all behind them.

    rule: the text of what replaces them; sites: the B blocks, in depth order. The arrays have two
    rows, for each block alone and for the block with all that follow it, and B columns: logit and
    probability are the target's change, edited − intact; flipped: whether the first answer changed.
    """

    model: str
    rule: str
    target: Answer
    sites: tuple[str, ...]
    logit: Floats
    probability: npt.NDArray[np.float64]
    flipped: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class AlphaPath:
    """The answers on the straight path from a photograph's own gates to reference gates.

    All gates are put in place as recorded: (1 − α)·s + α·reference. reference: its rule's text;
    alphas: N steps from 0 to 1; logits: N×K.
    """

    reference: str
    alphas: Floats
    logits: Floats

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Softmax of the logits in float64, N×K."""
        return softmax(self.logits)


@dataclass(frozen=True)
class ChannelEffect:
    """What one channel's gate does for an answer.

    exact: the logit − the logit with this gate at 0, so what the gate adds to the answer;
    first_order: s·∂logit/∂s, the same if the network were linear in the gate.
    """

    site: str
    channel: int
    s: float
    first_order: float
    exact: float


@dataclass(frozen=True)
class Effects:
    """What the gates of all channels do for one answer.

    first_order: s·∂logit/∂s by site, C each; top: the channels with the largest, exactly measured.
    """

    target: Answer
    first_order: dict[str, Floats]
    top: tuple[ChannelEffect, ...]


@dataclass(frozen=True)
class Drivers:
    """Which descriptors drive one gate: jacobian is ∂s_c/∂z_j at this photograph's z, both C.

    Both are NaN where nothing was squeezed.
    """

    site: str
    channel: int
    z: Floats
    jacobian: Floats


@dataclass(frozen=True, eq=False)
class Attribution:
    """One method's explanation of a class, by arm.

    maps: A×C×H×W at the network's input size, signed, as the method gives them; C is 3 (colours),
    or 1 of methods that look at a layer, whose path is `layer` ("" else). scores: what each arm
    adds to the class's logit between the baseline and the photograph, A; total: what the arm's map
    adds up to, A. Both are None where the method does not claim that they are equal. steps: of a
    path or samples. note: what people should know of how it was computed, or "".
    """

    model: str
    method: str
    arms: tuple[Arm, ...]
    target: Answer
    maps: Floats
    layer: str = ""
    scores: npt.NDArray[np.float64] | None = None
    totals: npt.NDArray[np.float64] | None = None
    steps: int = 0
    note: str = ""

    @property
    def errors(self) -> npt.NDArray[np.float64] | None:
        """Return the completeness errors, |total − score| as a share of |score|, A."""
        if self.scores is None or self.totals is None:
            return None
        off: npt.NDArray[np.float64] = abs(self.totals - self.scores)
        return off / np.maximum(abs(self.scores), 1e-6)

    @cached_property
    def pixels(self) -> Floats:
        """Sum the colours: one value a pixel, A×H×W."""
        summed: Floats = self.maps.sum(1)
        return summed


@dataclass(frozen=True, eq=False)
class GateShares:
    """What each gate adds to the difference of a class's logit between two arms.

    The arms are the photograph's own gates and the reference that the path leads from, both held
    as recorded. shares: by site, C each; they add up to `difference`, the logit of the first less
    that of the second, but for `error`, the rest as a share of it. steps: of the path. note: as of
    an attribution.
    """

    model: str
    reference: str
    target: Answer
    shares: dict[str, Floats]
    difference: float
    steps: int
    note: str = ""

    @property
    def total(self) -> float:
        """Add all shares up."""
        return float(sum(of_site.sum(dtype=np.float64) for of_site in self.shares.values()))

    @property
    def error(self) -> float:
        """Return |total − difference| as a share of |difference|."""
        return abs(self.total - self.difference) / max(abs(self.difference), 1e-6)


@dataclass(frozen=True)
class Likeness:
    """How alike two maps are: 1 is the same.

    spearman: rank correlation of the signed pixels; ssim: structural similarity on one scale;
    overlap: the share of the tenth of pixels with the most evidence that both have in common.
    """

    spearman: float
    ssim: float
    overlap: float


@dataclass(frozen=True)
class Curve:
    """The class's probability while pixels go or come, those with the most evidence first.

    task: deletion (pixels are replaced by the baseline) or insertion (they replace it); baseline:
    blur or mean; probabilities: at equal steps of the share of pixels, from 0 to 1; area: under
    them. A map that says what matters has a small area of deletion and a large one of insertion.
    """

    task: str
    baseline: str
    probabilities: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class MapTrust:
    """How far one map can be trusted.

    name: an arm, or a control: random, edges, or randomised (the same method on the network with
    its weights shuffled); such controls are held against the first arm's network. infidelity and
    sensitivity: captum's, smaller is better; None for controls, and sensitivity where the method
    is too slow. completeness: the error, where the method claims it. likeness: to the first arm.
    """

    name: str
    control: bool
    curves: tuple[Curve, ...]
    infidelity: float | None
    sensitivity: float | None
    completeness: float | None
    likeness: Likeness


@dataclass(frozen=True)
class Trust:
    """How far the maps of an attribution can be trusted: the arms', then the controls'.

    note: as of an attribution.
    """

    model: str
    method: str
    target: Answer
    maps: tuple[MapTrust, ...]
    note: str = ""


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
