"""A question to a network: the arm of each batch row, and what to capture of the pass."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.gates import rules
from seviz.gates.grammar import edited_sites
from seviz.records.arms import RECORDED, Arm, Recorded, Rule
from seviz.records.sites import Site

_RuleAt = tuple[Rule, tuple[tuple[int, int], ...]]  # an edit's rule and channels
_Edits = list[tuple[_RuleAt, set[int]]]  # a site's, in order, with the arms that make them
_Tree = dict[int, tuple[int, int]]  # by arm: the depth at which its row branches, and off which
# arm's; one that never branches, at the number of sites, has the answer of that other row
_INTACT = -1  # the row that is fed, which is no arm's


class PassEnded(Exception):
    """Ends a pass at the gate of `Question.until`: all that was asked for is captured."""


@dataclass
class Captured:
    """Tensors that one question captured, by site name: N rows or arms first, on the device."""

    z: dict[str, Tensor] = field(default_factory=dict)  # N×C
    s: dict[str, Tensor] = field(default_factory=dict)  # N×C, as applied
    s_computed: dict[str, Tensor] = field(default_factory=dict)  # N×C, before the edit
    u: dict[str, Tensor] = field(default_factory=dict)  # N×C×H×W, of the sites asked for
    pre: dict[str, Tensor] = field(default_factory=dict)  # N×C, of those: s before its activation
    gates: dict[str, Tensor] = field(default_factory=dict)  # as applied: of those sites, or nudged
    hidden: dict[str, Tensor] = field(default_factory=dict)  # of those: what enters W₂
    shifts: dict[str, list[Tensor]] = field(default_factory=dict)  # N a norm of the next block
    nudges: dict[str, Tensor] = field(default_factory=dict)  # zeros, of the shape of gates
    rows: list[int] = field(default_factory=list)  # each arm's row of the output


@dataclass
class Question:
    """A question as hooks read it, by site name; see `Probe.ask` and `Probe.branch`."""

    batch: Mapping[str, int]  # rows that pass the site
    changes: Mapping[str, Sequence[rules.Change]]  # in order
    captured: Captured
    branches: Mapping[str | None, Tensor]  # the rows off which others branch where a site's holder
    # begins, by their numbers; for None, where the network begins
    rows: Mapping[str, Tensor]  # each arm's rows; empty where rows are in the order of the arms
    features_of: frozenset[str] = frozenset()
    until: str = ""  # the site at whose gate the pass ends, by `PassEnded`
    norms: bool = False
    gates: bool = True
    nudge: bool = False
    put: Mapping[str, Tensor] = field(default_factory=dict)  # N×C, in place of a site's own gates
    put_u: Mapping[str, Tensor] = field(default_factory=dict)  # 1×C×H×W or 1×C×1×1, in place of U
    tick: Callable[[], object] | None = None  # called at each site, forward and backward
    uses: Counter[str] = field(default_factory=Counter)  # of shared blocks, so far in this pass
    entered: set[str] = field(default_factory=set)  # sites whose z is captured in this pass

    def start_pass(self) -> None:
        """Hear that the network begins a pass."""
        self.uses.clear()
        self.entered.clear()

    def by_arm(self, name: str, of_rows: Tensor) -> Tensor:
        """Reorder a site's values from rows to arms: N×C.

        A channel with a value at each position (`Site.squeezed` is false) gets their mean.
        """
        flat = of_rows.flatten(1)
        if flat.shape[1] > of_rows.shape[1]:
            flat = of_rows.flatten(2).mean(2)
        return flat[self.rows[name]] if self.rows else flat


def arm_per_row(
    sites: Sequence[Site],
    arms: Sequence[Arm],
    rows: Sequence[int] | None,
    *,
    recorded: Recorded,
    device: torch.device,
) -> Question:
    """Ask about a batch in which each row has one arm from the first block to the last."""
    arm_of_row = list(range(len(arms)) if rows is None else rows)
    if not all(0 <= arm < len(arms) for arm in arm_of_row):
        raise ValueError(f"rows {arm_of_row} name more than the {len(arms)} arms")
    batch = {site.name: len(arm_of_row) for site in sites}
    changes = _changes(
        sites, arms, arm_of_row=arm_of_row, batch=batch, recorded=recorded, device=device
    )
    return Question(batch, changes, Captured(rows=arm_of_row), {}, {})


def branch_places(sites: Sequence[Site], arms: Sequence[Arm]) -> list[str]:
    """Return the names of the sites at which arms branch off (`branching`), in order of depth.

    UserError for an edit of a place that the network does not have.
    """
    depths = {at for at, _ in _tree(_merge_equal_edits(sites, arms), arms).values()}
    return [site.name for depth, site in enumerate(sites) if depth in depths]


def branching(
    sites: Sequence[Site],
    arms: Sequence[Arm],
    recorded: Recorded,
    *,
    device: torch.device,
    images: int = 1,
    whole: bool = False,
) -> Question:
    """Feed an intact row for each image; arms branch off where their edits begin to differ.

    Each arm has a row for each image, from the block on at which it differs from all arms before
    it: the layers that arms with equal edits have in common are computed once. whole: the rows
    branch where the network begins.
    """
    by_site = _merge_equal_edits(sites, arms)
    tree = _whole(by_site, arms) if whole else _tree(by_site, arms)
    order = sorted((at, arm) for arm, (at, _) in tree.items() if at < len(sites))
    place = {_INTACT: 0} | {arm: row for row, (_, arm) in enumerate(order, start=1)}

    def row_at(depth: int, arm: int) -> int:
        while arm != _INTACT and tree[arm][0] > depth:
            arm = tree[arm][1]
        return place[arm]

    def numbers(rows: Sequence[int]) -> Tensor:
        return torch.tensor(
            [row * images + i for row in rows for i in range(images)], device=device
        )

    branches: dict[str | None, Tensor] = {}
    for depth, name in enumerate([None, *(site.name for site in sites)], start=-1):
        if off := [place[tree[arm][1]] for at, arm in order if at == depth]:
            branches[name] = numbers(off)
    batch = {
        site.name: images * (1 + sum(at <= d for at, _ in order)) for d, site in enumerate(sites)
    }
    rows = {
        site.name: numbers([row_at(d, arm) for arm in range(len(arms))])
        for d, site in enumerate(sites)
    }
    arm_of_row = [arm for arm in [_INTACT, *(arm for _, arm in order)] for _ in range(images)]
    changes = _changes(
        sites, arms, arm_of_row=arm_of_row, batch=batch, recorded=recorded, device=device
    )
    last = numbers([row_at(len(sites) - 1, arm) for arm in range(len(arms))])
    return Question(batch, changes, Captured(rows=last.tolist()), branches, rows)


def _whole(by_site: Sequence[_Edits], arms: Sequence[Arm]) -> _Tree:
    """Let each arm with edits branch off the intact row where the network begins."""
    edited = {arm for edits in by_site for _, editing in edits for arm in editing}
    return {arm: (-1 if arm in edited else len(by_site), _INTACT) for arm in range(len(arms))}


def _tree(by_site: Sequence[_Edits], arms: Sequence[Arm]) -> _Tree:
    """Let each arm branch off the row with which it shares most blocks.

    What is known of a row: after each of its edits, up to which depth it has these edits and no
    others. An arm goes on from the row that has most of its first edits, for as long as both agree.
    """
    own: list[list[tuple[int, tuple[_RuleAt, ...]]]] = [[] for _ in arms]  # (depth, edits there)
    for depth, edits in enumerate(by_site):
        there: dict[int, tuple[_RuleAt, ...]] = {}
        for rule_at, editing in edits:
            there |= {arm: (*there.get(arm, ()), rule_at) for arm in editing}
        for arm, of in there.items():
            own[arm].append((depth, of))
    last, tree = len(by_site), dict[int, tuple[int, int]]()
    known: dict[tuple[object, ...], tuple[int, int]] = {(): (last, _INTACT)}
    for arm, edited in enumerate(own):
        depths = [*(depth for depth, _ in edited), last]
        prefixes = [tuple(edited[:count]) for count in range(len(edited) + 1)]
        longest = max(count for count, prefix in enumerate(prefixes) if prefix in known)
        until, row = known[prefixes[longest]]
        at = min(depths[longest], until)
        while row != _INTACT and tree[row][0] >= at:  # the row has not branched itself there
            row = tree[row][1]
        tree[arm] = (at, row)
        for prefix, depth in zip(prefixes, depths, strict=True):
            if known.get(prefix, (-1, 0))[0] < depth:
                known[prefix] = (depth, arm)
    return tree


def put_in_place(
    sites: Sequence[Site], put: Mapping[str, Tensor], *, whole: bool = False
) -> Question:
    """Feed one row; branch N rows at the first site; `put` holds the gates, N×C by site.

    whole: the rows branch where the network begins.
    """
    gates = next(iter(put.values()))
    batch = {site.name: len(gates) for site in sites}
    off = torch.zeros(len(gates) - 1, dtype=torch.long, device=gates.device)
    branches: dict[str | None, Tensor] = {None if whole else sites[0].name: off}
    no_changes: dict[str, Sequence[rules.Change]] = {site.name: () for site in sites}
    return Question(batch, no_changes, Captured(), branches, {}, gates=False, put=put)


def _changes(
    sites: Sequence[Site],
    arms: Sequence[Arm],
    *,
    arm_of_row: Sequence[int],
    batch: Mapping[str, int],
    recorded: Recorded,
    device: torch.device,
) -> dict[str, list[rules.Change]]:
    """List each site's changes, in order, from the edits of all arms."""
    for rule in {rule for arm in arms for edit in arm.edits for rule in edit.rule.all}:
        if rule.name in RECORDED and rule not in recorded:
            raise UserError(
                f"An arm with {rule.name} gates needs recorded ones; give recorded="
                "seviz.recorded_for(key, arms)."
            )
    arm_of = torch.tensor(arm_of_row, device=device)
    changes: dict[str, list[rules.Change]] = {}
    for site, edits in zip(sites, _merge_equal_edits(sites, arms), strict=True):
        rows = arm_of[: batch[site.name]]
        gates = _recorded_gates(site, recorded, rows=len(rows), device=device)
        changes[site.name] = []
        for (rule, channels), editing in edits:
            chosen = torch.isin(rows, torch.tensor(sorted(editing), device=device))
            mask = rules.mask(chosen, channels, site.channels)
            changes[site.name].append(rules.Change(rule, mask, gates))
    return changes


