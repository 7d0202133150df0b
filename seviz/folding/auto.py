"""The blocks that a network can do without, as `seviz necessity --data` finds them."""

from pathlib import Path

from seviz.errors import UserError
from seviz.measuring.known_necessity import is_of, known_necessity
from seviz.measuring.necessity_file import load
from seviz.records.losses import GreedyPath
from seviz.zoo.sources import Source

STATIC = "static"  # the rule of the blocks that can be folded


def auto_path(source: Source, file: Path | None, budget: float) -> GreedyPath:
    """Return the choice of the blocks that a network can do without, some within a budget.

    file: what `necessity --out` wrote, by default what is known of the network; budget: the most
    points of accuracy that the set may lose. UserError where the file is not of the network, no
    block fits, or the choice ended before the budget.
    """
    found = load(file) if file else known_necessity(source.key)
    if found is None:
        raise UserError(
            f"Which blocks {source.title} can do without is measured on a data set: run `seviz "
            "necessity --data DIR --out FILE` and give it by --necessity FILE, or name the blocks."
        )
    if not is_of(found, source):
        raise UserError(f"{file} is of “{found.network}” or of other weights; measure this one.")
    if found.rule != STATIC:
        raise UserError(
            f"{file} is about gates “{found.rule}”; measure it with --replace static, which needs "
            "gate statistics: --profile FILE."
        )
    path = found.path
    if path is None or not path.within(budget):
        raise UserError(
            f"No block of {source.title} fits a budget of {budget:g} points on {found.data}; give "
            "a larger --budget, or name the blocks."
        )
    if path.ended_before(budget):
        raise UserError(
            f"The choice of blocks ended at a budget of {path.budget:g} points; give no more, or "
            f"let it go on: `seviz necessity --data DIR --further FILE --budget {budget:g} --out "
            "FILE`."
        )
    return path
