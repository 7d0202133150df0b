"""The results of the questions about one photograph."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from seviz.answers.attribution import Explanation
from seviz.answers.channels import ChannelsAnswer
from seviz.answers.export import attribution_arrays, explanation_dict, trace_arrays
from seviz.answers.necessity import BlockNecessity, NecessityAnswer
from seviz.answers.trace import ArmAnswers, trace_report
from seviz.errors import UserError
from seviz.library.result import Arrays, Result, Table, check_choice, find_row, with_source
from seviz.phrases import join_list
from seviz.records.attribution import Attribution
from seviz.records.trace import NO_HEAD, Trace
from seviz.words.answers import headline
from seviz.words.arms import arm_clause, arm_title
from seviz.words.explanations import map_headline, value_words
from seviz.words.matters import necessity_words
from seviz.words.numbers import percent, signed
from seviz.words.target import answer_words, score_name

if TYPE_CHECKING:
    from seviz.figures.style import Figure


@dataclass(frozen=True, eq=False, repr=False)
class TraceResult(Result):
    """The descriptors z, gates s and answers of a photograph; trace: the record with all arrays."""

    trace: Trace

    def _content(self) -> dict[str, Any]:
        return asdict(trace_report(self.trace))

    def to_arrays(self) -> Arrays:
        """Return z/SITE, s/SITE, s_computed/SITE (arms×C) and logits (arms×K), float32."""
        return dict(trace_arrays(self.trace))

    @with_source
    def figure(
        self,
        kind: str = "atlas",
        *,
        arm: str | int = 0,
        show: str = "applied",
        difference: bool = False,
    ) -> "Figure":
        """Draw the gates of an arm, by its name or number, a row a block.

        kind: atlas, every channel a cell, or depth, their distribution along the depth. Of the
        atlas, show: applied, the gates as the arm applied them, s, as it computed them, or z; and
        difference: those of the first arm are subtracted.
        """
        from seviz.figures.atlas import LABELS, atlas
        from seviz.figures.depth import depth_profile

        check_choice("figure", kind, ("atlas", "depth"))
        check_choice("show", show, tuple(LABELS))
        row = find_row(self.trace.arms, arm)
        if kind == "depth":
            return depth_profile(self.trace, arm=row)
        return atlas(self.trace, arm=row, show=show, difference=difference)

    def _table(self) -> Table:
        heads = ("arm", "answer", "probability", "change of the answer's logit")
        if not self.trace.labels:
            names = [(arm.name, "", "", "") for arm in self.trace.arms]
            return Table(NO_HEAD, heads, names, self.trace.note)
        rows = [_answer_row(arm) for arm in trace_report(self.trace, topk=1).arms]
        return Table(headline(self.trace), heads, rows, self.trace.note)


def _answer_row(arm: ArmAnswers) -> tuple[str, ...]:
    best, against = arm.top[0], arm.against_intact
    change = "" if against is None or arm.edits == "intact" else signed(against.logit)
    return arm.name, best.label, percent(best.probability), change


@dataclass(frozen=True, eq=False, repr=False)
class AttributionResult(Result):
    """Maps of an answer by some methods, arm by arm; explanation: the report and its records."""

    explanation: Explanation

    def _content(self) -> dict[str, Any]:
        return explanation_dict(self.explanation)

    def to_arrays(self) -> Arrays:
        """Return METHOD/ARM, signed maps of 3×H×W or 1×H×W, and gates/SITE, the gates' shares."""
        return dict(attribution_arrays(self.explanation.attributions, self.explanation.gates))

    @with_source
    def figure(
        self, kind: str = "map", *, method: str = "", arm: str | int = 0, sign: str = "both"
    ) -> "Figure":
        """Draw a map over what the network saw, or the gates' shares.

        kind: map, of an arm, by its name or number; difference, the first arm's map less the
        second's; shares, of blocks, or channels, where they were asked for. method: by default the
        first; sign: both, for or against.
        """
        from seviz.figures import explanation as figures

        check_choice("figure", kind, ("map", "difference", "shares", "channels"))
        check_choice("sign", sign, figures.SIGNS)
        if kind in ("shares", "channels"):
            shares = self.explanation.gates
            if shares is None:
                raise UserError("The gates' shares were not asked for; attribute with shares=True.")
            return figures.shares_chart(shares) if kind == "shares" else figures.shares_map(shares)
        found, seen, look = self._map(method), self.explanation.trace.seen, figures.Look(sign=sign)
        value, names = value_words(found.method), [arm_title(arm) for arm in found.arms]
        if kind == "map":
            row = find_row(found.arms, arm)
            return figures.arm_map(found, seen, row, name=names[row], value=value, look=look)
        if len(found.arms) < 2:
            raise UserError("A difference is of two arms, and here is one; attribute in two.")
        pair = (names[0], names[1])
        return figures.pictures(found, seen, pair, value=value, look=look).difference

    def _map(self, method: str) -> Attribution:
        known = {found.method: found for found in self.explanation.attributions}
        check_choice("method", method or next(iter(known)), tuple(known))
        return known[method or next(iter(known))]

    def _table(self) -> Table:
        report, first = self.explanation.report, self.explanation.attributions[0]
        told = f"What was explained: {answer_words(report.target)}."
        if len(first.arms) > 1:
            told = map_headline(first, (arm_clause(first.arms[0]), arm_clause(first.arms[1])))
        rows = [
            (
                f"{method.method}, {arm.arm}",
                *("" if value is None else signed(value) for value in (arm.total, arm.score)),
                f"{arm.likeness.spearman:.3f}",
            )
            for method in report.methods
            for arm in method.arms
        ]
        heads = ("map", "sum", "should sum to", "Spearman with the first arm")
        return Table(told, heads, rows, " ".join(m.note for m in report.methods if m.note))


