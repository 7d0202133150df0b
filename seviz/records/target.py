"""What is followed: a class's logit, the difference of two classes' logits, or a gate.

All three have a score, which explanations add up to, and a chance, which people read: of a class
its logit and its probability by the network's head; of a difference the difference of the logits
and its logistic function, which is the first class's probability if one of the two classes is
there and the other is not (with both heads); of a gate its pre-activation and s itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import SIGMOID, Floats, probabilities
from seviz.records.trace import Answer


@dataclass(frozen=True)
class Difference:
    """The logit of one class minus that of another, by their indices: “why A and not B”."""

    index: int
    minus: int


class Gate(NamedTuple):
    """One gate, by its site's name and its channel."""

    site: str
    channel: int

    @property
    def name(self) -> str:
        """Return the gate as people write it, such as SE_4_6[17]."""
        return f"{self.site}[{self.channel}]"


T = TypeVar("T")
ClassTarget = int | Difference  # an int is the index of a class
Target = ClassTarget | Gate


@dataclass(frozen=True)
class Contrast(Answer):
    """An answer about two classes: label is “A rather than B”, index A's index, and minus B's.

    logit: the lead of A over B, A's logit − B's; probability: A's, if only these two counted;
    names: those of A and B.
    """

    minus: int
    names: tuple[str, str]


@dataclass(frozen=True)
class GateAnswer:
    """A gate that is followed: label is “gate SE_4_6[17]”, probability s, logit its pre-activation.

    A sigmoid's pre-activation is the logit of s. Other excitations may reach beyond 0 to 1.
    """

    site: str
    channel: int
    label: str
    probability: float
    logit: float


Followed = Answer | GateAnswer


def answer_of(
    logits: Floats, labels: Sequence[str], target: ClassTarget | None, *, head: str
) -> Answer:
    """Make the answer of logits (K) for a target, by default the most probable class.

    UserError where the network has no head.
    """
    if not isinstance(target, Difference):
        return Answer.of(logits, labels, target, head=head)
    first, second = (
        Answer.of(logits, labels, at, head=head) for at in (target.index, target.minus)
    )
    return Contrast(
        index=first.index,
        label=target_label(target, labels),
        probability=float(chance(logits, target, head)),
        logit=float(score(logits, target)),
        minus=second.index,
        names=(first.label, second.label),
    )


def target_of(answer: Followed) -> Target:
    """Return what an answer followed."""
    if isinstance(answer, GateAnswer):
        return Gate(answer.site, answer.channel)
    return Difference(answer.index, answer.minus) if isinstance(answer, Contrast) else answer.index


def class_of(answer: Answer) -> ClassTarget:
    """Return the class, or the two classes, that an answer followed."""
    return Difference(answer.index, answer.minus) if isinstance(answer, Contrast) else answer.index


def score(logits: T, target: ClassTarget) -> T:
    """Return the score of a target for logits, …×K to …, an array or a tensor."""
    values: Any = logits
    if isinstance(target, Difference):
        difference: T = values[..., target.index] - values[..., target.minus]
        return difference
    of_class: T = values[..., target]
    return of_class


def chance(logits: Floats, target: ClassTarget, head: str) -> npt.NDArray[np.float64]:
    """Return the chance of a target for logits, …×K to …, from 0 to 1."""
    if isinstance(target, Difference):
        return probabilities(np.asarray(score(logits, target)), SIGMOID)
    of_class: npt.NDArray[np.float64] = probabilities(logits, head)[..., target]
    return of_class


def target_label(target: ClassTarget, labels: Sequence[str]) -> str:
    """Return what people read: “lion”, or “lion rather than tabby cat”."""
    if isinstance(target, Difference):
        return f"{labels[target.index]} rather than {labels[target.minus]}"
    return labels[target]


def target_text(target: ClassTarget, labels: Sequence[str]) -> str:
    """Write a target as people give it to commands: a class, or “A vs B”.

    A class whose name another one has, too, is written by its index.
    """
    if isinstance(target, Difference):
        return " vs ".join(target_text(each, labels) for each in (target.index, target.minus))
    return labels[target] if labels.count(labels[target]) == 1 else str(target)


def is_class_target(target: object, classes: int) -> bool:
    """Tell whether a network with so many classes has this class, or these two different ones."""
    if isinstance(target, Difference):
        pair = (target.index, target.minus)
        return all(is_class_target(at, classes) for at in pair) and target.index != target.minus
    return isinstance(target, int) and not isinstance(target, bool) and 0 <= target < classes
