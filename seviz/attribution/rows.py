"""A network as captum calls it: a module in whose batch each row has its image and its arm."""

from collections.abc import Sequence
from copy import copy, deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.grammar import named_gate
from seviz.gates.sites import gate_function
from seviz.passes.batch_size import BatchSizes
from seviz.passes.derivatives import derivatives
from seviz.passes.forward import split_twin
from seviz.passes.logits import logits_of
from seviz.records.arms import Arm, Recorded
from seviz.records.numbers import SOFTMAX
from seviz.records.target import Difference, Gate, Target
from seviz.records.target import score as class_score
from seviz.watch import Progress
from seviz.zoo.models import LoadedModel, load_twin


class Rows(nn.Module):
    """A network with arms: N×3×H×W pixels and the N numbers of their rows in, N×K logits out.

    Where a difference of two classes or a gate is followed, its score is the only output, N×1: the
    difference of the logits, or the gate's pre-activation, as the row's own pass computes it before
    any edit of it. The gate itself would be no score to explain: near 0 and 1 a sigmoid is flat, so
    its gradients vanish. A pass ends at the followed gate.
    model: the network; twin: its twin without SE, which passes the rows of the twin's arm, or None
    where no arm is.
    Rows are numbered image by image, and arm by arm within: of A arms, row i is of image i // A and
    arm i % A. captum expands the numbers with the pixels, so its repeated calls see the right arms.
    Rows are passed in parts whose size suits the device. What each row's first pass, which is
    of the image itself, returns is kept as `first_logits`: all K of them for a difference too, and
    the pre-activation alone for a gate.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        arms: Sequence[Arm],
        recorded: Recorded | None = None,
        *,
        images: int = 1,
        progress: Progress | None = None,
        bfloat16: bool = False,
        score: Difference | Gate | None = None,
    ) -> None:
        """Prepare the network of `loaded` for some arms and a number of images.

        score: what is followed instead of classes. UserError where the twin is among the arms and
        can't be had, and for a gate that can't be followed in all arms.
        """
        super().__init__()
        self.score = score
        if isinstance(score, Gate):
            check_gate(loaded, score, arms)
        self.model = loaded.model
        self._gated, self._place = split_twin(arms)  # the arms that edit gates; each arm's place
        self.twin = load_twin(loaded) if len(self._gated) < len(arms) else None
        self.arms, self.device = list(arms), loaded.device
        self.numbers = torch.arange(images * len(self.arms), device=self.device)  # the rows, R
        self.whole = False  # whether rows must pass all at once
        self.first_logits: dict[int, Tensor] = {}  # the first logits, K, of each row
        self.batch_sizes = BatchSizes.of(loaded)
        self.progress = progress or Progress()
        self.loaded, self._recorded, self._bfloat16 = loaded, recorded, bfloat16

    def replicate(self, numbers: Tensor) -> "Rows":
        """Return a copy for some rows with replicas of the networks; they pass all at once."""
        other = copy(self)
        other._modules = {name: replica(module) for name, module in self.named_children()}
        other.numbers, other.whole = numbers, True
        return other

    def by_network(self) -> dict[str, Tensor]:
        """Return the numbers of the rows that each network passes, by its attribute's name."""
        of_twin = torch.tensor([arm.is_twin for arm in self.arms], device=self.device)
        of_row = of_twin[self.numbers % len(self.arms)]
        groups = {"model": self.numbers[~of_row], "twin": self.numbers[of_row]}
        return {name: numbers for name, numbers in groups.items() if len(numbers)}

    @property
    def image_index(self) -> Tensor:
        """Return the index of each row's image, R."""
        return self.numbers // len(self.arms)

    def repeat(self, x: Tensor) -> Tensor:
        """Repeat images, N×3×H×W, for each row: R×3×H×W."""
        return _channels_last(x[self.image_index])

    def forward(self, x: Tensor, row: Tensor) -> Tensor:
        """Pass pixels, N×3×H×W, each in the arm of its row's number (N); return logits, N×K.

        With gradients all rows pass at once, as they share a graph. Raises Stopped where stopped.
        """
        if self.whole or torch.is_grad_enabled():
            self.progress.add(len(x))
            return self._pass(x, row)
        parts = self.batch_sizes.forward.batches(
            len(x), lambda start, stop: self._pass(x[start:stop], row[start:stop]), len(self.arms)
        )
        passed = []
        for _, logits in parts:
            passed.append(logits)
            self.progress.add(len(logits))
        return torch.cat(passed)

    def _pass(self, x: Tensor, row: Tensor) -> Tensor:
        numbers = row.tolist()
        places = [self._place[number % len(self.arms)] for number in numbers]
        gated = [i for i, place in enumerate(places) if place < len(self._gated)]
        plain = [i for i, place in enumerate(places) if place == len(self._gated)]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._bfloat16):
            if not plain:
                logits = self._pass_gated(x, places).float()
            else:
                assert self.twin is not None
                parts = [self.twin(_channels_last(x[plain]))]
                if gated:
                    parts.append(self._pass_gated(x[gated], [places[i] for i in gated]))
                back = torch.tensor([*plain, *gated], device=self.device).argsort()
                logits = torch.cat(parts)[back].float()
        for number, of_row in zip(numbers, logits.detach(), strict=True):
            self.first_logits.setdefault(number, of_row)
        return self.scores(logits)

    def scores(self, logits: Tensor) -> Tensor:
        """Return what is followed of logits as in `first_logits`: N×K, or N×1 of a score."""
        if isinstance(self.score, Difference):
            return class_score(logits, self.score)[:, None]
        return logits

    def chances(self, outputs: Tensor) -> Tensor:
        """Turn outputs into what people read (`seviz.records.target`), of the same shape."""
        if isinstance(self.score, Gate):
            return gate_of(self.loaded, self.score, outputs)
        softmax = self.score is None and self.loaded.head == SOFTMAX
        return outputs.softmax(1) if softmax else outputs.sigmoid()

    def _pass_gated(self, x: Tensor, arms: list[int]) -> Tensor:
        """Pass rows through the network with gates; arms: each row's, by its index."""
        gate = self.score if isinstance(self.score, Gate) else None
        with self.loaded.probe.ask(
            self._gated,
            arms,
            [gate.site] if gate else [],
            recorded=self._recorded,
            gates=False,
            until=gate.site if gate else "",
            tick=self.progress.check,
        ) as captured:
            logits = logits_of(self.model, _channels_last(x), self.loaded.title)
        return captured.pre[gate.site][:, gate.channel, None] if gate else logits

    def gradients(  # noqa: PLR0917 - captum gives these by position
        self,
        forward_fn: Any,
        inputs: tuple[Tensor, ...],
        target_ind: Any = None,
        additional_forward_args: Any = None,
        **options: Any,
    ) -> tuple[Tensor, ...]:
        """Differentiate the targets' logits by the pixels; takes what captum's function takes.

        captum differentiates all rows at once; here each part's graph is freed before the next.
        """
        del forward_fn, options  # the first is self; captum's methods used here give no options
        x, row = inputs[0], additional_forward_args
        if isinstance(row, tuple):  # only some of captum's methods wrap it
            (row,) = row
        target = torch.as_tensor(target_ind, device=self.device).expand(len(x))  # one for all, or N

        def part(start: int, stop: int) -> Tensor:
            leaf = x[start:stop].detach().requires_grad_()
            with torch.enable_grad():
                logits = self._pass(leaf, row[start:stop])
                followed = logits.gather(1, target[start:stop, None])
                (gradient,) = derivatives(followed.sum(), [leaf], self.loaded.title)
            return gradient

        gradients = []
        for _, gradient in self.batch_sizes.gradients.batches(len(x), part, len(self.arms)):
            gradients.append(gradient)
            self.progress.add(len(gradient))
        return (torch.cat(gradients),)


