"""The result of profiling a network on a data set."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.answers.profile import profile_report
from seviz.library.result import Arrays, Result, Table, check_choice, with_source
from seviz.records.sites import Site
from seviz.reference.by_depth import by_depth, chance
from seviz.reference.gather import Gathered
from seviz.reference.profile import Profile
from seviz.words.matters import moving_words
from seviz.words.numbers import signed

if TYPE_CHECKING:
    from seviz.figures.style import Figure


@dataclass(frozen=True, eq=False, repr=False)
class ProfileResult(Result):
    """The statistics of all gates over a data set; gathered: these, and the images behind them."""

    gathered: Gathered
    blocks: tuple[Site, ...]

    @property
    def profile(self) -> Profile:
        """Return the statistics, as questions take them."""
        return self.gathered.profile

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the statistics, and the images behind them beside it; UserError if it can't."""
        self.gathered.save(Path(path))

    def _content(self) -> dict[str, Any]:
        return asdict(profile_report(self.profile))

    def to_arrays(self) -> Arrays:
        """Return SITE/FIELD, the fields of `seviz.reference.profile.BlockProfile`."""
        return {
            f"{name}/{field}": values
            for name, block in self.profile.blocks.items()
            for field, values in vars(block).items()
            if values is not None
        }

    @with_source
    def figure(self, kind: str = "depth") -> "Figure":
        """Draw the mean gates along the depth, or, of two classes or more, what they tell of these.

        kind: depth, or classes.
        """
        from seviz.figures.depth import depth_bands
        from seviz.figures.gates import scale_of
        from seviz.figures.selectivity import selectivity_chart

        known = self.profile
        check_choice("figure", kind, ("depth", "classes") if known.has_classes else ("depth",))
        if kind == "classes":
            return selectivity_chart(by_depth(known), chance=chance(known))
        gates = [known.blocks[site.name].s_mean for site in self.blocks]
        scale = scale_of(self.blocks, gates)
        return depth_bands(self.blocks, gates, own=scale, scale=scale)

    def _table(self) -> Table:
        report = profile_report(self.profile)
        rows = [
            (
                block.name,
                signed(block.mean),
                f"{signed(block.least)} to {signed(block.greatest)}",
                moving_words(block.moving, block.channels),
            )
            for block in report.blocks
        ]
        heads = ("block", "mean gate", "least to greatest", "channels that move")
        told = f"The gates of {len(rows)} blocks over {report.images:,} images ({report.data})."
        return Table(told, heads, rows, report.note)
