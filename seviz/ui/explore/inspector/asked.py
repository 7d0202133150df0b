"""What the inspector is asked, and what it shows; a client may have forged what it is asked."""

from typing import Any, NamedTuple

from seviz.errors import UserError
from seviz.gates.history import History
from seviz.learn.story import telling_gate
from seviz.records.arms import INTACT, Arm
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.ui.parts.fields import named_block, named_channel
from seviz.ui.state import Sought, edited_arm, off_arm


class Fields(NamedTuple):
    """What all parts share, as it is when an event comes.

    arm: which pass is shown; off: the column that is compared; edits: those of the tab “Surgery”;
    shown: the gate that is shown.
    """

    record: Trace | None
    arm: Any
    off: Any
    target: Any
    block: Any
    channel: Any
    wanted: Sought | None
    edits: History | None
    shown: Gate | None

    @property
    def asked_for(self) -> Sought | None:
        """Return what another page wants of the trace's network, if anything."""
        here = self.record and self.wanted and self.record.model == self.wanted.model
        return self.wanted if here else None

    def shown_arm(self, record: Trace) -> Arm:
        """Return the arm whose pass is shown; that with gates where nothing is edited any more."""
        if self.arm == "edited":
            return edited_arm(record, self.edits) or INTACT
        return INTACT if self.arm == "intact" else off_arm(record, self.off)

    def first(self, record: Trace) -> tuple[str, int]:
        """Name the gate to open: what is wanted, else what was open, else the most telling one."""
        wanted, kept = self.asked_for, (self.block, self.channel)
        for block, channel in [wanted[1:], kept] if wanted else [kept]:
            try:
                return block, named_channel(named_block(record, block), channel)
            except UserError:
                continue
        return telling_gate(record)
