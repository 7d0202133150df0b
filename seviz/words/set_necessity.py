"""Which blocks a network needs over a data set, in sentences and rows."""

from collections.abc import Iterator

from seviz.gates.grammar import parse_arm
from seviz.phrases import join_list, minus
from seviz.records.losses import (
    FEW,
    Estimate,
    GreedyPath,
    HurtClass,
    Loss,
    SetNecessity,
    Step,
)
from seviz.words.arms import rule_words
from seviz.words.numbers import difference, percent, points

WAITING = "Which blocks the network can do without appears here."
BLOCKS_HINT = (
    "Each block’s gates were replaced by their means, alone and together with others. The budget "
    "says how many points of accuracy may be lost; the blocks that fit it are marked. A bar to the "
    "left is accuracy lost by the block alone, with its 95 % interval; beside it stand what the "
    "block costs."
)
PATH_HINT = (
    "From left to right the blocks join, at each step the one with which fewest images are lost. "
    "Half of the images choose; the other half, which did not, tells what the choice really loses. "
    "The dashed line is the budget."
)
FOLD_HINT = (
    "Frozen gates are fixed factors of channels, so they can be multiplied into the weights around "
    "them: the network is then plain where the blocks were, and gives the same answers as with "
    "frozen gates. What it saves is measured as it is made. The file opens here, too, beside the "
    "original."
)
ARMS = {
    "intact": "as they are (intact)",
    "static": "at their means (static)",
    "resampled": "another image’s (resampled)",
    "uniform": "at their block’s mean for the image (uniform)",
    "shuffled": "shuffled among the channels of their block",
    "identity": "at 1 (identity)",
}
CLASS, OWN_ANSWER = "class", "intact network’s answer"


def change_words(change: Estimate) -> str:
    """Write a change of accuracy, a share of the images, in points with its interval."""
    return f"{points(change.mean)} [{points(change.low)}, {points(change.high)}]"


def lost_words(lost: Estimate) -> str:
    """Write a change of accuracy in points with its interval; lost: the share of images lost."""
    return change_words(Estimate(-lost.mean, -lost.high, -lost.low))


def score_words(score: Estimate) -> str:
    """Write a change of log-probability, in nats, with its interval."""
    low, high = (difference(end) for end in (score.low, score.high))
    return f"{difference(score.mean)} [{low}, {high}]"


def accuracy_words(accuracy: Estimate) -> str:
    """Write an accuracy with its interval, in percent."""
    low, high = (f"{100 * end:.1f}" for end in (accuracy.low, accuracy.high))
    return f"{100 * accuracy.mean:.1f} % [{low}, {high}]"


def hurt_words(hurt: tuple[HurtClass, ...]) -> str:
    """Name the classes that lose most images, with how many of theirs; "" for none."""
    return ", ".join(f"{of.name} ({of.lost} of {of.images})" for of in hurt)


def replaced_words(found: SetNecessity) -> str:
    """Say what replaced the gates, and over which images static gates are means."""
    rule = rule_words(parse_arm(found.rule).edits[0].rule)
    return f"{rule}, over {found.statistics}" if found.statistics else rule


def about_words(found: SetNecessity) -> str:
    """Say what was measured on what."""
    followed = CLASS if found.labelled else OWN_ANSWER
    return (
        f"{found.images:,} images of {found.data}, the same in each row. By so much accuracy (in "
        f"points) and the mean log-probability of the {followed} (in nats) change where gates are "
        f"replaced: {replaced_words(found)}. In brackets: the 95 % interval over the choice of "
        "images."
    )


def steps_words(path: GreedyPath, budget: float) -> str:
    """Say which blocks can be replaced together within a budget, and what the others tell."""
    steps = path.within(budget)
    if not steps:
        first = path.steps[0]
        return (
            f"No block can be replaced within a budget of {_points(budget)}: {first.site}, which "
            f"loses least, changes the accuracy by {lost_words(first.chosen.lost)} points."
        )
    names, lost = join_list([step.site for step in steps]), steps[-1].checked.lost
    several = f"{len(steps)} blocks, in this order: {names}. Together they change"
    one = f"one block, {names}. It changes"
    return (
        f"Within a budget of {_points(budget)}, the {path.choosing:,} images that choose allow "
        f"{several if len(steps) > 1 else one} the accuracy by {lost_words(lost)} points on the "
        f"{path.checking:,} others.{_wide_words(lost, budget)}{_beyond_words(steps)}"
        f"{_end_words(path, budget)}"
    )


