"""One picture for each gate of a block, and how many of them open their gates: a report."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seviz.answers.pictures import BEYOND, PicturesQuestion
from seviz.errors import UserError
from seviz.passes.dispatch import ask, fetch
from seviz.passes.gpu_seconds import on_cpu
from seviz.phrases import brief, did_you_mean
from seviz.pictures.overview import STEPS, draw_overview, folder_of
from seviz.records.pictures import Overview
from seviz.records.sites import Site
from seviz.reference.diagnosis import moves
from seviz.reference.gather import reference, reference_images
from seviz.watch import Watch
from seviz.words.overview import overview_words
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class OverviewReport:
    """The sheet of a block: file; s: what each gate is at its picture.

    live: how many gates move over the reference images; beyond: of these, how many their pictures
    open further than 99 of 100 of the images do; None where there are no such images.
    """

    model: str
    site: str
    file: str
    steps: int
    s: list[float]
    live: int | None
    beyond: int | None

    @property
    def summary(self) -> str:
        """Say how many gates are opened."""
        return overview_words(self.site, len(self.s), live=self.live, beyond=self.beyond)


def overview_report(
    key: str,
    block: str,
    *,
    folder: Path | None = None,
    steps: int | None = None,
    watch: Watch | None = None,
) -> OverviewReport:
    """Draw one picture for each gate of a block; UserError for a block that the network lacks.

    folder: where the sheet goes to, by default where the app finds it; steps: of each picture.
    """
    source = find(fetch(key))
    site = ask(find_block, source.key, block)
    PicturesQuestion(steps=steps or STEPS).check()
    where = folder or folder_of(source)
    found = draw_overview(source, site, where, steps=steps or STEPS, watch=watch)
    live, beyond = count_beyond(source.key, found)
    return OverviewReport(
        source.key, site.name, str(found.file), found.steps, found.s.tolist(), live, beyond
    )


def count_beyond(key: str, found: Overview) -> tuple[int | None, int | None]:
    """Count the gates that move over reference images, and those opened further than by most.

    None where the images behind the statistics are not known.
    """
    profile, images = reference(key), reference_images(key)
    if profile is None or images is None:
        return None, None
    live = np.array([moves(float(std)) for std in profile.blocks[found.site].s_std])
    most = np.quantile(images.blocks[found.site].sample.astype(np.float64), BEYOND / 100, axis=0)
    return int(live.sum()), int((live & (found.s > most)).sum())


@on_cpu
def find_block(loaded: LoadedModel, text: str) -> Site:
    """Return the block that a text names; UserError, with the nearest names, if none."""
    known = {name: site for site in loaded.probe.sites for name in (site.path, site.name)}
    if text not in known:
        names = [site.name for site in loaded.probe.sites]
        near = did_you_mean(text[:200], names, otherwise=names[-1:])
        raise UserError(f"There is no block “{brief(text)}” in {loaded.title}; {near}")
    return known[text]
