"""How often a network is right in each of several arms: its gates as trained, static, at 1 …"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from seviz.measuring.evaluate import reader
from seviz.measuring.measure import Answers, asked
from seviz.passes.dispatch import ZOO
from seviz.passes.forward import check_finite, split_twin
from seviz.photos.dataset import batch_for
from seviz.records.arms import Arm, Recorded
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo import models
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class ArmAccuracy:
    """How often an arm is right, and how it differs from the first arm over the same images.

    top1, top5, difference (in top-1), its standard error, agreement with the first arm's answers
    and most_frequent_share are shares of the images; nll is the mean negative log-likelihood in
    nats. An arm that has collapsed gives one answer, most_frequent, to most images.
    """

    arm: str
    top1: float
    top5: float
    nll: float
    difference: float
    standard_error: float
    agreement: float
    most_frequent: str
    most_frequent_share: float


@dataclass(frozen=True)
class ByArm:
    """What a network answered in each arm; images: how many."""

    model: str
    images: int
    arms: tuple[ArmAccuracy, ...]


def by_arm(
    key: str,
    data: Path,
    arms: Sequence[Arm],
    *,
    photographs: bool = False,
    profile: Profile | None = None,
    loaders: int | None = None,
) -> ByArm:
    """Measure arms on the “val” images of a folder or zip, all of them in one pass.

    photographs and loaders: as of `evaluate`; profile: statistics of static arms. UserError where
    the classes are not the network's, or it has no place for an edit or an arm's answer is not a
    number.
    """
    recorded, loaded = recorded_for(key, arms, profile), ZOO.get(key)
    batch = max(1, batch_for(loaded.source.config) // len(arms))
    loader = reader(loaded.source, data, batch=batch, photographs=photographs, loaders=loaders)
    said = asked(_asker(loaded, arms, recorded), loader, loaded.device)
    of_arms = said.logits.transpose(0, 1)
    check_finite(loaded, (arm.name for arm in arms), of_arms.flatten(1))
    first = of_arms[0].argmax(1)
    return ByArm(
        loaded.key,
        len(said.labels),
        tuple(
            _accuracy(loaded, arm, replace(said, logits=logits), first=first)
            for arm, logits in zip(arms, of_arms, strict=True)
        ),
    )


def _asker(
    loaded: LoadedModel, arms: Sequence[Arm], recorded: Recorded
) -> Callable[[Tensor], Tensor]:
    """Return what asks about a batch (N×3×H×W) in all arms at once: N×arms×K logits."""
    own, rows = split_twin(arms)
    twin = models.load_twin(loaded.source) if len(own) < len(arms) else None

    def ask(x: Tensor) -> Tensor:
        of_each = [row for row in range(len(own)) for _ in x]
        many = x.repeat(len(own), 1, 1, 1).contiguous(memory_format=torch.channels_last)
        with loaded.probe.ask(own, of_each, recorded=recorded, gates=False):
            said: Tensor = loaded.model(many).unflatten(0, (len(own), len(x)))
        if twin is not None:
            said = torch.cat([said, twin(x)[None]])
        return said[rows].transpose(0, 1)

    return ask


def _accuracy(loaded: LoadedModel, arm: Arm, said: Answers, *, first: Tensor) -> ArmAccuracy:
    """Measure an arm's answers against the labels, and against the first arm's answers (N)."""
    answered = said.logits.argmax(1)
    differs = (answered == said.labels).double() - (first == said.labels).double()
    counts = answered.bincount(minlength=len(loaded.labels))
    return ArmAccuracy(
        arm=arm.name,
        top1=said.top(1),
        top5=said.top(5),
        nll=said.nll(),
        difference=float(differs.mean()),
        standard_error=float(differs.std(correction=0)) / len(differs) ** 0.5,
        agreement=float((answered == first).double().mean()),
        most_frequent=loaded.labels[int(counts.argmax())],
        most_frequent_share=int(counts.max()) / len(answered),
    )