def as_output(target: Target) -> tuple[Difference | Gate | None, int]:
    """Return the score that `Rows` needs for a target, and the output that is its: a column."""
    return (None, target) if isinstance(target, int) else (target, 0)


def gate_of(loaded: LoadedModel, gate: Gate, pre: Tensor) -> Tensor:
    """Return a gate for pre-activations of any shape, by the block's own function."""
    function = gate_function(loaded.model, loaded.probe.places[gate.site])
    return function(pre.clone())  # it may work in place


def check_gate(loaded: LoadedModel, gate: Gate, arms: Sequence[Arm]) -> None:
    """Raise UserError where a gate can't be followed in all arms."""
    named_gate(loaded.probe.sites, gate.name, loaded.title)
    (site,) = (site for site in loaded.probe.sites if site.name == gate.site)
    if not site.squeezed:
        raise UserError(
            f"Nothing is squeezed in {site.name}, so each place has gates of its own, and there is "
            "no one gate to explain; explain a class."
        )
    gate_function(loaded.model, loaded.probe.places[gate.site])  # it may not be known
    if any(arm.is_twin for arm in arms):
        raise UserError(
            f"The twin without SE has no gates, so {gate.name} can't be explained in it; leave the "
            "twin out, or explain a class."
        )


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


class Leaf(nn.Module):
    """A layer whose output starts a graph: nothing before is differentiated, or keeps activations.

    The layer may take any arguments, also by name.
    """

    def __init__(self, layer: nn.Module) -> None:
        """Stand in place of a layer."""
        super().__init__()
        self.layer = layer

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        """Detach the layer's output from what computed it."""
        features: Tensor = self.layer(*args, **kwargs)
        return features.detach().requires_grad_()


def replica(model: nn.Module) -> nn.Module:
    """Copy a network's modules but not its parameters and buffers, which are shared.

    captum's methods that register hooks get a replica each, as on a shared network their hooks
    would change others' passes. The probe's hooks are copied too, and read the same questions.
    """
    kept = {id(t): t for t in (*model.parameters(), *model.buffers())}
    return deepcopy(model, kept)
