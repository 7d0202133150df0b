"""Data sets of Hugging Face's package `datasets`: on the disk (hfds/), or streamed (hfids/)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.photos.image_set import EVERY, ImageSet
from seviz.photos.image_stream import Damaged, ImageStream
from seviz.photos.listing import SPLITS
from seviz.photos.stored import Stored
from seviz.phrases import first_line, join_list, printable

ROWS = 16  # that are taken of a stream at a time


class HuggingFaceImages(ImageSet):
    """Images of hfds/NAME, which is on the Hub or a folder; it is copied to the disk once."""

    def __init__(
        self,
        data: str,
        split: str,
        *,
        root: Path | None = None,
        columns: Sequence[str] = (),
        labelled: bool = True,
    ) -> None:
        """Open a split; root: the folder of copies; columns: of images, and of labels if named."""
        import datasets

        name = data.partition("/")[2]
        with _opening(data):
            split = _split_of(data, name, split)
            rows = datasets.load_dataset(name, split=split, cache_dir=root and str(root))
        self._image, self._label = _columns(data, rows.features, columns, labelled=labelled)
        super().__init__(data, split, _classes(data, rows.features, self._label))
        self._rows = rows.cast_column(self._image, datasets.Image(decode=False))

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._rows)

    def stored(self, i: int) -> Stored:
        """Return image i as it is stored; UserError where it has no bytes."""
        row = self._rows[i]
        label = _label(self.data, row, self._label)
        return Stored(_content(row[self._image]), label, _name(row[self._image], f"image {i}"))


class HuggingFaceStream(ImageStream):
    """Images of hfids/NAME, which is on the Hub or a folder; nothing is written to the disk."""

    def __init__(
        self,
        data: str,
        split: str,
        *,
        root: Path | None = None,
        columns: Sequence[str] = (),
        labelled: bool = True,
    ) -> None:
        """Open a split; the arguments are as of `HuggingFaceImages`."""
        import datasets

        name = data.partition("/")[2]
        with _opening(data):
            split = _split_of(data, name, split)
            rows = datasets.load_dataset(
                name, split=split, cache_dir=root and str(root), streaming=True
            )
            known = (rows.info.splits or {}).get(split)
        self._image, self._label = _columns(data, rows.features, columns, labelled=labelled)
        super().__init__(
            data,
            split,
            classes=_classes(data, rows.features, self._label),
            shards=rows.num_shards,
            total=getattr(known, "num_examples", None) or None,
        )
        self._rows = rows.cast_column(self._image, datasets.Image(decode=False))

    def shard(self, i: int) -> Iterator[Stored | Damaged]:
        """Yield the images of shard i, called by its number and their places in it."""
        read = 0
        try:
            for row in self._shard_rows(i):
                name = f"{self.part}, shard {i}, image {read}"
                read += 1
                try:
                    content = _content(row[self._image])
                except UserError as error:
                    yield Damaged(name, str(error))
                    continue
                yield Stored(content, _label(self.data, row, self._label), name)
        except UserError:
            raise
        except Exception as error:  # of whatever format and connection
            name = f"{self.part}, shard {i} from image {read} on"
            yield Damaged(name, first_line(str(error)) or type(error).__name__)

    def _shard_rows(self, i: int) -> Iterator[dict[str, Any]]:
        # By batches, as row by row the package deals a shard to DataLoader's processes itself.
        for rows in self._rows.shard(self.shards, i).iter(ROWS):
            for values in zip(*rows.values(), strict=True):
                yield dict(zip(rows, values, strict=True))


@contextmanager
def _opening(data: str) -> Iterator[None]:
    """Turn what the package raises into a sentence."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # of the Hub, of the connection, of the files
        why = printable(first_line(str(error)).rstrip(".")) or type(error).__name__
        raise UserError(f"{data} can't be opened: {why}.") from error


def _split_of(data: str, name: str, wished: str) -> str:
    """Return the data set's name of a split: of “val”, it may be validation or test."""
    import datasets

    if "[" in wished:
        return wished
    there = list(datasets.get_dataset_split_names(name))
    for split in (wished, *SPLITS.get(wished, ())):
        if split in there:
            return split
    raise UserError(f"{data} has no split “{wished}”; give --split {join_list(there, ' or ')}.")


def _columns(
    data: str, features: Any, wished: Sequence[str], *, labelled: bool
) -> tuple[str, str | None]:
    """Return the columns of images and labels; UserError where they are not known.

    By default they are the only ones of their kind, or those called image and label.
    """
    import datasets

    if features is None:
        raise UserError(f"{data} does not say which columns it has; it can't be read here.")
    if missing := [column for column in wished if column not in features]:
        raise UserError(
            f"{data} has no column {missing[0]}; it has {join_list(map(str, features))}."
        )
    image = wished[0] if wished else _only(data, features, kind=datasets.Image, usual="image")
    if not labelled:
        return image, None
    if wished[1:]:
        return image, wished[1]
    return image, _only(data, features, kind=datasets.ClassLabel, usual="label")


def _only(data: str, features: Any, *, kind: type, usual: str) -> str:
    """Return the only column of a kind, or the one of the usual name."""
    found = [name for name, feature in features.items() if isinstance(feature, kind)]
    if usual in found:
        return usual
    if len(found) == 1:
        return str(found[0])
    if not found:
        otherwise = "; give --labels none" if usual == "label" else ""
        raise UserError(f"{data} has no column of {usual}s{otherwise}.")
    raise UserError(
        f"{data} has several columns of {usual}s, {join_list(found)}; name those to read by "
        "--columns IMAGE LABEL."
    )


def _classes(data: str, features: Any, label: str | None) -> tuple[str, ...]:
    if label is None:
        return (EVERY,)
    names = getattr(features[label], "names", None)
    if not names:
        raise UserError(f"The column {label} of {data} does not name classes; give --labels none.")
    return tuple(map(str, names))


def _content(image: dict[str, Any] | None) -> bytes:
    """Return the bytes of an undecoded image; UserError where there are none."""
    if image and image.get("bytes"):
        return bytes(image["bytes"])
    try:
        return Path(image["path"] if image else "").read_bytes()
    except (OSError, TypeError) as error:
        raise UserError("There is no image in this row.") from error


def _label(data: str, row: dict[str, Any], column: str | None) -> int:
    """Return a row's label; UserError where it has none, which is written as −1 or nothing."""
    if column is None:
        return 0
    label = row[column]
    if label is None or label < 0:
        raise UserError(f"{data} has images without a label; give --labels none, or another split.")
    return int(label)


def _name(image: dict[str, Any] | None, otherwise: str) -> str:
    path = image and image.get("path")
    return f"{Path(path).name}, {otherwise}" if path else otherwise
