"""Measures which blocks a network needs over a data set, alone or with other processes.

One branching pass has each block replaced alone, with all later and with all earlier ones. Then
blocks are chosen one after the other by half of the images, and the other half checks the choice,
which can go on later, to a larger budget.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seviz.errors import UserError
from seviz.gates.grammar import arm_text
from seviz.gates.sites import modules_of
from seviz.measuring.arm_answers import AnswerGathering, Answers
from seviz.measuring.block_times import time_shares
from seviz.measuring.costs import count_block
from seviz.measuring.halves import OfHalf, choosing_half
from seviz.measuring.hardware import hardware
from seviz.measuring.set_necessity import (
    Chosen,
    Swept,
    arm_losses,
    choose,
    in_order,
    losses_of,
    replaced,
    sweep_arms,
    swept_losses,
    whole_arms,
)
from seviz.passes.branching import whole_note
from seviz.photos.loader import Images, Transform, check_any, images_used
from seviz.photos.used import ImagesUsed
from seviz.records.arms import INTACT, Arm, Edit
from seviz.records.losses import ArmLoss, BlockLosses, GreedyPath, Loss, SetNecessity, Step
from seviz.reference.parts import Share
from seviz.reference.replacement import Replacement
from seviz.reference.work import Work
from seviz.reference.world import ALONE, World
from seviz.zoo.models import LoadedModel

LEAST = 20  # images, fewer of which can't choose blocks and check the choice


@dataclass(frozen=True)
class Asking:
    """Who answers about what: a network about images, and the processes that ask.

    data: names the images for readers; labelled: whether their classes are known; parts: the folder
    of what has been gathered so far, from which a killed run goes on, if any; loaders: as of
    `seviz.photos.dataset.count_loaders`; transform: in place of the network's own; quiet: hide the
    progress.
    """

    loaded: LoadedModel
    images: Images
    data: str
    world: World = ALONE
    parts: Path | None = None
    labelled: bool = True
    loaders: int | None = None
    skip_unreadable: bool = False
    transform: Transform | None = None
    quiet: bool = False

    def ask(
        self, name: str, arms: Sequence[Arm], *, by: Replacement, choosing: bool | None = None
    ) -> tuple[Answers, Share]:
        """Return the answers to all images, and which were read; all processes return the same.

        name: of these answers among those of the run; choosing: ask only the half of the images
        that chooses, or, where it is False, the other half.
        """
        gathering = AnswerGathering(
            *(self.loaded, arms, by.recorded),
            labelled=self.labelled,
            donors=by.donors,
        )
        of_half = None if choosing is None else OfHalf(gathering, choosing=choosing)
        work = Work(
            *(self.loaded, self.images, of_half or gathering),
            data=self.data,
            transform=self.transform,
            loaders=self.loaders,
            skip_unreadable=self.skip_unreadable,
            parts=self.parts / name if self.parts else None,
            world=self.world.counting(name),
        )
        work.take(quiet=self.quiet or self.world.rank > 0)
        work.join()
        found = None if self.world.rank else (gathering.answers(), work.share)
        (all_answers, share), *_ = self.world.everyones(found)
        return all_answers, share

    @property
    def class_names(self) -> tuple[str, ...]:
        """Return the names of the classes; empty where those of the images are not known."""
        return self.loaded.labels if self.labelled else ()


def measure_necessity(
    asking: Asking, by: Replacement, *, budget: float
) -> tuple[SetNecessity, ImagesUsed]:
    """Measure which blocks a network needs; returns it, and which images were read.

    budget: points of accuracy that may be lost by blocks that are chosen to be replaced together.
    UserError where no image can be read, or a class is not of the network's.
    """
    loaded, names, source = asking.loaded, asking.class_names, asking.loaded.source
    if asking.labelled:
        asking.images.match_classes(source.folders, source.labels)
    sites = [site.name for site in loaded.probe.sites]
    swept = sweep_arms(sites, by.rule)
    whole = whole_arms(static=by.has_means, donors=by.donors is not None)
    answers, share = asking.ask("blocks", [*swept, *whole[1:]], by=by)
    check_any(share.seen, share.unreadable)
    at_once = [0, *range(len(swept), len(swept) + len(whole) - 1)]
    half, path = answers.some(choosing_half(answers.indices)), None
    if len(answers) >= LEAST and 0 < len(half) < len(answers):
        alone = losses_of(half)[: len(sites)]
        path, _ = _path(asking, by, budget=budget, choosing=len(half), alone=alone)
    found = SetNecessity(
        network=source.identity,
        weights=source.digest,
        title=source.title,
        data=asking.data,
        images=len(answers),
        labelled=asking.labelled,
        rule=arm_text((Edit(by.rule),)),
        statistics=by.statistics,
        blocks=_blocks(loaded, swept_losses(sites, answers, names)),
        path=path,
        arms=arm_losses(whole, answers.of_arms(at_once), names),
        date=datetime.date.today().isoformat(),
        hardware=hardware(),
        note=whole_note(loaded),
    )
    return found, images_used(asking.images, share.seen, share.unreadable)


def choose_more(
    asking: Asking, by: Replacement, found: SetNecessity, *, budget: float
) -> tuple[SetNecessity, ImagesUsed]:
    """Let the choice of blocks of an earlier measurement go on, to a larger budget in points.

    The rest of it stays as it was found. Returns it, and which images were read. UserError where it
    is of another network, other images or another replacement, or goes as far already.
    """
    source, path = asking.loaded.source, found.path
    asked = {
        "another network": (source.identity, found.network),
        "other weights": (source.digest, found.weights),
        "other images": (asking.data, found.data),
        "other classes": (asking.labelled, found.labelled),
        "another replacement": (arm_text((Edit(by.rule),)), found.rule),
        "other statistics": (by.statistics, found.statistics),
    }
    if odd := [what for what, (ours, theirs) in asked.items() if ours != theirs]:
        raise UserError(f"The earlier choice is of {odd[0]}; it can only go on with the same.")
    if path is None:
        raise UserError("The earlier run chose no blocks; it had too few images.")
    if budget <= path.budget:
        raise UserError(
            f"The earlier choice goes to {path.budget:g} points already; give a larger --budget."
        )
    if asking.labelled:
        asking.images.match_classes(source.folders, source.labels)
    first = [(step.site, step.chosen) for step in path.steps]
    longer, share = _path(asking, by, budget=budget, choosing=path.choosing, first=first)
    if (share.seen.total(), longer.checking) != (found.images, path.checking):
        raise UserError(
            f"The earlier choice is of {found.images:,} images, and here are "
            f"{share.seen.total():,}; it can only go on with the same."
        )
    used = images_used(asking.images, share.seen, share.unreadable)
    return replace(found, path=longer), used


def measure_whole(asking: Asking, by: Replacement) -> tuple[ArmLoss, ...]:
    """Measure what is lost where parts of what all gates do are taken away; intact is first."""
    arms = whole_arms(static=by.has_means, donors=by.donors is not None)
    answers, _ = asking.ask("whole", arms, by=by)
    return arm_losses(arms, answers, asking.class_names)


def _blocks(loaded: LoadedModel, losses: Sequence[Swept]) -> tuple[BlockLosses, ...]:
    """Put together what blocks lose, and what they cost."""
    shares, counted = (
        time_shares(loaded),
        (
            count_block(
                modules_of(loaded.model, site, loaded.probe.places[site.name]), site, site.reduction
            )
            for site in loaded.probe.sites
        ),
    )
    return tuple(
        BlockLosses(
            site=cost.name,
            parameters=cost.projections + cost.biases + cost.other,
            macs=cost.projections,
            time_share=shares[cost.name],
            alone=alone,
            onward=onward,
            upto=upto,
        )
        for cost, (alone, onward, upto) in zip(counted, losses, strict=True)
    )


def _path(
    asking: Asking,
    by: Replacement,
    *,
    budget: float,
    choosing: int,
    alone: Sequence[Loss] = (),
    first: Sequence[Chosen] = (),
) -> tuple[GreedyPath, Share]:
    """Choose blocks by half of the images, and check them by the others; also which were read.

    choosing: how many images that half has; alone, first: as of `choose`.
    """
    sites = [site.name for site in asking.loaded.probe.sites]

    def ask(arms: Sequence[Arm]) -> list[Loss]:
        name = f"choosing-{len(arms)}"
        found, _ = asking.ask(name, [INTACT, *arms], by=by, choosing=True)
        return losses_of(found)

    steps = choose(sites, by.rule, alone=alone, budget=budget, ask=ask, first=first)
    chosen = [site for site, _ in steps]
    arms = [replaced(by.rule, in_order(sites, chosen[: n + 1])) for n in range(len(chosen))]
    checked, share = asking.ask("checking", [INTACT, *arms], by=by, choosing=False)
    by_others = losses_of(checked, asking.class_names)
    path = GreedyPath(
        budget=budget,
        choosing=choosing,
        checking=len(checked),
        steps=tuple(Step(*step, checked=of) for step, of in zip(steps, by_others, strict=True)),
    )
    return path, share
