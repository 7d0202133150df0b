"""Surgery: a person's edits of one network, with undo and redo. Plain data, pure functions."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from seviz import limits
from seviz.errors import UserError
from seviz.gates.grammar import arm_text, edited_sites, parse_arm
from seviz.phrases import brief
from seviz.records.arms import Edit, Rule
from seviz.records.sites import Site

Edits = tuple[Edit, ...]

MAX_STEPS = 200  # how many steps can be undone
ABSOLUTE = ("set", "identity", "static", "resample")  # the new gate does not depend on the old one
MIXING = ("uniform", "shuffle")  # the new gate depends on the gates of other channels


@dataclass(frozen=True)
class History:
    """The current edits, and those before and after each step.

    done: the edits to undo to; undone: those to redo to; the nearest step is last in each.
    """

    edits: Edits = ()
    done: tuple[Edits, ...] = ()
    undone: tuple[Edits, ...] = ()

    def replace(self, edits: Sequence[Edit]) -> "History":
        """Make a step to other edits, which ends redoing; UserError where they are too many."""
        limits.EDITS.check(len(edits))  # each costs time in every pass
        if tuple(edits) == self.edits:
            return self
        return History(tuple(edits), (*self.done, self.edits)[-MAX_STEPS:])

    def apply(self, *edits: Edit) -> "History":
        """Append edits, and drop those that they override (`append_edit`)."""
        edited = self.edits
        for edit in edits:
            edited = append_edit(edited, edit)
        return self.replace(edited)

    def reset(self) -> "History":
        """Remove all edits, as a step that can be undone."""
        return self.replace(())

    def undo(self) -> "History":
        """Go a step back, if there is one."""
        if not self.done:
            return self
        return History(self.done[-1], self.done[:-1], (*self.undone, self.edits))

    def redo(self) -> "History":
        """Go a step forward again, if one was undone."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.done, self.edits), self.undone[:-1])

    def keep(self, fits: Callable[[Edit], bool]) -> "History":
        """Remove the edits that don't fit from all steps, then the steps that change nothing.

        So every step can still be undone or redone after another network was opened.
        """
        edits = tuple(filter(fits, self.edits))
        done, undone = (
            _drop_repeats([tuple(filter(fits, step)) for step in steps], edits)
            for steps in (self.done, self.undone)
        )
        return History(edits, done, undone)


def append_edit(edits: Edits, edit: Edit) -> Edits:
    """Append an edit, and drop the earlier ones that it overrides.

    A rule of ABSOLUTE overrides the earlier edits of the same place and channels, unless an edit
    between them computed the gates of other channels from the overridden ones (MIXING).
    """
    kept: list[Edit] = []
    overrides = edit.rule.name in ABSOLUTE
    for old in reversed(edits):
        if overrides and (old.place, old.channels) == (edit.place, edit.channels):
            continue
        overrides = overrides and not _uses_rule(old.rule, MIXING)
        kept.append(old)
    return (*reversed(kept), edit)


def parse_edits(text: str) -> Edits:
    """Read edits from text on the page or in its address.

    UserError where they are malformed, name a file, or name the twin.
    """
    edits = parse_arm(text).edits
    for edit in edits:
        if _uses_rule(edit.rule, ("resample",)):
            raise UserError(
                f"“{brief(arm_text([edit]))}” names a file; it is for the command line. Here, "
                "static, identity and uniform need none."
            )
        if edit.rule.name == "twin":
            raise UserError("twin is another network, no edit of gates; “all=identity” is one.")
    return edits


def check_edit(edit: Edit, sites: Sequence[Site], has_statistics: bool) -> None:
    """Raise UserError where a network has no such place or channels, or no static gates."""
    edited_sites(edit, sites)
    if _uses_rule(edit.rule, ("static",)) and not has_statistics:
        raise UserError(
            "This network has no statistics of reference images, so no static gates; "
            "identity and uniform need none."
        )


def misfits(edits: Edits, sites: Sequence[Site], has_statistics: bool) -> dict[Edit, str]:
    """Return the edits that do not fit a network, each with its error sentence (`check_edit`)."""
    faults = {}
    for edit in edits:
        try:
            check_edit(edit, sites, has_statistics)
        except UserError as error:
            faults[edit] = str(error)
    return faults


def edits_by_block(edits: Edits, sites: Sequence[Site]) -> dict[str, Edits]:
    """Return the edits of each block, as a whole or of single channels, by the block's name."""
    where = [(edit, edited_sites(edit, sites)) for edit in edits]
    return {site.name: tuple(e for e, names in where if site.name in names) for site in sites}


def restore_blocks(edits: Edits, sites: Sequence[Site], names: Collection[str]) -> Edits:
    """Remove the edits of whole blocks from the named blocks only.

    After SE_4*=static, restoring SE_4_6 leaves the other blocks of the stage static. Edits of
    single channels stay.
    """
    kept: list[Edit] = []
    for edit in edits:
        where = edited_sites(edit, sites)
        if edit.channels or where.isdisjoint(names):
            kept.append(edit)
        else:
            places = _name_places(where - set(names), sites)
            kept += [replace(edit, place=place) for place in places]
    return tuple(kept)


def switch_place(edits: Edits, sites: Sequence[Site], place: str, *, off: Rule | None) -> Edits:
    """Restore a stage or block, or give it the rule `off` as the last edit.

    off: None restores. UserError where the network has no such place.
    """
    names = edited_sites(Edit(Rule("identity"), place), sites)
    if off is None:
        return restore_blocks(edits, sites, names)
    return append_edit(edits, Edit(off, place))


def stages(sites: Sequence[Site]) -> dict[str, frozenset[str]]:
    """Return the names of the blocks of each stage, by the stage's place (SE_4*)."""
    by_place: dict[str, set[str]] = {}
    for site in sites:
        if site.stage is not None:
            by_place.setdefault(f"SE_{site.stage}*", set()).add(site.name)
    return {place: frozenset(names) for place, names in by_place.items()}


def _name_places(names: Collection[str], sites: Sequence[Site]) -> list[str]:
    """Cover blocks by as few places as possible: whole stages, then single blocks."""
    whole = {place: inside for place, inside in stages(sites).items() if inside <= set(names)}
    left = set(names).difference(*whole.values())
    return [*whole, *(site.name for site in sites if site.name in left)]


def _uses_rule(rule: Rule, names: Sequence[str]) -> bool:
    """Tell whether a rule, or a rule that it mixes in, has one of these names."""
    return rule.name in names or (rule.of is not None and _uses_rule(rule.of, names))


def _drop_repeats(steps: Sequence[Edits], nearest: Edits) -> tuple[Edits, ...]:
    """Drop the steps that equal the step after them; after the last step come the nearest edits."""
    kept: list[Edits] = []
    for step in reversed(steps):
        if step != (kept[-1] if kept else nearest):
            kept.append(step)
    return tuple(reversed(kept))
