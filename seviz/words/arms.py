"""What arms and rules are called: one table for headlines, columns, charts and lists of edits."""

from dataclasses import dataclass

from seviz.phrases import capitalize
from seviz.records.arms import Arm, Rule
from seviz.words.numbers import signed


@dataclass(frozen=True)
class RuleWords:
    """The words for a rule that replaces the gates of the whole network.

    title: the head of its column; clause: what was done, within a sentence; each: what happens to
    each gate; gates: the gates that a photograph's own are compared with; at: what it does at one
    place, the subject of a sentence, with a gap for that place.
    """

    title: str
    clause: str
    each: str
    gates: str
    at: str = ""


RULES = {
    "static": RuleWords(
        title="gates at their mean",
        clause="with every gate frozen at its average",
        each="each gate held at its mean (static)",
        gates="their mean over the training images",
        at="Holding the gates of {} at their mean",
    ),
    "identity": RuleWords(
        title="gates at 1",
        clause="with every gate fully open (1)",
        each="each gate at 1 (identity)",
        gates="1",
        at="Setting the gates of {} to 1",
    ),
    "uniform": RuleWords(
        title="one mean per block",
        clause="with each block’s gates at their mean",
        each="each gate at the mean of its block's gates (uniform)",
        gates="each block’s mean gate",
        at="Setting the gates of {} to their block’s mean",
    ),
    "shuffle": RuleWords(
        title="shuffled",
        clause="with the gates of each block shuffled",
        each="the gates shuffled among the channels",
        gates="the shuffled gates",
        at="Shuffling the gates of {}",
    ),
    "twin": RuleWords(
        title="trained without SE",
        clause="trained without SE",
        each="no gates: trained without SE",
        gates="no gates",
    ),
}
INTACT = ("with gates", "with gates")  # title and clause
EDITED = ("edited", "with the edited gates")


def arm_title(arm: Arm) -> str:
    """Head an arm's column: “gates at their mean”."""
    return _names(arm)[0]


def arm_clause(arm: Arm) -> str:
    """Say within a sentence what was done in an arm: “with every gate frozen at its average”."""
    return _names(arm)[1]


def is_twin(arm: Arm) -> bool:
    """Tell whether an arm is another network: one trained without SE, or a folded one."""
    return any(edit.rule.name == "twin" for edit in arm.edits)


def is_folded(arm: Arm) -> bool:
    """Tell whether an arm is the folded network, and none that was trained without SE."""
    return any(edit.rule.name == "twin" and edit.rule.source for edit in arm.edits)


def rule_words(rule: Rule) -> str:
    """Say what a rule does to each gate it edits: “each gate at 1 (identity)”."""
    value = signed(rule.value)
    match rule.name:
        case "set" | "scale" if rule.value == 0:
            return "silenced (gate 0)"
        case "set":
            return f"each gate set to {value}"
        case "scale":
            return f"each gate scaled by {value}"
        case "shuffle":
            return f"{RULES['shuffle'].each} (seed {rule.value:.0f})"
        case "mix":
            assert rule.of is not None
            return f"{signed(100 * rule.value)} % of the way to “{rule_words(rule.of)}”"
        case "twin" if rule.source:
            return f"no gates of its own compared; {rule.source}"
        case "resample":
            return f"the gates recorded from {rule.source} (resample)"
    return RULES[rule.name].each


def replacement_words(rule: Rule, place: str) -> str:
    """Begin a sentence with what a rule does at a place: “Setting the gates of SE_4_6 to 1”."""
    if known := RULES.get(rule.name):
        return known.at.format(place)
    return f"Replacing the gates of {place} ({rule_words(rule)})"


def _names(arm: Arm) -> tuple[str, str]:
    if not arm.edits:
        return INTACT
    first, *more = arm.edits
    words = RULES.get(first.rule.name)
    if more or words is None or first.place != "all" or first.channels:
        return EDITED
    if is_folded(arm):
        return capitalize(first.rule.source), f"in the network {first.rule.source}"
    return words.title, words.clause
