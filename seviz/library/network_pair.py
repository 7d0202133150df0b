"""Two networks beside each other: on one photograph, and their gates over many."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from seviz.analysis.network_pair import (
    block_names,
    most_different,
    pair_answers,
    same_plan,
)
from seviz.answers.gate_similarity import SIMILARITY_HEADS, similarity_report, similarity_rows
from seviz.answers.network_pair import NetworkPairAnswer
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.library.result import Arrays, Result, Table, check_choice, with_source
from seviz.records.network_pair import GateSimilarity
from seviz.records.provenance import Provenance
from seviz.records.trace import Answer
from seviz.words.answers import answer_words
from seviz.words.explanations import value_words
from seviz.words.network_pair import blocks_words, map_words, match_words, similarity_words

if TYPE_CHECKING:
    from seviz.figures.style import Figure

NETWORKS = ("A", "B")


@dataclass(frozen=True, eq=False, repr=False)
class NetworkPairResult(Result):
    """What two networks, A and B, make of a photograph, and how alike their gates are over many.

    provenance: of A; other: of B. answer: the report on the photograph and its records, None where
    none was given; similarity: of the gates over many photographs, None where none were given;
    left_out: a sentence about files among these that are no photographs, or "".
    """

    other: Provenance
    answer: NetworkPairAnswer | None = None
    similarity: GateSimilarity | None = None
    left_out: str = ""

    def _provenances(self) -> tuple[Provenance, ...]:
        return self.provenance, self.other

    def _content(self) -> dict[str, Any]:
        report = {} if self.answer is None else asdict(self.answer.report)
        similar = None if self.similarity is None else asdict(similarity_report(self.similarity))
        return {**report, "similarity": similar}

    def to_arrays(self) -> Arrays:
        """Return a/… and b/…: s/SITE, the gates (C), logits (K) and map, 3×H×W or 1×H×W; and cka.

        map is there where an explanation was asked for, and cka, blocks of A × blocks of B, where
        photographs were given over which gates are compared.
        """
        arrays: Arrays = {}
        if self.answer is not None:
            maps = self.answer.maps
            for name, view, found in zip(
                "ab", self.answer.views, (maps.a, maps.b) if maps else (None, None), strict=True
            ):
                gates = {f"{name}/s/{site}": s[0] for site, s in view.trace.s.items()}
                arrays |= {**gates, f"{name}/logits": view.trace.logits[0]}
                arrays |= {} if found is None else {f"{name}/map": found.maps[0]}
        return arrays if self.similarity is None else {**arrays, "cka": self.similarity.cka}

    @with_source
    def figure(self, kind: str = "", *, network: str = "A", block: str = "") -> "Figure":
        """Draw the gates of both networks, or what one of them makes of the photograph.

        kind: gates, the correlation of both networks' gates at blocks that both have; channels,
        each channel of one such block in both, by default of the block that differs most; map and
        atlas, of the network A or B; similarity, of each block of A with each of B. By default the
        first of these that there is.
        """
        kinds = self._kinds()
        if not kinds:
            raise UserError(
                "Neither network has gates, so there are none to draw; compare them with a method, "
                'such as method="gradcam", to draw maps.'
            )
        check_choice("figure", kind or kinds[0], kinds)
        check_choice("network", network, NETWORKS)
        if (kind or kinds[0]) == "similarity":
            from seviz.figures.network_pair import cka_matrix

            assert self.similarity is not None
            return cka_matrix(self.similarity)
        return self._figure_of_photo(kind or kinds[0], NETWORKS.index(network), block)

    def _kinds(self) -> tuple[str, ...]:
        """Return the kinds of figure that can be drawn."""
        there, found = {"similarity": self.similarity is not None}, self.answer
        if found is not None:
            paired = bool(found.report.blocks)
            gates = any(view.trace.sites for view in found.views)
            of_photo = {"gates": paired, "channels": paired, "map": found.maps is not None}
            there = {**of_photo, "atlas": gates, **there}
        return tuple(kind for kind, is_there in there.items() if is_there)

    def _figure_of_photo(self, kind: str, side: int, block: str) -> "Figure":
        from seviz.figures import network_pair as figures

        assert self.answer is not None
        found, views = self.answer, self.answer.views
        traces = views[0].trace, views[1].trace
        if kind == "gates":
            return figures.correlation_chart(found.report.blocks)
        if kind == "channels":
            known = tuple(pair.site for pair in found.report.blocks)
            chosen = block or most_different(found.report.blocks).site
            check_choice("block", chosen, known)
            return figures.channel_scatter(*traces, chosen)
        if kind == "map":
            assert found.maps is not None
            of = (found.maps.a, found.maps.b)[side]
            value = value_words(of.method)
            title, label = NETWORKS[side], found.maps.label
            return figures.share_map(of, traces[side].seen, title=title, value=value, label=label)
        if not traces[side].sites:
            raise UserError(
                f"{NETWORKS[side]} has no SE block, so there is no atlas of its gates; draw that "
                f"of {NETWORKS[1 - side]}."
            )
        rows = block_names(*(trace.sites for trace in traces))
        return figures.gates_atlas(traces[side], figures.pair_scales(*traces)[side], rows)

    def _table(self) -> Table:
        report = None if self.similarity is None else similarity_report(self.similarity)
        if self.answer is None:
            assert report is not None
            rows = list(similarity_rows(report))
            return Table(report.headline, SIMILARITY_HEADS, rows, self._note())
        a, b = (view.trace for view in self.answer.views)
        pairs = pair_answers(a, b, self.answer.classes, k=TOPK)
        titles = self.provenance.network.title, self.other.network.title
        heads = (f"A: {titles[0]}", f"B: {titles[1]}")
        rows_of_answers = [(_cell(one), _cell(other)) for one, other in pairs]
        return Table(self.answer.report.headline, heads, rows_of_answers, self._note())

    def _note(self) -> str:
        return " ".join(filter(None, (*self._photo_notes(), *self._similarity_notes())))

    def _photo_notes(self) -> Iterator[str]:
        """Yield what to know of the photograph: how the classes, gates and maps fit together."""
        if self.answer is None:
            return
        a, b = (view.trace for view in self.answer.views)
        yield match_words(self.answer.classes, len(a.labels), len(b.labels))
        if a.sites and b.sites:
            yield blocks_words(self.answer.report.blocks, a, b, same=same_plan(a, b))
        if self.answer.maps is not None:
            yield map_words(self.answer.maps)

    def _similarity_notes(self) -> Iterator[str]:
        if self.similarity is None:
            return
        if self.answer is not None:
            yield similarity_report(self.similarity).headline
        yield similarity_words(self.similarity)
        yield self.left_out


def _cell(answer: Answer | None) -> str:
    return "" if answer is None else answer_words(answer)
