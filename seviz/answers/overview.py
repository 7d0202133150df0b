"""One picture for each gate of a block, and how many of them open their gates: a report."""

from dataclasses import dataclass
from pathlib import Path

from seviz.answers.pictures import PicturesQuestion
from seviz.gates.grammar import no_block
from seviz.passes.dispatch import ask, fetch
from seviz.passes.gpu_seconds import on_cpu
from seviz.pictures.overview import STEPS, draw_overview, folder_of
from seviz.records.sites import Site
from seviz.reference.opened import count_beyond, sample_size
from seviz.watch import Watch
from seviz.words.overview import overview_words
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class OverviewReport:
    """The sheet of a block: file; s: what each gate is at its picture.

    live: how many gates move over the reference images; beyond: of these, how many their pictures
    open further than 99 of 100 images do: of `images`, a sample of all_images reference images.
    None where there are no such images.
    """

    model: str
    site: str
    file: str
    steps: int
    s: list[float]
    live: int | None
    beyond: int | None
    images: int | None
    all_images: int | None

    @property
    def summary(self) -> str:
        """Say how many gates are opened."""
        sample = None if self.images is None else (self.images, self.all_images or 0)
        return overview_words(
            self.site, len(self.s), live=self.live, beyond=self.beyond, sample=sample
        )


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
    count = STEPS if steps is None else steps
    PicturesQuestion(steps=count).check()
    where = folder or folder_of(source)
    found = draw_overview(source, site, where, steps=count, watch=watch)
    live, beyond = count_beyond(source.key, site.name, found.s)
    images, all_images = (live is not None and sample_size(source.key)) or (None, None)
    return OverviewReport(
        source.key,
        site.name,
        str(found.file),
        found.steps,
        found.s.tolist(),
        live=live,
        beyond=beyond,
        images=images,
        all_images=all_images,
    )


@on_cpu
def find_block(loaded: LoadedModel, text: str) -> Site:
    """Return the block that a text names; UserError, with the nearest names, if none."""
    known = {name: site for site in loaded.probe.sites for name in (site.path, site.name)}
    if text not in known:
        names = [site.name for site in loaded.probe.sites]
        raise no_block(text, names, where=f"in {loaded.title}")
    return known[text]
