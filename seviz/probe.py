"""The only file that registers hooks: it reads and edits the gates of a running network.

Hooks are installed once, when a network is loaded, and read the current question from a
`ContextVar`. Without a question they do nothing, so nothing can be left behind after an error, and
threads that ask one network different questions at one time cannot mix.

    probe = Probe(model)
    with probe.ask([INTACT, IDENTITY]) as heard:
        logits = model(image.expand(2, -1, -1, -1))
    heard.s["SE_4_6"]  # 2×C, as applied
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from seviz import gates, sites
from seviz.edits import placed
from seviz.errors import UserError
from seviz.records import Arm, Recorded, Rule, Site

PreHook = Callable[[nn.Module, tuple[Tensor, ...]], None]
Hook = Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor | None]


@dataclass
class Heard:
    """What one question heard, by site name; batch rows first, on the network's device."""

    z: dict[str, Tensor] = field(default_factory=dict)  # N×C
    s: dict[str, Tensor] = field(default_factory=dict)  # N×C, as applied
    s_computed: dict[str, Tensor] = field(default_factory=dict)  # N×C, before the edit
    u: dict[str, Tensor] = field(default_factory=dict)  # N×C×H×W, of the sites asked for


@dataclass(frozen=True)
class _Question:
    probe: "Probe"
    batch: int
    changes: Mapping[str, Sequence[gates.Change]]  # by site, in order
    features_of: frozenset[str]
    heard: Heard


_current: ContextVar[_Question | None] = ContextVar("seviz_question", default=None)


class Probe:
    """Hooks on every SE block of one network, silent until asked."""

    def __init__(self, model: nn.Module) -> None:
        """Find the SE blocks and listen to them; UserError where there is none."""
        self.sites = sites.find_sites(model)
        # Not the model: its hooks hold this probe, and a cycle would keep evicted networks alive.
        self._parameter = next(model.parameters())
        for site in self.sites:
            block, first, gate = sites.parts(model, site)
            block.register_forward_pre_hook(self._hear_features(site))
            first.register_forward_pre_hook(self._hear_squeeze(site))
            gate.register_forward_hook(self._hear_and_edit_gate(site))

    @contextmanager
    def ask(
        self,
        arms: Sequence[Arm],
        rows: Sequence[int] | None = None,
        features_of: Sequence[str] = (),
        recorded: Recorded | None = None,
    ) -> Iterator[Heard]:
        """Ask one question: what the network's forward passes inside the block are about.

        rows names each batch row's arm by its index (one row an arm, in order, unless given);
        features_of names the sites whose features U are kept; recorded holds the gates of rules
        that need some. A question inside another takes its place until it ends. Raises UserError
        for an edit of a place that the network has not, ValueError for a row without an arm, and in
        the forward pass for a batch of another length. Don't `yield` from a generator inside the
        block: the question would be gone at its next step.
        """
        owners = list(range(len(arms)) if rows is None else rows)
        if not all(0 <= owner < len(arms) for owner in owners):
            raise ValueError(f"rows {owners} name more than the {len(arms)} arms")
        changes = self._changes(arms, owners, recorded or {})
        question = _Question(self, len(owners), changes, frozenset(features_of), Heard())
        token = _current.set(question)
        try:
            yield question.heard
        finally:
            _current.reset(token)

    def _changes(
        self, arms: Sequence[Arm], owners: Sequence[int], recorded: Recorded
    ) -> dict[str, list[gates.Change]]:
        """Place each arm's edits, in order, at the sites that they are about."""
        where = self._parameter.device
        owner = torch.tensor(owners, device=where).view(-1, 1, 1, 1)
        changes: dict[str, list[gates.Change]] = {site.name: [] for site in self.sites}
        known = {site.name: _known(site, recorded, where) for site in self.sites}
        for index, arm in enumerate(arms):
            mine = owner == index
            for edit in arm.edits:
                for name in placed(edit, self.sites):
                    changes[name].append(gates.Change(edit, mine, known[name]))
        return changes

    def _question(self) -> _Question | None:
        """Return the current question if it is about this network."""
        question = _current.get()
        return question if question is not None and question.probe is self else None

    def _hear_features(self, site: Site) -> PreHook:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if (question := self._question()) and site.name in question.features_of:
                question.heard.u[site.name] = inputs[0]

        return hook

    def _hear_squeeze(self, site: Site) -> PreHook:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if question := self._question():
                question.heard.z[site.name] = inputs[0].flatten(1)

        return hook

    def _hear_and_edit_gate(self, site: Site) -> Hook:
        def hook(_: nn.Module, __: tuple[Tensor, ...], s: Tensor) -> Tensor | None:
            if not (question := self._question()):
                return None
            if len(s) != question.batch:
                raise ValueError(f"{len(s)} batch rows, asked about {question.batch}")
            applied = gates.edit(s, question.changes[site.name])
            question.heard.s_computed[site.name] = s.flatten(1)
            question.heard.s[site.name] = applied.flatten(1)
            return applied

        return hook


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
