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

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import torch
from torch import Tensor, nn

from seviz.gates import rules, sites
from seviz.gates.question import (
    Captured,
    PassEnded,
    Question,
    arm_per_row,
    branching,
    put_in_place,
)
from seviz.records.arms import Arm, Recorded
from seviz.records.sites import Site
from seviz.watch import check_asker

PreHook = Callable[[nn.Module, tuple[Tensor, ...]], None]
BranchHook = Callable[[nn.Module, tuple[Tensor, ...]], tuple[Tensor, ...] | None]
Hook = Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor | None]

_current: ContextVar[tuple["Probe", Question] | None] = ContextVar("seviz_question", default=None)


class Probe:
    """Hooks on every SE block of one network, silent until asked."""

    def __init__(self, model: nn.Module, *, gated: bool = True) -> None:
        """Find the SE blocks and hook them; UserError where there is none.

        gated: False for a network without SE blocks, which then has no sites.
        """
        self.sites = sites.find_sites(model) if gated else ()
        # A reference to the model would make a cycle, as its hooks hold this probe, and so keep
        # networks alive that were evicted from memory.
        self._parameter = next(model.parameters())
        model.register_forward_pre_hook(self._branch(None))
        for before, site in zip([None, *self.sites], self.sites, strict=False):
            holder = sites.holder(model, site, self.sites)
            holder.register_forward_pre_hook(self._branch(site.name))
            if before:
                self._capture_norms(holder, before, site)
            parts = sites.parts(model, site)
            parts.block.register_forward_pre_hook(self._capture_features(site))
            parts.first.register_forward_pre_hook(self._capture_squeeze(site))
            parts.gate.register_forward_pre_hook(self._capture_pre_activation(site))
            parts.gate.register_forward_hook(self._capture_and_edit_gate(site))
            parts.gate.register_forward_hook(self._end_pass(site))

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
        tick: Callable[[], object] | None = None,
    ) -> Iterator[Captured]:
        """Ask one question, which holds for the network's forward passes inside the `with` block.

        rows names each batch row's arm by its index (one row an arm, in order, unless given);
        features_of names the sites whose features U, whole gates and pre-activations are kept;
        recorded holds the gates of rules that need some; gates: capture z and s; until: the site
        at whose gate the pass is to end, which the `with` block then leaves; tick: called at each
        site, in the backward pass too, so that a pass ends early where it raises. A question inside
        another one replaces it until it ends. Raises UserError for an edit of a place that the
        network does not have, ValueError for a row without an arm, and in the forward pass for a
        batch of another length. Don't `yield` from a generator inside the `with` block: the
        generator's next step may run in a context without the question.
        """
        device = self._parameter.device
        question = arm_per_row(self.sites, arms, rows, recorded=recorded or {}, device=device)
        question.features_of, question.gates = frozenset(features_of), gates
        question.until, question.tick = until, tick
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

    def _branch(self, place: str | None) -> BranchHook:
        """Branch rows off others where a site's holder, or for None the network, begins."""

        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...] | None:
            question = self._question()
            if question is None or (off := question.branches.get(place)) is None:
                return None
            return (torch.cat([inputs[0], inputs[0][off]]), *inputs[1:])

        return hook

    def _capture_norms(self, holder: nn.Module, before: Site, site: Site) -> None:
        """Capture how far arms shift the inputs of the norms in the residual block after one."""

        def hook(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if not ((question := self._question()) and question.norms):
                return
            if len(inputs[0]) == question.batch[site.name]:  # else no rows, but such as windows
                shift = _norm_shift(norm, inputs[0])[question.rows[site.name]]
                question.captured.shifts.setdefault(before.name, []).append(shift)

        for norm in holder.modules():
            if isinstance(norm, nn.modules.batchnorm._BatchNorm):
                norm.register_forward_pre_hook(hook)

    def _capture_features(self, site: Site) -> PreHook:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if (question := self._question()) and site.name in question.features_of:
                question.captured.u[site.name] = inputs[0]

        return hook

    def _capture_squeeze(self, site: Site) -> PreHook:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if (question := self._question()) and question.gates:
                z = inputs[0]
                if not site.squeezed:  # the first projection receives U itself, so there is no z
                    z = torch.full_like(z[..., :1, :1], torch.nan)
                question.captured.z[site.name] = question.by_arm(site.name, z)

        return hook

    def _capture_pre_activation(self, site: Site) -> PreHook:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if (question := self._question()) and site.name in question.features_of:
                pre = question.by_arm(site.name, inputs[0])
                question.captured.pre[site.name] = pre.clone()  # an activation may overwrite it

        return hook

    def _capture_and_edit_gate(self, site: Site) -> Hook:
        def hook(_: nn.Module, __: tuple[Tensor, ...], s: Tensor) -> Tensor | None:
            check_asker()
            if not (question := self._question()):
                return None
            if len(s) != (expected := question.batch[site.name]):
                raise ValueError(f"{len(s)} batch rows, asked about {expected}")
            applied = rules.edit(s, question.changes[site.name])
            if (put := question.put.get(site.name)) is not None:
                applied = put.to(s).view(len(s), -1, *[1] * (s.dim() - 2))
            if question.nudge or site.name in question.features_of:
                question.captured.gates[site.name] = applied
            if question.nudge:
                nudge = torch.zeros_like(s, requires_grad=True)
                question.captured.nudges[site.name] = nudge
                applied = applied + nudge
            if tick := question.tick:
                tick()
                if applied.requires_grad:
                    applied.register_hook(lambda _: tick())  # type: ignore[no-untyped-call]
            if question.gates:
                question.captured.s_computed[site.name] = question.by_arm(site.name, s)
                question.captured.s[site.name] = question.by_arm(site.name, applied)
            return applied

        return hook

    def _end_pass(self, site: Site) -> Hook:
        def hook(_: nn.Module, __: tuple[Tensor, ...], ___: Tensor) -> None:
            if (question := self._question()) and question.until == site.name:
                raise PassEnded

        return hook


def uses(model: nn.Module, kind: type[nn.Module], run: Callable[[], object]) -> Counter[nn.Module]:
    """Count how often `run` calls each module of a kind in this model.

    The hooks are removed at the end; no other thread may use the model meanwhile.
    """
    called: Counter[nn.Module] = Counter()

    def count(module: nn.Module, _: object) -> None:
        called[module] += 1

    handles = [m.register_forward_pre_hook(count) for m in model.modules() if isinstance(m, kind)]
    try:
        run()
    finally:
        for handle in handles:
            handle.remove()
    return called


def output_shapes(
    modules: Iterable[nn.Module], run: Callable[[], object]
) -> dict[nn.Module, tuple[int, ...]]:
    """Return the shapes of what modules return while `run` calls them; () for what is no tensor.

    As of `uses`, no other thread may use the modules meanwhile.
    """
    shapes: dict[nn.Module, tuple[int, ...]] = {}

    def note(module: nn.Module, _: object, output: object) -> None:
        shapes[module] = tuple(output.shape) if isinstance(output, Tensor) else ()

    handles = [module.register_forward_hook(note) for module in modules]
    try:
        run()
    finally:
        for handle in handles:
            handle.remove()
    return shapes


def _norm_shift(norm: nn.Module, x: Tensor) -> Tensor:
    """Measure how far a batch norm's input in each row is from that in the first, intact row: N.

    The mean over channels of |the row's spatial mean − the intact row's|, in units of the channel's
    stored standard deviation: 0 is the intact input, 1 is far from it.
    """
    means = x.flatten(2).mean(2)
    stored: Tensor = (norm.running_var + norm.eps).sqrt()  # type: ignore[operator]
    return ((means - means[:1]).abs() / stored).mean(1)
