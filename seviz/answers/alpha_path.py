"""The α path, from a photograph's own gates to reference gates: a typed report, ready for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.phrases import brief, join_list
from seviz.records.analysis import AlphaPath
from seviz.records.arms import INTACT, STATIC
from seviz.records.numbers import Floats
from seviz.records.target import ClassTarget, answer_of
from seviz.records.trace import Answer, Trace
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.words.alpha_path import path_words

REFERENCES = ("static", "identity", "uniform")  # gates at the end of a path, by their rules
STEPS = 21  # of a path, both ends among them


@dataclass(frozen=True)
class AlphaStep:
    """The answers at one α: the most probable class, and what is followed."""

    alpha: float
    first: Answer
    followed: Answer


@dataclass(frozen=True)
class AlphaPathReport:
    """The answers on the path to reference gates, from α = 0 to α = 1.

    reference: the rule of the gates at α = 1; headline: where the first answer changes, and
    what becomes of the class that is followed.
    """

    reference: str
    headline: str
    steps: list[AlphaStep]


def check_reference(key: str, to: str, profile: Profile | None = None) -> None:
    """Raise UserError unless a network has reference gates of a name; profile: its statistics."""
    if to not in REFERENCES:
        raise UserError(
            f"There are no reference gates “{brief(to)}”; choose {join_list(REFERENCES, ' or ')}."
        )
    if to == "static":
        recorded_for(key, [STATIC], profile)


def offered_references(key: str) -> list[str]:
    """List the reference gates that a network has."""
    return [name for name in REFERENCES if name != "static" or reference(key) is not None]


def reference_gates(
    key: str, own: Mapping[str, Floats], to: str, *, profile: Profile | None = None
) -> dict[str, Floats]:
    """Return the gates at the end of the path, C by site; UserError where there are none."""
    if to == "static":
        return dict(recorded_for(key, [STATIC], profile)[STATIC.edits[0].rule])
    if to == "identity":
        return {name: np.ones_like(s) for name, s in own.items()}
    return {name: np.full_like(s, s.mean()) for name, s in own.items()}


def find_path(trace: Trace, to: str, profile: Profile | None = None) -> AlphaPath:
    """Compute the path from the intact gates of a trace, which has that arm, to reference gates.

    UserError as of `check_reference`.
    """
    from seviz.analysis.alpha_path import alpha_path

    row = trace.arms.index(INTACT)
    own = {name: gates[row] for name, gates in trace.s.items()}
    gates = reference_gates(trace.model, own, to, profile=profile)
    return ask(alpha_path, trace.model, trace.image, s=own, reference=gates, name=to, steps=STEPS)


def alpha_path_report(
    path: AlphaPath, labels: Sequence[str], target: ClassTarget
) -> AlphaPathReport:
    """Report on a path; labels: of the network's K classes; target: what is followed."""
    return AlphaPathReport(
        reference=path.reference,
        headline=" ".join(path_words(path, labels, target)).strip(),
        steps=[
            AlphaStep(
                float(alpha),
                answer_of(row, labels, None, head=path.head),
                answer_of(row, labels, target, head=path.head),
            )
            for alpha, row in zip(path.alphas, path.logits, strict=True)
        ],
    )
