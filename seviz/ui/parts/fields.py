"""The fields Block and Channel, and sliders: their values, checked; the gates that clicks name."""

from math import isfinite
from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.gates.grammar import no_block
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Trace

NO_GATE = UserError("That click named no gate; click a cell.")


class BlockField(gr.Dropdown):  # type: ignore[misc]
    """A field of a block's name, which may be one of the network before, or of the one to come.

    The field's choices follow the network, while events bear what the page held a moment earlier;
    Gradio would refuse that. Handlers check the name by what they know of the network.
    """

    is_template = True  # keeps the stock front end, "dropdown"

    def preprocess(self, payload: Any) -> str | None:
        """Return the name as it was sent; None for what can be no name."""
        return payload if isinstance(payload, str) else None


class OpenSlider(gr.Slider):  # type: ignore[misc]
    """A slider that sends any number that is typed beside it, which handlers check.

    Gradio would refuse one beyond the range, and drop the event of the one that the browser puts in
    its place. The range may also follow another field, of which the page tells later.
    """

    is_template = True  # keeps the stock front end, "slider"

    def preprocess(self, payload: Any) -> Any:
        """Return what was sent."""
        return payload


def share_of(value: Any, otherwise: float) -> float:
    """Return a slider's value, between 0 and 1; otherwise: for what is no number."""
    if isinstance(value, int | float) and isfinite(value):
        return min(max(float(value), 0.0), 1.0)
    return otherwise


def clicked_gate(event: gr.EventData, record: Trace) -> tuple[Site, int | None]:
    """Return the block under a click, and its channel, None where the click named none.

    UserError where the network has no such gate: a client's data is not to be trusted.
    """
    try:
        site, channel = record.site(event._data["name"]), event._data["channel"]
    except (KeyError, TypeError):
        raise NO_GATE from None
    if channel is None:
        return site, None
    if not isinstance(channel, int) or channel not in range(site.channels):
        raise NO_GATE
    return site, channel


def named_block(record: Trace, entered: str | None) -> Site:
    """Return the block of a field; UserError where the network has none of that name."""
    try:
        return record.site(str(entered))
    except KeyError:
        raise no_block(str(entered), [site.name for site in record.sites]) from None


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
