"""The inspector's pieces of HTML."""

from markupsafe import Markup

from seviz.answers.channels import block_likeness, percentile
from seviz.answers.movers import moved_gates
from seviz.records.arms import Arm
from seviz.records.numbers import Floats
from seviz.records.target import ClassTarget, score
from seviz.records.trace import FeatureMaps, Trace
from seviz.reference.gather import reference
from seviz.ui.parts import html, sheets, tables
from seviz.words.answers import channel_facts
from seviz.words.arms import arm_title
from seviz.words.gates import effect_words, usual_words
from seviz.words.numbers import decimals
from seviz.words.target import class_score_noun

NEAREST = 5  # classes
MOVERS = 4  # gates of either kind
NO_REFERENCE = (
    "There are no reference statistics of this network here, so percentiles, nearest classes and "
    "variances are missing; python -m seviz profile makes them from your own images, and "
    "python -m seviz app --profile FILE brings them here."
)


def gate(
    record: Trace, maps: FeatureMaps, channel: int, *, target: ClassTarget, silenced: Floats
) -> Markup:
    """Say what the selected gate is, whether it is usual, and what it does to the followed class.

    maps: of the network as trained; target: the class, or the difference of two; silenced: the
    logits (K) where this gate is set to 0.
    """
    name = maps.site.name
    facts = html.facts(channel_facts(maps, channel))
    place, profile = percentile(record, name, channel), reference(record.model)
    if place is not None and profile is not None:
        block = profile.blocks[name]
        usual = usual_words(float(block.s_mean[channel]), float(block.s_std[channel]), place)
        facts += html.facts(usual)
    effect = float(score(record.logits[0], target) - score(silenced, target))
    return facts + html.facts(effect_words(class_score_noun(target, record.labels), effect))


def gate_with_picture(
    record: Trace, maps: FeatureMaps, channel: int, *, target: ClassTarget, silenced: Floats
) -> Markup:
    """Say what `gate` says, and show the picture that was made to open the gate, if any."""
    said = gate(record, maps, channel, target=target, silenced=silenced)
    return said + sheets.picture(record.model, maps.site.name, channel)


def gate_in_arm(maps: FeatureMaps, channel: int, arm: Arm) -> Markup:
    """Say what the selected gate is in another arm's pass."""
    return html.facts(f"In the pass “{arm_title(arm)}”: {channel_facts(maps, channel)}")


def moved(record: Trace, row: int) -> Markup:
    """List the gates that are more open, or more shut, than usual, or than in an arm."""
    return html.join(map(tables.of_gates, moved_gates(record, row, MOVERS)))


def nearest(record: Trace, block: str) -> Markup:
    """List the classes whose mean gates are most like this photograph's, with that likeness."""
    if reference(record.model) is None:
        return html.notice(NO_REFERENCE)
    rows = [
        ("", (known.label, decimals(known.likeness, 2)))
        for known in block_likeness(record, block, NEAREST)
    ]
    if not rows:
        return html.facts(f"In {block} all classes have the same mean gates.")
    caption = (
        f"The classes whose mean gates in {block} are most like those of this photograph: 1 where "
        "both deviate alike from the mean of all classes, 0 where they have nothing in common."
    )
    return tables.figures(caption, ("class", "likeness"), rows)
