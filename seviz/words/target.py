"""What is followed, in words: a class, the difference of two classes' logits, or a gate."""

from seviz.phrases import capitalize
from seviz.records.target import Contrast, Followed, GateAnswer
from seviz.words.numbers import decimals, percent, signed

CONTRAST_HINT = (
    "A − B is the difference of two classes' logits: what speaks for A rather than for B. Its "
    "probability is that of A if one of the two is there, and no other class."
)


def answer_words(answer: Followed) -> str:
    """Say what was followed, and its value: “lion: 34 %, logit 5.966”."""
    if isinstance(answer, GateAnswer):
        s, pre = decimals(answer.probability, 4), signed(answer.logit)
        return f"{capitalize(answer.label)}: s = {s}, pre-activation {pre}"
    chance = percent(answer.probability)
    if isinstance(answer, Contrast):
        return f"{answer.label}: logits differ by {signed(answer.logit)}, {chance} of the two"
    return f"{answer.label}: {chance}, logit {signed(answer.logit)}"


def score_noun(answer: Followed) -> str:
    """Name the score that maps add up to: “the logit of “lion””, within a sentence."""
    if isinstance(answer, GateAnswer):
        return f"the pre-activation of the {answer.label}"
    if isinstance(answer, Contrast):
        return f"the difference of the logits “{answer.label}”"
    return f"the logit of “{answer.label}”"


def chance_noun(answer: Followed) -> str:
    """Name what people read of it: “the probability of “lion””, within a sentence."""
    if isinstance(answer, GateAnswer):
        return f"the {answer.label}"
    return f"the probability of “{answer.label}”"
