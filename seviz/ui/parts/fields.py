"""The values of the fields Block and Channel, checked."""

from typing import Any

from seviz.errors import UserError
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Trace


def named_block(record: Trace, entered: str | None) -> Site:
    """Return the block of a field; UserError where the network has none of that name."""
    try:
        return record.site(str(entered))
    except KeyError:
        raise UserError(f"There is no block {entered} in this network; choose one.") from None


def named_channel(site: Site, entered: Any) -> int:
    """Return the channel of a field; UserError where the block has no such channel."""
    if not isinstance(entered, int | float) or entered not in range(site.channels):
        last = site.channels - 1
        raise UserError(f"{site.name} has the channels 0 to {last}; choose one.")
    return int(entered)


def kept_channel(entered: Any, strength: Floats) -> Any:
    """Keep the channel that was open, or take the strongest (of C) where a block has no such."""
    if isinstance(entered, int) and entered < len(strength):
        return entered
    return int(strength.argmax())
