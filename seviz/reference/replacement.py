"""What replaces gates over a data set: a rule, and the recorded gates that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from seviz.errors import UserError
from seviz.gates.grammar import parse_arm
from seviz.records.arms import STATIC, Arm, Edit, Recorded, Rule
from seviz.records.numbers import Floats
from seviz.reference.gather import reference, reference_images
from seviz.reference.images import ProfiledImages
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for


@dataclass(frozen=True)
class Replacement:
    """What replaces gates: the rule, and the gates that static arms need.

    statistics: the data set over which static gates are means, or ""; donors: by site the gates of
    n other images, n×C, where they are known.
    """

    rule: Rule
    recorded: Recorded
    statistics: str = ""
    donors: Mapping[str, Floats] | None = None

    @property
    def has_means(self) -> bool:
        """Tell whether the means of gates are known."""
        return any(rule.name == "static" for rule in self.recorded)


def replacement(
    key: str,
    replace: str = "",
    *,
    profile: Profile | None = None,
    images: ProfiledImages | None = None,
) -> Replacement:
    """Return what replaces a network's gates; UserError where the text is no rule for all blocks.

    replace and profile: as of `replacing_rule`; images: those behind the profile, by default behind
    the network's `reference`.
    """
    rule = replacing_rule(key, replace, profile=profile)
    known = profile or reference(key)
    arms = [Arm("", (Edit(rule),)), *([STATIC] if known else [])]
    behind = images if profile else reference_images(key)
    return Replacement(
        rule,
        recorded_for(key, arms, known),
        statistics=known.data if known else "",
        donors={name: of.sample for name, of in behind.blocks.items()} if behind else None,
    )


def replacing_rule(key: str, replace: str, *, profile: Profile | None = None) -> Rule:
    """Return the one rule that replaces all gates; UserError where the text is none.

    replace: a rule of `seviz.gates.grammar`, by default static where there are reference statistics
    (profile, or the network's own `reference`), else identity.
    """
    known = profile or reference(key)
    arm = parse_arm(replace or ("static" if known else "identity"))
    everywhere = [Edit(edit.rule) for edit in arm.edits] == list(arm.edits)
    if len(arm.edits) != 1 or not everywhere or arm.is_twin:
        raise UserError(
            f"“{replace}” is not one rule for all blocks; write static, identity or all=0."
        )
    return arm.edits[0].rule
