"""What is captured of a pass, and edited in it: hooks, which `probe.py` registers.

Each reads the current question, and does nothing where there is none.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from seviz.gates import rules
from seviz.gates.groups import Group, as_gates
from seviz.gates.question import PassEnded, Question
from seviz.gates.tensors import norm_shift
from seviz.records.sites import Site
from seviz.watch import check_asker

Asked = Callable[[], Question | None]
BeforeHook = Callable[[nn.Module, tuple[Tensor, ...]], tuple[Tensor, ...] | None]
AfterHook = Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor | None]


def is_norm(module: nn.Module) -> bool:
    """Tell whether a module is a batch norm."""
    return isinstance(module, nn.modules.batchnorm._BatchNorm)


def norms(before: Site, site: Site, asked: Asked) -> BeforeHook:
    """Capture how far arms of one block shift the input of a norm of the next residual block."""

    def hook(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if not ((question := asked()) and question.norms):
            return
        if len(inputs[0]) == question.batch[site.name]:  # else no rows, but such as windows
            shift = norm_shift(norm, inputs[0])[question.rows[site.name]]
            question.captured.shifts.setdefault(before.name, []).append(shift)

    return hook


def features(group: Group, asked: Asked) -> BeforeHook:
    """Capture U, or put other features in its place."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...] | None:
        if not (question := asked()):
            return None
        site, u = group.site(question), inputs[0]
        if (put := question.put_u.get(site.name)) is not None:
            return (group.as_theirs(put.to(u)).expand_as(u), *inputs[1:])
        if site.name in question.features_of:
            u = group.as_ours(u)  # which the block may multiply in place
            question.captured.u[site.name] = u if u.requires_grad else u.clone()
        return None

    return hook


def squeeze(group: Group, asked: Asked) -> BeforeHook:
    """Capture z."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if not (question := asked()) or not question.gates:
            return
        site, z = group.site(question), inputs[0]
        if site.name in question.entered:  # a second descriptor, such as CBAM's of the maximum
            return
        question.entered.add(site.name)
        # Without a squeeze the first projection receives U itself, so there is no z.
        given = as_gates(z, site) if site.squeezed else torch.full_like(z[..., :1, :1], torch.nan)
        question.captured.z[site.name] = question.by_arm(site.name, given)

    return hook


def hidden(group: Group, asked: Asked) -> BeforeHook:
    """Capture what enters the second projection."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if question := asked():
            site = group.site(question)
            if site.name in question.features_of:
                question.captured.hidden[site.name] = inputs[0].clone()

    return hook


def pre_activation(group: Group, asked: Asked) -> BeforeHook:
    """Capture what enters the gate function."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if question := asked():
            site = group.site(question)
            if site.name in question.features_of:
                pre = question.by_arm(site.name, as_gates(inputs[0], site))
                question.captured.pre[site.name] = pre.clone()  # it may be overwritten

    return hook


def gate(group: Group, asked: Asked) -> AfterHook:
    """Capture the gates, and edit them."""

    def hook(_: nn.Module, __: tuple[Tensor, ...], theirs: Tensor) -> Tensor | None:
        check_asker()
        if not (question := asked()):
            return None
        site = group.site(question)
        if len(theirs) != (expected := question.batch[site.name]):
            raise ValueError(f"{len(theirs)} batch rows, asked about {expected}")
        s = as_gates(theirs, site)
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
        same = s.shape == theirs.shape
        return applied if same else applied.reshape(len(applied), *theirs.shape[1:])

    return hook


def end_pass(group: Group, asked: Asked) -> AfterHook:
    """Hear that a block was used, and end the pass where it is to end."""

    def hook(_: nn.Module, __: tuple[Tensor, ...], ___: Tensor) -> None:
        if question := asked():
            site = group.site(question)
            question.entered.discard(site.name)
            group.end_use(question)
            if question.until == site.name:
                raise PassEnded

    return hook
