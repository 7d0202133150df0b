"""Pictures that are made for a gate, as they form, and what they tell: a report, ready for JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seviz import limits
from seviz.errors import UserError
from seviz.gates.grammar import named_gate
from seviz.passes.dispatch import ask, borrows, expected_seconds, fetch
from seviz.passes.estimate import PassRows
from seviz.passes.gpu_seconds import on_cpu
from seviz.records.aims import AIMS, CHANNEL, KINDS, OPEN, SHUFFLED, SHUT, TRAINED
from seviz.records.numbers import Floats
from seviz.records.pictures import (
    Baselines,
    ControlPicture,
    Drawing,
    MadePicture,
    Pictures,
    PicturesReport,
    PictureTask,
)
from seviz.records.sites import Site
from seviz.reference.gather import reference, reference_images
from seviz.reference.opened import BEYOND, sample_size
from seviz.reference.percentiles import Doubles, percentiles_among
from seviz.watch import Progress, Watch
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel

USUAL_AIMS = (OPEN, SHUT, CHANNEL)
SEEDS = 4
STEPS = 64
FIRST_STAGES = (2, 8, 24)  # steps after which pictures are shown while they form


@dataclass(frozen=True)
class PicturesQuestion:
    """What is asked of `draw_pictures`: what to make pictures for, from which seeds, how long."""

    aims: Sequence[str] = USUAL_AIMS
    seeds: int = SEEDS
    steps: int = STEPS
    kind: str = KINDS[0]
    control: bool = True

    def check(self) -> None:
        """Raise UserError where a part of it can't be asked."""
        if odd := [aim for aim in self.aims if aim not in AIMS]:
            raise UserError(f"There is no aim “{odd[0]}”; choose from {', '.join(AIMS)}.")
        if not self.aims:
            raise UserError(f"No aim is named; choose from {', '.join(AIMS)}.")
        if self.kind not in KINDS:
            raise UserError(f"There is no canvas “{self.kind}”; choose from {', '.join(KINDS)}.")
        for name, value, limit in (
            ("seeds", self.seeds, limits.SEEDS),
            ("steps", self.steps, limits.STEPS),
        ):
            if value < 1:
                raise UserError(f"{name} is {value}; give 1 or more.")
            limit.check(value, f"{name} is")

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """List the aims with the weights that their pictures are made with."""
        of_aims = [(aim, TRAINED) for aim in dict.fromkeys(self.aims)]
        return [*of_aims, (OPEN, SHUFFLED)] if self.control else of_aims

    @property
    def rows(self) -> PassRows:
        """Count the rows that pass."""
        return PassRows(gradients=len(self.tasks) * self.seeds * self.steps)


@dataclass(frozen=True, eq=False)
class Made:
    """The pictures so far, by aim and weights, and the gate at images that show nothing."""

    site: str
    channel: int
    pictures: dict[tuple[str, str], Pictures]
    baselines: Baselines


def draw_pictures(
    key: str, gate: str, asked: PicturesQuestion, *, watch: Watch | None = None
) -> Iterator[Made]:
    """Make pictures for a gate, such as SE_4_6[17]; yields them all each time some are further.

    UserError for a gate that the network lacks, or what can't be asked; raises
    `seviz.watch.Stopped` where stopped.
    """
    from seviz.pictures.draw import baselines, draw

    asked.check()
    key = fetch(key)
    site, channel = ask(_find_gate, key, gate)
    nothing = ask(baselines, key, site.name, channel=channel)
    progress, done = Progress(watch, asked.rows.count), dict[tuple[str, str], Pictures]()
    stages = [0, *(step for step in FIRST_STAGES if step < asked.steps), asked.steps]
    for aim, weights in asked.tasks:
        task = PictureTask(
            site.name,
            (channel,) * asked.seeds,
            aim,
            tuple(range(asked.seeds)),
            weights,
            asked.kind,
        )
        drawing = Drawing(task)
        # Shuffling takes its time, and each stage would be lent a GPU of its own.
        shows = weights == TRAINED and not borrows(key)
        for start, stop in pairwise(stages if shows else [0, asked.steps]):
            rows = (stop - start) * asked.seeds
            part = progress.part(rows)
            drawing = ask(draw, key, drawing, steps=stop - start, watch=part)
            progress.add(rows)
            assert drawing.pictures is not None
            done = {**done, (aim, weights): drawing.pictures}
            yield Made(site.name, channel, done, nothing)


def pictures_report(key: str, asked: PicturesQuestion, made: Made) -> PicturesReport:
    """Report on pictures of a network."""
    pictures = [
        MadePicture(aim, seed, float(s), place, float(u))
        for (aim, weights), of in made.pictures.items()
        if weights == TRAINED
        for seed, s, place, u in zip(
            of.task.seeds, of.s, _places(key, made, of.s), of.u, strict=True
        )
    ]
    controls = [
        ControlPicture(seed, float(s), place, float(own))
        for (_, weights), of in made.pictures.items()
        if weights == SHUFFLED
        for seed, s, place, own in zip(
            of.task.seeds, of.s, _places(key, made, of.s), of.own, strict=True
        )
    ]
    levels = gate_levels(find(key).key, made.site, made.channel)
    images, all_images = (levels is not None and sample_size(find(key).key)) or (0, 0)
    return PicturesReport(
        model=find(key).key,
        site=made.site,
        channel=made.channel,
        steps=asked.steps,
        kind=asked.kind,
        pictures=pictures,
        control=controls,
        noise=made.baselines.noise,
        mean_colour=made.baselines.mean_colour,
        most=None if levels is None else float(np.quantile(levels, BEYOND / 100)),
        images=images,
        all_images=all_images,
    )


def check_pictures(key: str, gate: str, asked: PicturesQuestion) -> None:
    """Raise the UserError of `draw_pictures`, and where it would take longer than one may ask."""
    asked.check()
    key = fetch(key)
    ask(_find_gate, key, gate)
    most = limits.SECONDS.value
    expected = expected_seconds(key, asked.rows, most=most)
    if expected > most:
        raise UserError(
            f"This would take about {round(expected):,} s here, and one question may take "
            f"{most:,} s ({limits.SECONDS.variable}): ask for fewer seeds, steps or aims."
        )


def gate_levels(key: str, site: str, channel: int) -> Doubles | None:
    """Return a gate's values over reference images, in rising order; None without them.

    They are those of the sampled images, where the images behind the statistics are known, else the
    levels of the statistics.
    """
    images, profile = reference_images(key), reference(key)
    if images is not None:
        return np.sort(images.blocks[site].sample[:, channel].astype(np.float64))
    return None if profile is None else profile.blocks[site].s_quantiles[:, channel].astype(float)


def _places(key: str, made: Made, s: Floats) -> list[float | None]:
    """Return the percentiles of gates (N) among those of reference images."""
    levels = gate_levels(find(key).key, made.site, made.channel)
    if levels is None:
        return [None] * len(s)
    among = percentiles_among(np.repeat(levels[:, None], len(s), 1), s)
    return [float(place) for place in among]


@on_cpu
def _find_gate(loaded: LoadedModel, gate: str) -> tuple[Site, int]:
    named = named_gate(loaded.probe.sites, gate, loaded.title)
    return next(site for site in loaded.probe.sites if site.name == named.site), named.channel
