"""A network's answers to a photograph in each arm, and its SE blocks: ready for JSON."""

from dataclasses import dataclass, fields

from seviz.analysis.against_intact import Comparison, compare
from seviz.gates.grammar import arm_text
from seviz.records.sites import Site
from seviz.records.trace import Answer, Trace

TOPK = 5


@dataclass(frozen=True)
class Block:
    """An SE block, or a relative, such as ECA, by its kind; module: its path.

    Of a key “path” gradio_client would download a file.
    """

    name: str
    module: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int | None
    reduction: float | None
    excitation: str
    squeezed: bool
    kind: str


@dataclass(frozen=True)
class ArmAnswers:
    """The answers of one arm, best first."""

    name: str
    edits: str
    top: list[Answer]
    against_intact: Comparison | None


@dataclass(frozen=True)
class TraceReport:
    """A trace without its arrays, which are `seviz.answers.export.trace_arrays`; note: as in it."""

    model: str
    sites: list[Block]
    arms: list[ArmAnswers]
    note: str


def trace_report(trace: Trace, topk: int = TOPK) -> TraceReport:
    """Report on a trace, with each arm's topk answers."""
    return TraceReport(
        model=trace.model,
        sites=[_block(site) for site in trace.sites],
        arms=[_arm_answers(trace, row, topk) for row in range(len(trace.arms))],
        note=trace.note,
    )


def _arm_answers(trace: Trace, row: int, topk: int) -> ArmAnswers:
    """Report on one arm; without a head it has no answers to compare."""
    arm, answers = trace.arms[row], bool(trace.labels)
    return ArmAnswers(
        name=arm.name,
        edits=arm_text(arm.edits),
        top=trace.top(row, topk) if answers else [],
        against_intact=compare(trace, row) if answers else None,
    )


def _block(site: Site) -> Block:
    names = {field.name for field in fields(Block)}
    facts = {key: value for key, value in vars(site).items() if key in names}
    return Block(module=site.path, reduction=site.reduction, **facts)