def _merge_equal_edits(sites: Sequence[Site], arms: Sequence[Arm]) -> list[_Edits]:
    """List each site's edits, in order, with the arms that make them; equal neighbours are merged.

    So many arms with the same rule at a block cost it one change, not one per arm.
    """
    by_site: dict[str, _Edits] = {site.name: [] for site in sites}
    for index, arm in enumerate(arms):
        for edit in arm.edits:
            rule_at = (edit.rule, edit.channels)
            for name in edited_sites(edit, sites):
                edits = by_site[name]
                if edits and edits[-1][0] == rule_at and index not in edits[-1][1]:
                    edits[-1][1].add(index)
                else:
                    edits.append((rule_at, {index}))
    return list(by_site.values())


def _recorded_gates(
    site: Site, recorded: Recorded, *, rows: int, device: torch.device
) -> dict[Rule, Tensor]:
    """Copy a site's recorded gates to the device, those of each image to all of its rows.

    UserError where they are another network's.
    """
    found = {}
    for rule, by_site in recorded.items():
        gates = np.atleast_2d(by_site.get(site.name, ()))
        if gates.shape[1] != site.channels:
            raise UserError(
                f"The recorded gates do not fit this network: for {site.name} they must be "
                f"{site.channels}; record them with it."
            )
        found[rule] = torch.from_numpy(gates).to(device)
        if len(gates) > 1:
            found[rule] = found[rule].repeat(rows // len(gates), 1)
    return found
