"""What every result of a question can do."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from seviz.answers.nulls import with_reasons
from seviz.drawing.result_table import result_table
from seviz.errors import UserError
from seviz.phrases import brief, join_list
from seviz.records.arms import Arm
from seviz.records.provenance import Provenance
from seviz.words.provenance import provenance_words

if TYPE_CHECKING:
    from seviz.figures.style import Figure

P = ParamSpec("P")
R = TypeVar("R", bound="Result")
Arrays = dict[str, npt.NDArray[np.generic]]


class Table(NamedTuple):
    """What a result shows in a notebook: a sentence, the heads of columns, and rows of texts."""

    headline: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Result(ABC):
    """An answer with what it is of; provenance: the photograph, network, versions and command."""

    provenance: Provenance

    def _provenances(self) -> tuple[Provenance, ...]:
        """Return what it is of, a record for each network."""
        return (self.provenance,)

    @abstractmethod
    def _content(self) -> dict[str, Any]:
        """Return the answer as plain values, as the command line writes it."""

    @abstractmethod
    def _table(self) -> Table:
        """Return what is shown in a notebook."""

    @abstractmethod
    def to_arrays(self) -> Arrays:
        """Return the numbers behind the answer by name."""

    @abstractmethod
    def figure(self) -> "Figure":
        """Draw the answer."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON has it: what the command line writes, with its provenance.

        Under `why_null` it says why values are null.
        """
        of = [asdict(each) for each in self._provenances()]
        content = with_reasons({**self._content(), "provenance": of if len(of) > 1 else of[0]})
        plain: dict[str, Any] = json.loads(json.dumps(content))
        return plain

    def __repr__(self) -> str:
        """Name the kind of result, and say its headline."""
        return f"<seviz.{type(self).__name__}: {self._table().headline}>"

    def _repr_html_(self) -> str:
        """Show the headline, a table, and what it is of, in a notebook."""
        headline, heads, rows, note = self._table()
        of = map(provenance_words, self._provenances())
        below = (note, *of, self.provenance.command)
        return str(result_table(headline, heads, rows, below=below))


def with_source(
    draw: "Callable[Concatenate[R, P], Figure]",
) -> "Callable[Concatenate[R, P], Figure]":
    """Let the figure that a result draws say what it is of, where it is printed."""

    @wraps(draw)
    def drawn(result: R, /, *args: P.args, **kwargs: P.kwargs) -> "Figure":
        from seviz.figures.style import sourced

        of = map(provenance_words, result._provenances())
        told = filter(None, (*of, result.provenance.command))
        return sourced(draw(result, *args, **kwargs), " · ".join(told))

    return drawn


def check_choice(what: str, chosen: str, choices: tuple[str, ...]) -> None:
    """Raise UserError where an argument is none of its choices."""
    if chosen not in choices:
        raise UserError(
            f"There is no {what} “{brief(str(chosen))}” here; choose {join_list(choices, ' or ')}."
        )


def find_row(arms: Sequence[Arm], arm: str | int) -> int:
    """Return the number of an arm by its name or number; UserError where there is no such."""
    names = [known.name for known in arms]
    if arm in names:
        return names.index(str(arm))
    if isinstance(arm, int) and 0 <= arm < len(names):
        return arm
    raise UserError(
        f"There is no arm “{brief(str(arm))}” here; choose {join_list(names, ' or ')}, or a number "
        f"from 0 to {len(names) - 1}."
    )