def _wide_words(lost: Estimate, budget: float) -> str:
    """Say that there are too few images, where the interval reaches further than the budget."""
    if not budget or 100 * (lost.high - lost.mean) <= budget:
        return ""
    return f" These images are too few to tell a loss of {_points(budget)} from none."


def _beyond_words(steps: tuple[Step, ...]) -> str:
    """Say that a fresh half of the images tells of a larger loss than the half that chose."""
    chosen, checked = steps[-1].chosen.lost, steps[-1].checked.lost
    if checked.low <= chosen.mean:
        return ""
    return (
        f" Those that chose lost only {100 * chosen.mean:.1f} points: a choice fits the images "
        "that made it."
    )


def _end_words(path: GreedyPath, budget: float) -> str:
    """Say where the choice ended, of a budget beyond that."""
    ended = path.ended_before(budget)
    return f" More was not measured: the choice ended at {_points(path.budget)}." if ended else ""


def _points(budget: float) -> str:
    return f"{budget:g} point{'' if budget == 1 else 's'}"


def necessity_lines(found: SetNecessity) -> Iterator[str]:
    """Yield the lines of a report: by block, the set within the budget, and all blocks at once."""
    intact = found.arms[0].accuracy
    if found.labelled:
        yield f"{found.title} is right on {accuracy_words(intact)}."
    yield about_words(found)
    for heading, which in (
        ("each block alone", "alone"),
        ("each with all later blocks", "onward"),
        ("each with all earlier blocks", "upto"),
    ):
        yield f"\n{heading:12}"
        yield _HEAD
        for block in found.blocks:
            yield _row(block.site, getattr(block, which))
    yield "\nwhat the blocks cost"
    yield f"{'block':12}  {'parameters':>10}  {'multiply-adds':>13}  {'of a pass':>9}"
    for block in found.blocks:
        share = percent(block.time_share)
        yield f"{block.site:12}  {block.parameters:>10,}  {block.macs:>13,}  {share:>9}"
    yield ""
    yield steps_words(found.path, found.path.budget) if found.path else TOO_FEW
    if found.path and 100 * intact.mean <= found.path.budget:
        yield "With its gates as they are it is right on no more than that, so this tells nothing."
    yield "\nall blocks at once"
    yield f"{'gates':12}  {'accuracy':>22}  {_HEAD[14:]}"
    for arm in found.arms:
        yield _row(f"{arm.arm:12}  {accuracy_words(arm.accuracy):>22}", arm.loss)
    if found.labelled and not any(arm.loss.hurt for arm in found.arms):
        yield f"\nNo class is named: none has {FEW} images, or none loses any."
    if found.note:
        yield f"\n{found.note}"


def dynamic_words(found: SetNecessity) -> str:
    """Say in two sentences which part of the accuracy hangs on gates that follow the image."""
    by_arm = {of.arm: of for of in found.arms}
    intact, static, identity = (by_arm.get(name) for name in ("intact", "static", "identity"))
    assert intact is not None
    if static is None or identity is None or not found.labelled:
        return about_words(found)
    lost, usual = 100 * static.loss.lost.mean, 100 * static.accuracy.mean
    return (
        f"Of {found.images:,} images of {found.data}, {found.title} is right on "
        f"{100 * intact.accuracy.mean:.1f} %, with every gate frozen at its mean on {usual:.1f} %, "
        f"with every gate at 1 on {100 * identity.accuracy.mean:.1f} %. So {lost:.1f} points hang "
        "on what the gates do for each image; what is right with frozen gates needs only their "
        "fixed scales, which can be multiplied into the weights."
    )


def fold_title(blocks: int) -> str:
    """Title the button that folds a set of so many blocks."""
    if not blocks:
        return "No block fits this budget"
    return f"Fold {blocks} blocks" if blocks > 1 else "Fold this block"


def arm_words(arm: str) -> str:
    """Say what all gates are in an arm."""
    return ARMS[arm]


def unmeasured_words(title: str, key: str) -> str:
    """Say that it was not measured which blocks a network needs, and how to measure it."""
    return (
        f"Which blocks {title} can do without was not measured yet. `seviz necessity --data DATA "
        f"--model {key} --out FILE.json` measures it on your images; `seviz app --necessity "
        "FILE.json` then shows it here."
    )


TOO_FEW = "Too few images to choose blocks by one half and to check them by the other."
_HEAD = f"{'block':12}  {'accuracy':>20}  {'log-probability':>22}  {'stay':>7}  hurts most"


def _row(name: str, loss: Loss) -> str:
    return minus(
        f"{name:12}  {lost_words(loss.lost):>20}  {score_words(loss.score):>22}  "
        f"{percent(loss.stays):>7}  {hurt_words(loss.hurt)}".rstrip()
    )
