"""Which gate the page shows, of which network, and what all of its sections know of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from seviz.errors import UserError
from seviz.learn.story import telling_gate
from seviz.phrases import brief
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.address import Address


class Shown(NamedTuple):
    """What the page shows: a gate of a network, and by which statistics and answers.

    statistics: their fingerprint, "" for none; answered: tells this network's traces apart, None
    where it has answered no photograph; target: the class that is followed; edits: those of the tab
    “Surgery”, as text.
    """

    model: str
    block: str
    channel: int
    statistics: str = ""
    answered: int | None = None
    target: Any = None
    edits: str = ""

    @property
    def gate(self) -> Gate:
        """Return the gate's block and channel."""
        return Gate(self.block, self.channel)

    @property
    def name(self) -> str:
        """Return the gate as people write it, such as SE_4_6[17]."""
        return self.gate.name


def trace_of(key: str, record: Trace | None) -> Trace | None:
    """Return Explore's trace where it is of a network; else None."""
    return record if record is not None and record.model == key else None


def known_gates(key: str, record: Trace | None) -> dict[str, int]:
    """Return how many channels each block of a network has; {} where neither tells.

    record: Explore's trace, of any network. It is to be called in the handler of an event, whose
    visitor's statistics count.
    """
    if trace := trace_of(key, record):
        return {site.name: site.channels for site in trace.sites}
    profile = reference(key)
    return {} if profile is None else {n: len(b.s_mean) for n, b in profile.blocks.items()}


def named_gate(text: str, gates: Mapping[str, int]) -> Gate | None:
    """Return the gate that a text such as SE_4_6[17] names; None where there is no such."""
    return existing(*Address(gate=text).block_and_channel, gates)


def existing(block: Any, channel: Any, gates: Mapping[str, int]) -> Gate | None:
    """Return a gate by values that a client sent; None where there is no such."""
    if not isinstance(block, str) or not isinstance(channel, int | float):
        return None
    return Gate(block, int(channel)) if channel in range(gates.get(block, 0)) else None


def other_gate(gates: Mapping[str, int], selected: Gate | None, trace: Trace | None) -> Gate:
    """Return the gate to show where none is named: Explore's, the most telling, or the first.

    selected: that of Explore's fields, if the network has it.
    """
    if selected is not None:
        return selected
    return Gate(*telling_gate(trace)) if trace else Gate(next(iter(gates)), 0)


def stepped(gates: Mapping[str, int], block: Any, channel: Any, *, step: int) -> Gate:
    """Return the gate that two fields name, or the one beside it; after the last comes the first.

    UserError where there is no such gate.
    """
    if not isinstance(block, str) or block not in gates:
        raise UserError(f"There is no block {brief(str(block))} in this network; choose one.")
    count = gates[block]
    if step and isinstance(channel, int | float):
        return Gate(block, (int(channel) + step) % count)
    if existing(block, channel, gates) is None:
        raise UserError(f"{block} has the channels 0 to {count - 1}; choose one.")
    return Gate(block, int(channel))
