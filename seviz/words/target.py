"""What is followed, in words: a class, the lead of one class over another, or a gate."""

from collections.abc import Sequence

from seviz.phrases import capitalize
from seviz.records.target import ClassTarget, Contrast, Difference, Followed, GateAnswer
from seviz.words.numbers import decimals, percent, signed

GATE_HINT = (
    "Explained is the gate that the block computes from what reaches it, also where the compared "
    "column puts another gate in its place: of that column, only what it does to the blocks before "
    "this one counts."
)
OF_TWO = " if only these two counted"  # of the probability of A, where A rather than B is followed


def answer_words(answer: Followed) -> str:
    """Say what was followed, and its value: “lion: 34 %, logit 5.966”."""
    if isinstance(answer, GateAnswer):
        s, pre = decimals(answer.probability, 4), signed(answer.logit)
        return f"{capitalize(answer.label)}: s = {s}, pre-activation {pre}"
    chance = percent(answer.probability)
    if isinstance(answer, Contrast):
        lead = f"lead {signed(answer.logit)} {_subtraction(*answer.names)}"
        return f"{answer.label}: {chance}{OF_TWO}, {lead}"
    return f"{answer.label}: {chance}, logit {signed(answer.logit)}"


def score_noun(answer: Followed) -> str:
    """Name the score that maps add up to, within a sentence.

    “the logit of lion”, or “the lead of lion over lynx (logit of lion − logit of lynx)”.
    """
    if isinstance(answer, Contrast):
        return _lead_noun(*answer.names)
    return f"the {score_title(answer)}"


def score_title(answer: Followed) -> str:
    """Name the score in short, as titles and axes do: “lead of lion over lynx”."""
    if isinstance(answer, GateAnswer):
        return f"{score_name(answer)} of the {answer.label}"
    if isinstance(answer, Contrast):
        return _lead_title(*answer.names)
    return f"{score_name(answer)} of {answer.label}"


def score_name(answer: Followed) -> str:
    """Name the score in one word, where it is known whose it is."""
    if isinstance(answer, GateAnswer):
        return "pre-activation"
    return "lead" if isinstance(answer, Contrast) else "logit"


def class_score_noun(target: ClassTarget, labels: Sequence[str]) -> str:
    """Name the score of a class, or of two, as `score_noun` does; labels: of all classes."""
    if isinstance(target, Difference):
        return _lead_noun(labels[target.index], labels[target.minus])
    return f"the logit of {labels[target]}"


def chance_noun(answer: Followed) -> str:
    """Name what people read of it: “the probability of lion”, within a sentence."""
    if isinstance(answer, GateAnswer):
        return f"the {answer.label}"
    if isinstance(answer, Contrast):
        return f"the probability of {answer.names[0]}, if only it and {answer.names[1]} counted"
    return f"the probability of {answer.label}"


def chance_name(target: Followed | ClassTarget) -> str:
    """Name what people read of it in short, where it is known whose it is."""
    if isinstance(target, GateAnswer):
        return "gate s"
    return f"probability{OF_TWO if isinstance(target, Contrast | Difference) else ''}"


def chance_axis(target: Followed | ClassTarget) -> str:
    """Name it as the title of an axis, in two lines where it is long."""
    return chance_name(target).replace(" if only ", " if only<br>")


def class_chance_axis(target: ClassTarget, labels: Sequence[str]) -> str:
    """Name the probability of a class, or of two, as the title of an axis that says whose it is."""
    if isinstance(target, Difference):
        first, second = labels[target.index], labels[target.minus]
        return f"probability of {first} if only<br>it and {second} counted"
    return f"probability of {labels[target]}"


def target_hint(answer: Followed) -> str:
    """Say what it means to explain two classes, or a gate; "" for a class."""
    if isinstance(answer, GateAnswer):
        return GATE_HINT
    if not isinstance(answer, Contrast):
        return ""
    first, second = answer.names
    return (
        f"Followed is {score_noun(answer)}: what speaks for {first} rather than for {second}. Its "
        f"percentage is the probability of {first} if only these two classes counted."
    )


def _lead_noun(first: str, second: str) -> str:
    return f"the {_lead_title(first, second)} {_subtraction(first, second)}"


def _lead_title(first: str, second: str) -> str:
    return f"lead of {first} over {second}"


def _subtraction(first: str, second: str) -> str:
    return f"(logit of {first} − logit of {second})"
