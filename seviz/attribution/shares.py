"""Attribution to gates: how much each adds to the difference between two arms."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from seviz.attribution.cpu_fallback import fall_back_to_cpu
from seviz.attribution.maps import MOST_STEPS, TOLERANCE
from seviz.passes.batch_size import BatchSizes
from seviz.passes.branching import pass_gates
from seviz.passes.estimate import GRADIENT, PassRows
from seviz.passes.forward import as_array, as_batch
from seviz.passes.gpu_seconds import counts
from seviz.records.attribution import GateShares
from seviz.records.numbers import Floats
from seviz.records.target import ClassTarget, answer_of, class_of, score
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

STEPS = 32
PASS_ROWS = PassRows(forward=2, gradients=STEPS)  # about; more where completeness needs them


@counts(lambda *_, steps=None, **__: GRADIENT * (steps or 2 * STEPS))  # it may refine
@fall_back_to_cpu
def gate_shares(
    loaded: LoadedModel,
    image: Floats,
    *,
    s: Mapping[str, Floats],
    reference: Mapping[str, Floats],
    name: str,
    target: ClassTarget | None = None,
    steps: int | None = None,
    watch: Watch | None = None,
) -> GateShares:
    """Integrate a class's logit over all gates at once, from reference gates to the photograph's.

    image: what the network received, 3×H×W; s and reference: C gates by site; name: of the
    reference. On the straight path between them all gates are put in place, as by `alpha_path`, so
    the shares add up to the difference between its ends. target: a class, or the difference of two;
    the answer with s unless given;
    steps: by default as many as completeness needs, up to MOST_STEPS. The method is integrated
    gradients (Sundararajan et al., arXiv 1703.01365) with gates for inputs.
    """
    path = _Path(loaded, image, list(s), progress=Progress(watch, steps or STEPS))
    own, others = (_tensors(gates, loaded.device) for gates in (s, reference))
    with torch.no_grad():
        ends = path(*(torch.cat(pair) for pair in zip(own, others, strict=True)))
    logits = as_array(ends)
    followed = answer_of(logits[0], loaded.labels, target, head=loaded.head)
    scores = score(logits, class_of(followed))
    difference = float(scores[0] - scores[1])
    count = steps or STEPS
    while True:
        integrals = _integrate(path, own, others, target=class_of(followed), steps=count)
        shares = {site: as_array(share[0]) for site, share in zip(s, integrals, strict=True)}
        result = GateShares(
            model=loaded.key,
            reference=name,
            target=followed,
            shares=shares,
            difference=difference,
            steps=count,
        )
        if steps or result.error <= TOLERANCE or count >= MOST_STEPS:
            return result
        count *= 2


def _integrate(
    path: "_Path",
    own: tuple[Tensor, ...],
    others: tuple[Tensor, ...],
    *,
    target: ClassTarget,
    steps: int,
) -> tuple[Tensor, ...]:
    """Run captum's integrated gradients, as many points of the path at once as suit the device."""
    from captum.attr import IntegratedGradients  # only now: see `seviz.attribution.calls`

    path.progress.restart(steps)
    method = IntegratedGradients(lambda *gates: score(path(*gates), target))
    while True:
        rows = path.batch_size.rows
        try:
            integrals: tuple[Tensor, ...] = method.attribute(
                own, others, n_steps=steps, internal_batch_size=rows
            )
            return integrals
        except RuntimeError as error:
            path.batch_size.halve(rows, error)


class _Path:
    """The network as a function of its gates at one image: N×C tensors to N×K logits."""

    def __init__(
        self, loaded: LoadedModel, image: Floats, names: list[str], *, progress: Progress
    ) -> None:
        self._loaded, self._names, self.progress = loaded, names, progress
        self.batch_size = BatchSizes.of(loaded).gradients
        self._x = as_batch(loaded, image)

    def __call__(self, *gates: Tensor) -> Tensor:
        self.progress.add(len(gates[0]))
        named = dict(zip(self._names, gates, strict=True))
        return pass_gates(self._loaded, self._x, named, tick=self.progress.check)


def _tensors(gates: Mapping[str, Floats], where: torch.device) -> tuple[Tensor, ...]:
    return tuple(
        torch.from_numpy(np.asarray(s, np.float32))[None].to(where) for s in gates.values()
    )
