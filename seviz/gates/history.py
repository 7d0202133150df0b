"""Surgery: a person's edits of one network, step by step, with a way back. Plain data, pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, edited_sites, parse_arm
from seviz.records.arms import Edit, Rule
from seviz.records.sites import Site

Edits = tuple[Edit, ...]

MOST = 200  # edits at a time: a link may bring any number, and each costs time in every pass
STEPS = 200  # that can be undone
ABSOLUTE = ("set", "identity", "static", "resample")  # a gate's new value whatever it was
MIXING = ("uniform", "shuffle")  # a gate's new value depends on the gates of other channels


@dataclass(frozen=True)
class History:
    """The edits as they are, and as they were: done and undone end with the nearest step."""

    edits: Edits = ()
    done: tuple[Edits, ...] = ()
    undone: tuple[Edits, ...] = ()

    def replace(self, edits: Sequence[Edit]) -> "History":
        """Go on with other edits; nothing can be redone then. UserError where they are too many."""
        if len(edits) > MOST:
            raise UserError(f"{len(edits)} edits are too many: {MOST} at a time are possible.")
        if tuple(edits) == self.edits:
            return self
        return History(tuple(edits), (*self.done, self.edits)[-STEPS:])

    def apply(self, *edits: Edit) -> "History":
        """Add edits behind the others, in place of those that they make void (`merged`)."""
        all_of_them = self.edits
        for edit in edits:
            all_of_them = merged(all_of_them, edit)
        return self.replace(all_of_them)

    def reset(self) -> "History":
        """Take all edits away; that can be undone."""
        return self.replace(())

    def undo(self) -> "History":
        """Go a step back, if there is one."""
        if not self.done:
            return self
        return History(self.done[-1], self.done[:-1], (*self.undone, self.edits))

    def redo(self) -> "History":
        """Take the last undoing back, if there is one."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.done, self.edits), self.undone[:-1])

    def keep(self, fits: Callable[[Edit], bool]) -> "History":
        """Leave out the edits that don't fit, here and in all steps; steps that change nothing go.

        So each step can still be gone to after the network has changed.
        """
        edits = tuple(filter(fits, self.edits))
        done, undone = (
            _distinct([tuple(filter(fits, step)) for step in steps], edits)
            for steps in (self.done, self.undone)
        )
        return History(edits, done, undone)


def merged(edits: Edits, edit: Edit) -> Edits:
    """Put an edit behind others, leaving out those it makes void.

    An edit that sets gates whatever they were makes void what was done before at the same place
    and channels, unless an edit between them took other channels' gates from there.
    """
    kept: list[Edit] = []
    free = edit.rule.name in ABSOLUTE
    for old in reversed(edits):
        if free and (old.place, old.channels) == (edit.place, edit.channels):
            continue
        free = free and not _within(old.rule, MIXING)
        kept.append(old)
    return (*reversed(kept), edit)


def read(text: str) -> Edits:
    """Read edits from a page's text or address; UserError where malformed, or not for a page."""
    edits = parse_arm(text).edits
    for edit in edits:
        if _within(edit.rule, ("resample",)):
            raise UserError(
                f"“{arm_text([edit])}” names a file; it is for the command line. Here, static, "
                "identity and uniform need none."
            )
        if edit.rule.name == "twin":
            raise UserError("twin is another network, no edit of gates; “all=identity” is one.")
    return edits


def check(edit: Edit, sites: Sequence[Site], has_statistics: bool) -> None:
    """Raise UserError where a network has no such place or channels, or no static gates."""
    edited_sites(edit, sites)
    if _within(edit.rule, ("static",)) and not has_statistics:
        raise UserError(
            "This network has no statistics of reference images, so no static gates; "
            "identity and uniform need none."
        )


def misfits(edits: Edits, sites: Sequence[Site], has_statistics: bool) -> dict[Edit, str]:
    """Say of each edit that a network has no place or gates for what is wrong (`check`)."""
    found = {}
    for edit in edits:
        try:
            check(edit, sites, has_statistics)
        except UserError as error:
            found[edit] = str(error)
    return found


def as_trained(edits: Edits, sites: Sequence[Site]) -> frozenset[str]:
    """Return the names of the blocks that no edit of whole blocks is about."""
    edited = {name for edit in edits if not edit.channels for name in edited_sites(edit, sites)}
    return frozenset(site.name for site in sites) - edited


def switched_on(edits: Edits, sites: Sequence[Site], names: Collection[str]) -> Edits:
    """Take from blocks all edits of whole blocks; at other blocks these stay.

    So after SE_4*=static, switching SE_4_6 on leaves the other blocks of the stage static. Edits of
    single channels stay everywhere.
    """
    kept: list[Edit] = []
    for edit in edits:
        where = edited_sites(edit, sites)
        if edit.channels or where.isdisjoint(names):
            kept.append(edit)
        else:
            kept += [replace(edit, place=place) for place in _places(where - set(names), sites)]
    return tuple(kept)


def switched(
    edits: Edits,
    sites: Sequence[Site],
    groups: Mapping[str, frozenset[str]],
    *,
    ticked: Collection[str],
    off: Rule,
) -> Edits:
    """Switch stages or blocks to what their ticks say; ticked is one whose blocks are as trained.

    groups: the names of the blocks at each place that has a switch (`stages`, `blocks`). One that
    lost its tick gets the rule `off` behind all other edits; one that got it is switched on.
    """
    on = as_trained(edits, sites)
    for place, names in groups.items():
        if place in ticked and not names <= on:
            edits = switched_on(edits, sites, names)
    for place, names in groups.items():
        if place not in ticked and names <= on:
            edits = merged(edits, Edit(off, place))
    return edits


def stages(sites: Sequence[Site]) -> dict[str, frozenset[str]]:
    """Return the names of the blocks of each stage, by the stage's place (SE_4*)."""
    found: dict[str, set[str]] = {}
    for site in sites:
        if site.stage is not None:
            found.setdefault(f"SE_{site.stage}*", set()).add(site.name)
    return {place: frozenset(names) for place, names in found.items()}


def blocks(sites: Sequence[Site]) -> dict[str, frozenset[str]]:
    """Return each block as a group of its own, by its name."""
    return {site.name: frozenset([site.name]) for site in sites}


def _places(names: Collection[str], sites: Sequence[Site]) -> list[str]:
    """Name blocks by as few places as are needed: whole stages, then single blocks."""
    whole = {place: inside for place, inside in stages(sites).items() if inside <= set(names)}
    left = set(names).difference(*whole.values())
    return [*whole, *(site.name for site in sites if site.name in left)]


def _within(rule: Rule, names: Sequence[str]) -> bool:
    """Tell whether a rule, or the one it mixes in, is one of these."""
    return rule.name in names or (rule.of is not None and _within(rule.of, names))


def _distinct(steps: Sequence[Edits], nearest: Edits) -> tuple[Edits, ...]:
    """Leave out the steps that are as the one after them, the last as what is there now."""
    kept: list[Edits] = []
    for step in reversed(steps):
        if step != (kept[-1] if kept else nearest):
            kept.append(step)
    return tuple(reversed(kept))
