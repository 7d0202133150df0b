"""Tables as files, by their ending: .csv and .parquet row by row, .npz whole.

Numbers are written so that they read back to the same float32.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.files import atomic_write, check_kind

CSV, NPZ, PARQUET = ".csv", ".npz", ".parquet"
NO_PYARROW = "A .parquet file takes pyarrow: `pip install pyarrow`, or name a .csv file."


def check_table(path: Path, endings: Sequence[str]) -> None:
    """Raise UserError unless a table of one of the endings can be written to a path."""
    check_kind(path, endings)
    if path.suffix.lower() == PARQUET and find_spec("pyarrow") is None:
        raise UserError(NO_PYARROW)


def text(value: str) -> str:
    """Write a text, such as the name of a file, so that every kind of file can hold it."""
    return value.encode("utf-8", "backslashreplace").decode()


def texts(values: Iterable[str]) -> npt.NDArray[np.str_]:
    """Return an array of texts as of `text`."""
    return np.array([text(value) for value in values], np.str_)


def decimals(values: npt.NDArray[Any]) -> list[str]:
    """Write float32 numbers with as few digits as tell each from all others; "" for NaN."""
    written = np.asarray(values, np.float32).astype(np.str_).tolist()
    return ["" if number == "nan" else number for number in written]


def csv_line(cells: Iterable[str]) -> str:
    """Write the cells of a line of CSV, quoted where they need it, without its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(map(text, cells))
    return line.getvalue()


def save_npz(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Write arrays by name, replacing an old file in a single step; UserError if it can't."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


@contextmanager
def csv_file(path: Path, columns: Sequence[str]) -> Iterator[IO[str]]:
    """Open a CSV file, whose first line names the columns; it replaces an old one at the end."""
    with (
        atomic_write(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        file.write(csv_line(columns) + "\n")
        yield file
