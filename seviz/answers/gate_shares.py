"""The difference between two arms' logits, shared out over all gates: a report, ready for JSON."""

from dataclasses import dataclass

from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.records.attribution import GateShares
from seviz.records.numbers import strongest
from seviz.records.target import ClassTarget
from seviz.records.trace import Trace
from seviz.watch import Watch

TOP = 20  # how many channels with the largest shares are listed


@dataclass(frozen=True)
class ChannelShare:
    """A gate's share of the difference of two arms' logits, and its s in each of them."""

    site: str
    channel: int
    share: float
    s: float
    other: float


@dataclass(frozen=True)
class BlockShare:
    """The sum of the shares of a block's gates."""

    site: str
    share: float


@dataclass(frozen=True)
class GateSharesReport:
    """The difference of the logits of the first two arms with gates, shared out over all gates.

    The shares add up to total, which should equal difference; error: what is missing, as a share
    of difference.
    """

    first: str
    second: str
    difference: float
    total: float
    error: float
    steps: int
    note: str
    blocks: list[BlockShare]
    top: list[ChannelShare]


def shares_between(record: Trace, target: ClassTarget, watch: Watch | None = None) -> GateShares:
    """Attribute the difference of a trace's first two arms with gates to all gates, as applied.

    target: the class, or the difference of two, whose logit differs. UserError where there are no
    two arms with gates: the twin has none.
    """
    from seviz.attribution.shares import gate_shares

    pair = gated(record)
    if len(pair) < 2:
        raise UserError(
            "The twin without SE has no gates to share a difference out over; compare two arms "
            "of the network itself."
        )
    own, other = ({name: s[arm] for name, s in record.s.items()} for arm in pair)
    name = record.arms[pair[1]].name
    return ask(
        gate_shares,
        record.model,
        record.image,
        s=own,
        reference=other,
        name=name,
        target=target,
        watch=watch,
    )


def gated(record: Trace) -> list[int]:
    """List the rows of the first two arms with gates; fewer where there are fewer."""
    return [row for row, arm in enumerate(record.arms) if not arm.is_twin][:2]


def top_shares(record: Trace, gates: GateShares, count: int = TOP) -> list[ChannelShare]:
    """List the channels with the largest shares of either sign, largest first."""
    channels = []
    for site, channel in strongest(gates.shares, count):
        s, other = (float(record.s[site][arm, channel]) for arm in gated(record))
        share = float(gates.shares[site][channel])
        channels.append(ChannelShare(site, channel, share, s, other))
    return channels


def gate_shares_report(record: Trace, gates: GateShares) -> GateSharesReport:
    """Report on the shares of a trace's gates."""
    first, second = gated(record)
    return GateSharesReport(
        first=record.arms[first].name,
        second=record.arms[second].name,
        difference=gates.difference,
        total=gates.total,
        error=gates.error,
        steps=gates.steps,
        note=gates.note,
        blocks=[BlockShare(name, float(of.sum())) for name, of in gates.shares.items()],
        top=top_shares(record, gates),
    )
