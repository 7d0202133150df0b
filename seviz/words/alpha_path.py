"""The path of all gates from a photograph's own to reference gates, in sentences."""

from collections.abc import Sequence

from seviz.phrases import capitalize
from seviz.records.analysis import AlphaPath
from seviz.records.target import ClassTarget, Contrast, answer_of
from seviz.words.answers import answer_words
from seviz.words.arms import RULES
from seviz.words.numbers import percent
from seviz.words.target import chance_noun

HELP = (
    "All gates go together from this photograph's own (α = 0) to a reference "
    "(α = 1): (1 − α)·s + α·reference. They are held there as recorded, whatever a block would "
    "compute, and edits of gates play no part."
)


def path_words(path: AlphaPath, labels: Sequence[str], target: ClassTarget) -> tuple[str, str]:
    """Say where on a path the first answer changes, and what it is at its end.

    labels: of the K classes; target: what is followed. Returns the headline, and a second sentence,
    on the target, or "" where the headline tells that.
    """
    tops = path.probabilities.argmax(1)
    start, end = (answer_of(path.logits[i], labels, None, head=path.head) for i in (0, -1))
    last = f"at α = 1 (all gates at {RULES[path.reference].gates})"
    changed = tops != tops[0]
    if not changed.any():
        first = f"The first answer stays {answer_words(start)} all the way; {last}, it has "
        first += f"{percent(end.probability)}."
    else:
        step = int(changed.argmax())
        before, then = path.alphas[step - 1 : step + 1]
        first = (
            f"The first answer changes from {answer_words(start)} to {labels[tops[step]]} between "
            f"α = {before:.2f} and {then:.2f}; {last}, it is {answer_words(end)}."
        )
    if target == tops[0] and not changed.any():
        return first, ""
    of, then = (answer_of(path.logits[i], labels, target, head=path.head) for i in (0, -1))
    pause = "," if isinstance(of, Contrast) else ""  # after “if only … counted”
    goes = f"{pause} goes from {percent(of.probability)} to {percent(then.probability)}"
    return first, f"{capitalize(chance_noun(of))}{goes}."
