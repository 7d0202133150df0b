"""What a forward pass is about: the arms of its rows, and what is to be heard of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.gates import rules
from seviz.gates.grammar import placed
from seviz.records.arms import Arm, Recorded, Rule
from seviz.records.sites import Site

_What = tuple[Rule, tuple[tuple[int, int], ...]]  # an edit's rule and channels


@dataclass
class Heard:
    """What one question heard, by site name; N rows (or arms) first, on the network's device."""

    z: dict[str, Tensor] = field(default_factory=dict)  # N×C
    s: dict[str, Tensor] = field(default_factory=dict)  # N×C, as applied
    s_computed: dict[str, Tensor] = field(default_factory=dict)  # N×C, before the edit
    u: dict[str, Tensor] = field(default_factory=dict)  # N×C×H×W, of the sites asked for
    gates: dict[str, Tensor] = field(default_factory=dict)  # of these and nudged ones, as applied
    moved: dict[str, list[Tensor]] = field(default_factory=dict)  # N, of each norm of the next
    nudges: dict[str, Tensor] = field(default_factory=dict)  # as gates, zeros to differentiate by
    rows: list[int] = field(default_factory=list)  # of the output, each arm's


@dataclass
class Question:
    """A question as hooks read it: mappings are by site name; see `Probe.ask` and `Probe.part`."""

    batch: Mapping[str, int]  # rows that pass the site
    changes: Mapping[str, Sequence[rules.Change]]  # in order
    heard: Heard
    joining: Mapping[str, int]  # rows that part from the first where the site's holder begins
    rows: Mapping[str, Tensor]  # each arm's row, if rows part
    features_of: frozenset[str] = frozenset()
    norms: bool = False
    gates: bool = True
    nudge: bool = False
    put: Mapping[str, Tensor] = field(default_factory=dict)  # N×C, in place of a site's own gates
    tick: Callable[[], object] | None = None  # called at each site, forward and backward

    def by_arm(self, name: str, of_rows: Tensor) -> Tensor:
        """Bring what the rows said at a site into the order of the arms, one number a channel.

        Where a channel has one at each position, it is their mean (`Site.squeezed`).
        """
        flat = of_rows.flatten(1)
        if flat.shape[1] > of_rows.shape[1]:
            flat = of_rows.flatten(2).mean(2)
        return flat[self.rows[name]] if self.rows else flat


def side_by_side(
    sites: Sequence[Site],
    arms: Sequence[Arm],
    rows: Sequence[int] | None,
    recorded: Recorded,
    where: torch.device,
) -> Question:
    """Let each row of a batch be of one arm, from the beginning to the end."""
    owners = list(range(len(arms)) if rows is None else rows)
    if not all(0 <= owner < len(arms) for owner in owners):
        raise ValueError(f"rows {owners} name more than the {len(arms)} arms")
    batch = {site.name: len(owners) for site in sites}
    changes = _changes(sites, arms, owners, batch, recorded, where)
    return Question(batch, changes, Heard(rows=owners), dict.fromkeys(batch, 0), {})


def parting(
    sites: Sequence[Site], arms: Sequence[Arm], recorded: Recorded, where: torch.device
) -> Question:
    """Let one intact row go in, from which each arm's row parts at the first site it edits."""
    depth = {site.name: d for d, site in enumerate(sites)}
    last = len(sites)  # an arm without edits never parts
    parts_at = [
        min((depth[name] for edit in arm.edits for name in placed(edit, sites)), default=last)
        for arm in arms
    ]
    parted = sorted((at, arm) for arm, at in enumerate(parts_at) if at < last)
    row_of = {arm: row for row, (_, arm) in enumerate(parted, start=1)}
    owners = [-1, *(arm for _, arm in parted)]  # the first row is nobody's: intact
    joining = {site.name: parts_at.count(d) for d, site in enumerate(sites)}
    batch = {site.name: 1 + sum(at <= d for at in parts_at) for d, site in enumerate(sites)}
    rows = {
        site.name: torch.tensor(
            [row_of[arm] if at <= d else 0 for arm, at in enumerate(parts_at)], device=where
        )
        for d, site in enumerate(sites)
    }
    changes = _changes(sites, arms, owners, batch, recorded, where)
    heard = Heard(rows=[row_of.get(arm, 0) for arm in range(len(arms))])
    return Question(batch, changes, heard, joining, rows)


def put_in_place(sites: Sequence[Site], put: Mapping[str, Tensor]) -> Question:
    """Let one row go in, from which N rows part at the first site; their gates are given, N×C."""
    count = len(next(iter(put.values())))
    batch = {site.name: count for site in sites}
    joining = {site.name: 0 if depth else count - 1 for depth, site in enumerate(sites)}
    nothing: dict[str, Sequence[rules.Change]] = {site.name: () for site in sites}
    return Question(batch, nothing, Heard(), joining, {}, gates=False, put=put)


def _changes(
    sites: Sequence[Site],
    arms: Sequence[Arm],
    owners: Sequence[int],
    batch: Mapping[str, int],
    recorded: Recorded,
    where: torch.device,
) -> dict[str, list[rules.Change]]:
    """Place each arm's edits, in order, at the sites that they are about."""
    owner = torch.tensor(owners, device=where)
    changes: dict[str, list[rules.Change]] = {}
    for site, alike in zip(sites, _alike(sites, arms), strict=True):
        rows, known = owner[: batch[site.name]], _known(site, recorded, where)
        changes[site.name] = []
        for (rule, channels), mine in alike:
            chosen = torch.isin(rows, torch.tensor(sorted(mine), device=where))
            mask = rules.mask(chosen, channels, site.channels)
            changes[site.name].append(rules.Change(rule, mask, known))
    return changes


def _alike(sites: Sequence[Site], arms: Sequence[Arm]) -> list[list[tuple[_What, set[int]]]]:
    """List each site's edits, in order, with the arms they are of; neighbours that agree are one.

    So a sweep of many arms over one rule costs a block one change, and not one for each arm.
    """
    at = {site.name: d for d, site in enumerate(sites)}
    found: list[list[tuple[_What, set[int]]]] = [[] for _ in sites]
    for index, arm in enumerate(arms):
        for edit in arm.edits:
            what = (edit.rule, edit.channels)
            for name in placed(edit, sites):
                edits = found[at[name]]
                if edits and edits[-1][0] == what and index not in edits[-1][1]:
                    edits[-1][1].add(index)
                else:
                    edits.append((what, {index}))
    return found


def _known(site: Site, recorded: Recorded, where: torch.device) -> dict[Rule, Tensor]:
    """Bring a site's recorded gates to the device; UserError where they are another network's."""
    for by_site in recorded.values():
        if len(by_site.get(site.name, ())) != site.channels:
            raise UserError(
                f"The recorded gates do not fit this network: for {site.name} they must be "
                f"{site.channels}; record them with it."
            )
    here = ((rule, by_site[site.name]) for rule, by_site in recorded.items())
    return {rule: torch.from_numpy(s).to(where) for rule, s in here}
