"""Measures a network's accuracy in several arms: its gates as trained, static, at 1 …"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from seviz.measuring.evaluate import ON_VAL, image_loader, save_answers
from seviz.measuring.intervals import wilson
from seviz.measuring.measure import Answers, collect_answers
from seviz.passes.dispatch import ZOO
from seviz.passes.forward import check_finite, split_twin
from seviz.passes.logits import logits_of
from seviz.photos.dataset import batch_for
from seviz.photos.sources import Reading
from seviz.photos.used import ImagesUsed
from seviz.records.arms import Arm, Recorded
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo import models
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class ArmAccuracy:
    """The accuracy of an arm, and its difference from the first arm on the same images.

    top1, top5, difference (in top-1), its standard error, agreement with the first arm's answers
    and most_frequent_share are shares of the images; nll is the mean negative log-likelihood in
    nats. most_frequent: the class that the arm answers most often; a collapsed arm answers it to
    most images. The intervals are Wilson's of 95 %, over the choice of images.
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
    top1_interval: tuple[float, float]
    top5_interval: tuple[float, float]


@dataclass(frozen=True)
class ArmAccuracies:
    """The accuracy of a network in each arm; images: how many it was measured on, used: which."""

    model: str
    images: int
    arms: tuple[ArmAccuracy, ...]
    used: ImagesUsed


def measure_arms(
    key: str,
    data: Path | str,
    arms: Sequence[Arm],
    *,
    photographs: bool = False,
    profile: Profile | None = None,
    loaders: int | None = None,
    predictions: Path | None = None,
    reading: Reading = ON_VAL,
) -> ArmAccuracies:
    """Measure arms on the images that `evaluate` takes, all arms in one pass.

    photographs, loaders, predictions and reading: as of `evaluate`; profile: statistics of static
    arms. UserError as of `evaluate`, and where an edit has no place in the network, or logits are
    not finite.
    """
    recorded, loaded = recorded_for(key, arms, profile), ZOO.get(key)
    batch = max(1, batch_for(loaded.source.config) // len(arms))
    loader = image_loader(
        loaded.source, data, batch=batch, photographs=photographs, loaders=loaders, reading=reading
    )
    ask, names = _ask_all_arms(loaded, arms, recorded), list[str]()
    answers = collect_answers(ask, loader.pairs(names), loaded.device)
    of_arms = answers.logits.transpose(0, 1)
    check_finite(loaded, (arm.name for arm in arms), of_arms.flatten(1))
    if predictions is not None:
        of = [arm.name for arm in arms]
        save_answers(predictions, answers, names=names, arms=of, labels=loaded.labels)
    first = of_arms[0].argmax(1)
    return ArmAccuracies(
        loaded.key,
        len(answers.labels),
        tuple(
            _accuracy(loaded, arm, replace(answers, logits=logits), first=first)
            for arm, logits in zip(arms, of_arms, strict=True)
        ),
        loader.used(),
    )


def _ask_all_arms(
    loaded: LoadedModel, arms: Sequence[Arm], recorded: Recorded
) -> Callable[[Tensor], Tensor]:
    """Return a function from a batch (N×3×H×W) to its logits in all arms (N×arms×K)."""
    own, rows = split_twin(arms)
    twin = models.load_twin(loaded) if len(own) < len(arms) else None

    def ask(x: Tensor) -> Tensor:
        arm_of_row = [arm for arm in range(len(own)) for _ in x]
        repeated = x.repeat(len(own), 1, 1, 1).contiguous(memory_format=torch.channels_last)
        with loaded.probe.ask(own, arm_of_row, recorded=recorded, gates=False):
            passed = logits_of(loaded.model, repeated, loaded.title)
        logits = passed.view(len(own), len(x), passed.shape[1])
        if twin is not None:
            logits = torch.cat([logits, twin(x)[None]])
        return logits[rows].transpose(0, 1)

    return ask


def _accuracy(loaded: LoadedModel, arm: Arm, answers: Answers, *, first: Tensor) -> ArmAccuracy:
    """Measure an arm's answers against the labels, and against the first arm's answers (N)."""
    best = answers.logits.argmax(1)
    differs = (best == answers.labels).double() - (first == answers.labels).double()
    counts = best.bincount(minlength=len(loaded.labels))
    return ArmAccuracy(
        arm=arm.name,
        top1=answers.top(1),
        top5=answers.top(5),
        nll=answers.nll(),
        difference=float(differs.mean()),
        standard_error=float(differs.std(correction=0)) / len(differs) ** 0.5,
        agreement=float((best == first).double().mean()),
        most_frequent=loaded.labels[int(counts.argmax())],
        most_frequent_share=int(counts.max()) / len(best),
        top1_interval=wilson(answers.top(1), len(best)),
        top5_interval=wilson(answers.top(5), len(best)),
    )
