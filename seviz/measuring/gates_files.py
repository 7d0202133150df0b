"""Files of the gates of many photographs: .csv and .parquet with a row a gate, .npz with arrays."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seviz.files import atomic_write
from seviz.measuring.table_files import (
    CSV,
    NPZ,
    PARQUET,
    csv_file,
    csv_line,
    decimals,
    save_npz,
    text,
    texts,
)
from seviz.records.numbers import Floats
from seviz.records.sites import Site

COLUMNS = (
    *("name", "label", "answer", "probability", "logit"),  # of a photograph
    *("block", "channel", "z", "s"),  # of a gate
)
TOGETHER = 64  # photographs in a row group of a .parquet


@dataclass(frozen=True)
class PhotoGates:
    """What a photograph squeezed and excited, z and s (C by block), and the network's answer.

    name: its path; label: its class, by its class folder, or ""; answer: the most probable class,
    with its probability and logit ("" and NaN where the network has no head).
    """

    name: str
    label: str
    answer: str
    probability: float
    logit: float
    z: dict[str, Floats]
    s: dict[str, Floats]


Add = Callable[[PhotoGates], object]
Open = Callable[[Path, Sequence[Site]], AbstractContextManager[Add]]


def gates_file(path: Path, sites: Sequence[Site]) -> AbstractContextManager[Add]:
    """Open a file of the kind that its ending says; yields what adds a photograph to it.

    It replaces an old file at the end of the block, and only where nothing is raised there.
    """
    return KINDS[path.suffix.lower()](path, sites)


@contextmanager
def _csv(path: Path, sites: Sequence[Site]) -> Iterator[Add]:
    gates = [csv_line([site.name, str(c)]) for site in sites for c in range(site.channels)]
    with csv_file(path, COLUMNS) as file:

        def add(photo: PhotoGates) -> None:
            answered = decimals(np.array([photo.probability, photo.logit]))
            start = csv_line([photo.name, photo.label, photo.answer, *answered])
            numbers = (decimals(_all_blocks(of)) for of in (photo.z, photo.s))
            rows = zip(gates, *numbers, strict=True)
            file.writelines(f"{start},{gate},{z},{s}\n" for gate, z, s in rows)

        yield add


@contextmanager
def _npz(path: Path, sites: Sequence[Site]) -> Iterator[Add]:
    photos: list[PhotoGates] = []
    yield photos.append
    arrays: dict[str, Any] = {
        "names": texts(photo.name for photo in photos),
        "labels": texts(photo.label for photo in photos),
        "answers": texts(photo.answer for photo in photos),
        "probabilities": np.array([photo.probability for photo in photos], np.float32),
        "logits": np.array([photo.logit for photo in photos], np.float32),
    }
    for site in sites:
        arrays[f"z/{site.name}"] = np.stack([photo.z[site.name] for photo in photos])
        arrays[f"s/{site.name}"] = np.stack([photo.s[site.name] for photo in photos])
    save_npz(path, arrays)


@contextmanager
def _parquet(path: Path, sites: Sequence[Site]) -> Iterator[Add]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = pa.dictionary(pa.int32(), pa.string())
    kinds = (words, words, words, pa.float32(), pa.float32(), words, pa.int32())
    schema = pa.schema(zip(COLUMNS, (*kinds, pa.float32(), pa.float32()), strict=True))
    blocks = pa.array([site.name for site in sites for _ in range(site.channels)], pa.string())
    channels = np.concatenate([np.arange(site.channels, dtype=np.int32) for site in sites])

    def table(photo: PhotoGates) -> Any:
        said = (text(photo.name), text(photo.label), text(photo.answer))
        columns = [pa.repeat(pa.scalar(word, pa.string()), len(channels)) for word in said]
        numbers = (photo.probability, photo.logit)
        columns += [pa.repeat(pa.scalar(n, pa.float32()), len(channels)) for n in numbers]
        columns += [blocks, pa.array(channels)]
        columns += [pa.array(_all_blocks(of), pa.float32()) for of in (photo.z, photo.s)]
        typed = (c.cast(kind) for c, kind in zip(columns, schema.types, strict=True))
        return pa.Table.from_arrays(list(typed), schema=schema)

    with atomic_write(path) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        waiting: list[Any] = []

        def write() -> None:
            if waiting:
                writer.write_table(pa.concat_tables(waiting).unify_dictionaries())
                waiting.clear()

        def add(photo: PhotoGates) -> None:
            waiting.append(table(photo))
            if len(waiting) == TOGETHER:
                write()

        yield add
        write()


KINDS: dict[str, Open] = {CSV: _csv, PARQUET: _parquet, NPZ: _npz}


def _all_blocks(of: dict[str, Floats]) -> Floats:
    joined: Floats = np.concatenate(list(of.values()))
    return joined