@dataclass(frozen=True, eq=False, repr=False)
class NecessityResult(Result):
    """Which blocks an answer depends on; answer: the report and its record."""

    answer: NecessityAnswer

    def _content(self) -> dict[str, Any]:
        return asdict(self.answer.report)

    def to_arrays(self) -> Arrays:
        """Return logit, probability and flipped, 2×B: each block alone, and it and all later."""
        found = self.answer.necessity
        return {
            "logit": found.logit,
            "probability": found.probability,
            "flipped": found.flipped,
        }

    @with_source
    def figure(self) -> "Figure":
        """Draw the change of the answer's logit, a row a block."""
        from seviz.figures.necessity import necessity_chart

        return necessity_chart(self.answer.necessity)

    def _table(self) -> Table:
        report = self.answer.report
        rows = [
            (
                block.name,
                signed(block.alone.logit),
                signed(block.onward.logit),
                join_list(_flips(block) or ["no"]),
            )
            for block in report.blocks
        ]
        name = score_name(report.target)
        heads = ("block", f"Δ{name}, alone", f"Δ{name}, with all later", "the answer changes")
        return Table(necessity_words(self.answer.necessity), heads, rows, report.note)


def _flips(block: BlockNecessity) -> list[str]:
    changes = {"alone": block.alone, "with all later": block.onward}
    return [name for name, change in changes.items() if change.flipped]


@dataclass(frozen=True, eq=False, repr=False)
class ChannelsResult(Result):
    """Which channels an answer depends on; answer: the report and its records."""

    answer: ChannelsAnswer

    def _content(self) -> dict[str, Any]:
        return asdict(self.answer.report)

    def to_arrays(self) -> Arrays:
        """Return first_order/SITE, what each gate adds to the logit to first order, and s/SITE."""
        gates = {f"s/{name}": s[0] for name, s in self.answer.trace.s.items()}
        effects = self.answer.effects.first_order.items()
        return {**{f"first_order/{name}": values for name, values in effects}, **gates}

    @with_source
    def figure(self) -> "Figure":
        """Draw what each gate adds to the logit, to first order, a row a block."""
        from seviz.figures.effects import effects_map

        return effects_map(self.answer.effects)

    def _table(self) -> Table:
        report = self.answer.report
        rows = [
            (
                f"{c.site}[{c.channel}]",
                f"{c.s:.3f}",
                signed(c.first_order),
                signed(c.exact),
                "" if c.percentile is None else f"{c.percentile:.0f}",
            )
            for c in report.top
        ]
        heads = ("channel", "gate s", "to first order", "exact", "percentile of s")
        told = f"What gates add to the answer {answer_words(report.target)}."
        if report.top:
            first = max(report.top, key=lambda channel: abs(channel.exact))
            told += f" Shutting {first.site}[{first.channel}] moves its logit most of these"
            told += f", by {signed(-first.exact)}."
        return Table(told, heads, rows)
