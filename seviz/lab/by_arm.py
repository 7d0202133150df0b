"""How often a network is right in each of several arms: its gates as trained, static, at 1 …"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from seviz import catalogue, zoo
from seviz.data import batch_for, batches
from seviz.errors import UserError
from seviz.lab.evaluate import reader
from seviz.lab.measure import Answers
from seviz.profile import Profile
from seviz.records import TWIN, Arm, Recorded
from seviz.references import recorded_for
from seviz.zoo import LoadedModel


@dataclass(frozen=True)
class ArmAccuracy:
    """How often an arm is right, and how it differs from the first arm over the same images.

    top1, top5, difference (in top-1), its standard error, agreement with the first arm's answers
    and commonest_share are shares of the images; surprise is the mean negative log-likelihood in
    nats. An arm that has collapsed gives one answer, commonest, to most images.
    """

    arm: str
    top1: float
    top5: float
    surprise: float
    difference: float
    standard_error: float
    agreement: float
    commonest: str
    commonest_share: float


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
    photographs: bool = False,
    profile: Profile | None = None,
) -> ByArm:
    """Measure arms on the “val” images of a folder or zip, all of them in one pass.

    photographs: as of `evaluate`; profile: statistics of static arms. UserError where the classes
    are not the network's, or it has no place for an edit or an arm's answer is not a number.
    """
    key = catalogue.find(key)
    recorded = recorded_for(key, arms, profile)
    loaded = zoo.load(key)
    config = zoo.data_config(key, loaded.model)
    loader = reader(key, data, config, max(1, batch_for(config) // len(arms)), photographs)
    ask, said, labels = _asker(loaded, arms, recorded), [], []
    with torch.inference_mode():
        for x, y in batches(loader):
            said.append(ask(x.to(loaded.device, memory_format=torch.channels_last)).float().cpu())
            labels.append(y)
    logits, classes = torch.cat(said, 1), torch.cat(labels)
    first = logits[0].argmax(1)
    return ByArm(
        key,
        len(classes),
        tuple(
            _accuracy(loaded, arm, Answers(of_arm, classes, 0.0), first)
            for arm, of_arm in zip(arms, logits, strict=True)
        ),
    )


def _asker(
    loaded: LoadedModel, arms: Sequence[Arm], recorded: Recorded
) -> Callable[[Tensor], Tensor]:
    """Return what asks about a batch (N×3×H×W) in all arms at once: arms×N×K logits."""
    own = [arm for arm in arms if arm.edits != TWIN.edits]
    twin = zoo.twin(loaded.key) if len(own) < len(arms) else None
    where = [own.index(arm) if arm in own else len(own) for arm in arms]

    def ask(x: Tensor) -> Tensor:
        rows = [row for row in range(len(own)) for _ in x]
        with loaded.probe.ask(own, rows, recorded=recorded, gates=False):
            said = loaded.model(x.repeat(len(own), 1, 1, 1)).unflatten(0, (len(own), len(x)))
        return torch.cat([said, twin(x)[None]])[where] if twin else said[where]

    return ask


def _accuracy(loaded: LoadedModel, arm: Arm, said: Answers, first: Tensor) -> ArmAccuracy:
    """Measure an arm's answers against the labels, and against the first arm's answers (N)."""
    if not said.logits.isfinite().all():
        raise UserError(f"{loaded.title} overflows in the arm “{arm.name}”; leave that arm out.")
    answered = said.logits.argmax(1)
    differs = (answered == said.labels).double() - (first == said.labels).double()
    counts = answered.bincount(minlength=len(loaded.labels))
    return ArmAccuracy(
        arm=arm.name,
        top1=said.top(1),
        top5=said.top(5),
        surprise=said.surprise(),
        difference=float(differs.mean()),
        standard_error=float(differs.std(correction=0)) / len(differs) ** 0.5,
        agreement=float((answered == first).double().mean()),
        commonest=loaded.labels[int(counts.argmax())],
        commonest_share=int(counts.max()) / len(answered),
    )
