"""The only file that registers hooks: it reads and edits the gates of a running network.

Hooks are installed once, when a network is loaded, and read the current question from a
`ContextVar`. Without a question they do nothing, so nothing can be left behind after an error, and
threads that ask one network different questions at the same time do not disturb each other.

    probe = Probe(model)
    with probe.ask([INTACT, IDENTITY]) as captured:
        logits = model(image.expand(2, -1, -1, -1))
    captured.s["SE_4_6"]  # 2×C, as applied

Arms that edit only later blocks need not be computed from the beginning: see `Probe.branch`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates import captures, sites
from seviz.gates.groups import Group, groups, modules_of
from seviz.gates.question import (
    Captured,
    PassEnded,
    Question,
    arm_per_row,
    branching,
    put_in_place,
)
from seviz.gates.tensors import in_usual_order
from seviz.records.arms import Arm, Recorded

_current: ContextVar[tuple["Probe", Question] | None] = ContextVar("seviz_question", default=None)


class Probe:
    """Hooks on every SE block of one network, silent until asked."""

    def __init__(
        self,
        model: nn.Module,
        example: Tensor | None = None,
        *,
        gated: bool = True,
        thorough: bool = False,
        contiguous: bool = False,
    ) -> None:
        """Find the SE blocks and hook them; UserError where there is none, or as `search` raises.

        example and thorough: as of `sites.search`; gated: False for a network without SE blocks,
        which then has no sites; contiguous: give the model its images in torch's
        usual order of memory, which a module that calls `view` may need, instead of channels-last.
        """
        found = sites.search(model, example=example, thorough=thorough) if gated else sites.NONE
        if example is None and sites.needs_pass(model, found.blocks):
            raise UserError(
                "Probe needs an example to know how many channels these blocks have, and whether "
                "the parts fit that were registered: give it an input of the network, 1×3×H×W."
            )
        self.sites = tuple(at.site for at in found.blocks)
        self.places = {at.site.name: at.places for at in found.blocks}
        self.unclear = found.unclear
        # A reference to the model would make a cycle, as its hooks hold this probe, and so keep
        # networks alive that were evicted from memory.
        self._parameter = next(model.parameters())
        some = groups(found.blocks)
        modules, self._handles = modules_of(model, some, lambda: self._question() is not None)
        self._is_heard = bool(self._handles)
        holders = [sites.holder(model, site, self.sites) for site in self.sites]
        self.holders_differ = len(set(holders)) == len(holders)
        if contiguous:
            self._before(model, in_usual_order)
        self._before(model, self._branch(None))
        for before, site, holder in zip([None, *self.sites], self.sites, holders, strict=False):
            self._before(holder, self._branch(site.name))
            if before:
                hook = captures.norms(before, site, self._question)
                for norm in filter(captures.is_norm, holder.modules()):
                    self._before(norm, hook)
        for group in some:
            self._hook(modules, group)

    def remove(self) -> None:
        """Take the hooks off the model, which is then as it was before; later questions fail."""
        while self._handles:
            self._handles.pop().remove()

    def _hook(self, modules: Mapping[str, nn.Module], group: Group) -> None:
        """Hook the places of a block."""
        places = group.places
        self._before(modules[places.features], captures.features(group, self._question))
        self._before(modules[places.first], captures.squeeze(group, self._question))
        if places.second:
            self._before(modules[places.second], captures.hidden(group, self._question))
        self._before(modules[places.pre], captures.pre_activation(group, self._question))
        self._after(modules[places.gate], captures.gate(group, self._question))
        self._after(modules[places.gate], captures.end_pass(group, self._question))

    def _before(self, module: nn.Module, hook: Callable[..., object]) -> None:
        self._handles.append(module.register_forward_pre_hook(self._unheard(hook)))

    def _after(self, module: nn.Module, hook: Callable[..., object]) -> None:
        self._handles.append(module.register_forward_hook(self._unheard(hook)))

    def _unheard(self, hook: Callable[..., object]) -> Callable[..., object]:
        """Keep a hook's own calls of functions from being counted among the network's."""
        if not self._is_heard:
            return hook

        def quiet(*args: object) -> object:
            with torch._C.DisableTorchFunction():
                return hook(*args)

        return quiet

    @contextmanager
    def ask(
        self,
        arms: Sequence[Arm],
        rows: Sequence[int] | None = None,
        features_of: Sequence[str] = (),
        *,
        recorded: Recorded | None = None,
        gates: bool = True,
        until: str = "",
        put_u: Mapping[str, Tensor] | None = None,
        tick: Callable[[], object] | None = None,
    ) -> Iterator[Captured]:
        """Ask one question, which holds for the network's forward passes inside the `with` block.

        rows names each batch row's arm by its index (one row an arm, in order, unless given);
        features_of names the sites whose features U, whole gates and pre-activations are kept;
        recorded holds the gates of rules that need some; gates: capture z and s; until: the site
        at whose gate the pass is to end, which the `with` block then leaves; put_u: features, by
        site, that replace its own, 1×C×H×W, or 1×C×1×1 for all positions; tick: called at each
        site, in the backward pass too, so that a pass ends early where it raises. A question inside
        another one replaces it until it ends. Raises UserError for an edit of a place that the
        network does not have, ValueError for a row without an arm, and in the forward pass for a
        batch of another length. Don't `yield` from a generator inside the `with` block: the
        generator's next step may run in a context without the question.
        """
        device = self._parameter.device
        question = arm_per_row(self.sites, arms, rows, recorded=recorded or {}, device=device)
        question.features_of, question.gates = frozenset(features_of), gates
        question.until, question.tick, question.put_u = until, tick, put_u or {}
        with self._set_question(question), suppress(PassEnded):
            yield question.captured

    @contextmanager
    def branch(
        self,
        arms: Sequence[Arm],
        recorded: Recorded | None = None,
        *,
        images: int = 1,
        norms: bool = False,
        gates: bool = True,
        nudge: bool = False,
        whole: bool = False,
    ) -> Iterator[Captured]:
        """Ask about many arms of some images, which go in as a batch of N rows, intact.

        N rows per arm branch off at the input of the first residual block at which the arm's edits
        differ from those of the other arms, so the layers before it are computed once. The captured
        values are in the order of the arms, N of each; `captured.rows` names their rows of the
        output. Raises as `ask` does.

        images: N; norms: capture how far each arm moves the inputs of batch norms, of one image;
        gates: capture z and s;
        nudge: add zeros to each gate, by which its influence can be differentiated
        (`captured.nudges`); whole: the rows branch where the network begins, for networks through
        which rows that branch later do not pass (`seviz.passes.branching`).
        """
        device = self._parameter.device
        question = branching(
            self.sites, arms, recorded or {}, device=device, images=images, whole=whole
        )
        question.norms, question.gates, question.nudge = norms, gates, nudge
        with self._set_question(question):
            yield question.captured

    @contextmanager
    def put(
        self,
        gates: Mapping[str, Tensor],
        *,
        tick: Callable[[], object] | None = None,
        whole: bool = False,
    ) -> Iterator[None]:
        """Put given gates (N×C by site name) in place, whatever the blocks compute.

        One image goes in as a batch of one row; N rows come out. The gates may carry gradients. A
        site that is not named keeps the gates that it computes. tick: as of `ask`; whole: as of
        `branch`.
        """
        question = put_in_place(self.sites, gates, whole=whole)
        question.tick = tick
        with self._set_question(question):
            yield

    @contextmanager
    def _set_question(self, question: Question) -> Iterator[None]:
        token = _current.set((self, question))
        try:
            yield
        finally:
            _current.reset(token)

    def _question(self) -> Question | None:
        """Return the current question if it is about this network."""
        probe, question = _current.get() or (None, None)
        return question if probe is self else None

    def _branch(self, place: str | None) -> captures.BeforeHook:
        """Branch rows off others where a site's holder, or for None the network, begins."""

        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...] | None:
            question = self._question()
            if question is None:
                return None
            if place is None:
                question.start_pass()
            if (off := question.branches.get(place)) is None:
                return None
            return (torch.cat([inputs[0], inputs[0][off]]), *inputs[1:])

        return hook
