"""Measures the accuracy of a network without some of its channels, removed in several orders.

Each order is chosen on other images than those that the accuracy is measured on: the mean gates and
their deviations come from the network's gate statistics, scores from one half of the data set
(`choosing_half`), and accuracies are of the other half.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.gates.grammar import no_block
from seviz.measuring.arm_answers import AnswerGathering
from seviz.measuring.channel_orders import (
    Removed,
    ScoreGathering,
    Values,
    gate_values,
    random_values,
    removed,
    removing_arm,
)
from seviz.measuring.halves import OfHalf
from seviz.measuring.intervals import paired
from seviz.photos.loader import Images, check_any, images_used
from seviz.photos.used import ImagesUsed
from seviz.records.arms import INTACT
from seviz.records.removal import RANDOM, Curve, Point, Removal
from seviz.records.sites import Site
from seviz.reference.gathering import Gathering
from seviz.reference.profile import Profile
from seviz.reference.work import Work
from seviz.zoo.models import LoadedModel

SEEDS = range(5)
Right = npt.NDArray[np.float64]  # arms×N: 1 where an arm's answer is right


@dataclass(frozen=True)
class Wanted:
    """What is removed, and in which orders.

    orders: of ORDERS; shares: of the channels, rising; block: one block's name, "" for all;
    across: one ranking over all blocks.
    """

    orders: tuple[str, ...]
    shares: tuple[float, ...]
    block: str = ""
    across: bool = False


@dataclass(frozen=True)
class RemovalFound:
    """The curves, the values that each order (and seed) sorts channels by, and the images used."""

    removal: Removal
    values: Mapping[tuple[str, int | None], Values]
    used: ImagesUsed

    def removed(self, order: str, share: float) -> Removed:
        """Return the channels that an order removes, by block; of random ones, the first seed's."""
        seed = SEEDS[0] if order == RANDOM else None
        return removed(self.values[order, seed], share, across=self.removal.across)


def check_wanted(wanted: Wanted, sites: Sequence[Site]) -> list[Site]:
    """Return the blocks whose channels are removed; UserError where they are not the network's."""
    if not wanted.block:
        return list(sites)
    if wanted.across:
        raise UserError("--across ranks the channels of all blocks; give it without --block.")
    chosen = [site for site in sites if wanted.block in (site.name, site.path)]
    if not chosen:
        raise no_block(wanted.block, [site.name for site in sites])
    return chosen


def measure_removal(
    loaded: LoadedModel,
    images: Images,
    wanted: Wanted,
    *,
    data: str,
    profile: Profile | None = None,
    loaders: int | None = None,
    skip_unreadable: bool = False,
    quiet: bool = False,
) -> RemovalFound:
    """Measure the accuracy with channels removed, in one branching pass of each batch.

    images: with their classes matched; data: the data set's name; profile: the gate statistics of
    the network, which the orders “gate” and “deviation” need; loaders and skip_unreadable: as of
    `gather`; quiet hides the progress. UserError for bad input, and where there are too few images.
    """
    sites = check_wanted(wanted, loaded.probe.sites)
    if profile is not None:
        profile.check_fits(loaded.source, loaded.probe.sites)

    def gather(gathering: Gathering, choosing: bool) -> Work:
        half = OfHalf(gathering, choosing=choosing)
        options = {"loaders": loaders, "skip_unreadable": skip_unreadable}
        work = Work(loaded, images, half, data=data, **options)  # type: ignore[arg-type]
        work.take(quiet=quiet)
        check_any(work.share.seen, work.share.unreadable)
        return work

    scores = ScoreGathering(loaded)
    if "score" in wanted.orders:
        gather(scores, True)
    values = dict(_values(wanted, sites, profile=profile, scores=scores))
    cut = {
        (order, share): removed(of, share, across=wanted.across)
        for order, of in values.items()
        for share in wanted.shares
    }
    arms = [removing_arm(f"{order} {share}", channels) for (order, share), channels in cut.items()]
    answers = AnswerGathering(loaded, [INTACT, *arms], {})
    share = gather(answers, False).share
    found = answers.answers()
    if len(found) < 2:
        raise UserError("The accuracy is measured on half of the images; give more of them.")
    right = found.right.astype(np.float64)
    removal = Removal(
        model=loaded.source.identity,
        data=data,
        block=sites[0].name if wanted.block else "",
        across=wanted.across,
        channels=sum(site.channels for site in sites),
        images=len(found),
        chosen_on=scores.images,
        statistics=profile.data if profile and {"gate", "deviation"} & {*wanted.orders} else "",
        accuracy=float(right[0].mean()),
        curves=_curves(list(values), wanted.shares, cut=cut, right=right),
    )
    return RemovalFound(removal, values, images_used(images, share.seen, share.unreadable))


def _values(
    wanted: Wanted, sites: Sequence[Site], *, profile: Profile | None, scores: ScoreGathering
) -> Iterator[tuple[tuple[str, int | None], Values]]:
    for order in wanted.orders:
        if order == RANDOM:
            yield from (((order, seed), random_values(sites, seed)) for seed in SEEDS)
        elif order == "score":
            of = scores.values()
            yield (order, None), {site.name: of[site.name] for site in sites}
        elif profile is None:
            raise UserError(
                f"The order “{order}” needs gate statistics of the network: give --profile FILE, "
                "which `seviz profile` writes, or --by score random."
            )
        else:
            yield (order, None), gate_values(profile, sites, order)


def _curves(
    orders: Sequence[tuple[str, int | None]],
    shares: Sequence[float],
    *,
    cut: Mapping[tuple[tuple[str, int | None], float], Removed],
    right: Right,
) -> tuple[Curve, ...]:
    """Put the arms' answers together; right: of the intact arm and of those of `cut`, in order."""
    of_arm = dict(zip(cut, right[1:], strict=True))
    seeds = [order for order in orders if order[0] == RANDOM]
    chance = {
        share: np.mean([of_arm[seed, share] for seed in seeds], 0) for share in shares if seeds
    }

    def point(order: tuple[str, int | None], share: float) -> Point:
        ours = of_arm[order, share]
        ahead = paired(ours - chance[share]) if seeds and order[0] != RANDOM else None
        count = sum(map(len, cut[order, share].values()))
        return Point(share, count, float(ours.mean()), paired(right[0] - ours), ahead)

    return tuple(
        Curve(*order, points=tuple(point(order, share) for share in shares)) for order in orders
    )
