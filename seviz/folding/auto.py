"""The blocks that a network can do without, as `seviz necessity --data` finds them."""

from pathlib import Path

from seviz.errors import UserError
from seviz.zoo.sources import Source


def auto_blocks(source: Source, file: Path | None, budget: float) -> tuple[str, ...]:
    """Return the set of blocks that a file of `necessity --out` names for a network.

    budget: the most points of accuracy that the set may lose. UserError where there is no such
    file.
    """
    del file, budget
    raise UserError(
        f"Which blocks {source.title} can do without is measured on a data set: run `seviz "
        "necessity --data DIR --out FILE` and give it by --necessity FILE, or name the blocks."
    )
