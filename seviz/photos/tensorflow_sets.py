"""Data sets of TensorFlow Datasets (tfds/), streamed as they lie on the disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from seviz.errors import UserError
from seviz.photos.image_set import EVERY
from seviz.photos.image_stream import Damaged, ImageStream
from seviz.photos.listing import SPLITS
from seviz.photos.stored import Stored
from seviz.phrases import first_line, join_list


class TensorflowImages(ImageStream):
    """Images of tfds/NAME, which has been made in a folder, or is with `download`."""

    def __init__(
        self,
        data: str,
        split: str,
        *,
        root: Path | None = None,
        download: bool = False,
        columns: Sequence[str] = (),
        labelled: bool = True,
    ) -> None:
        """Open a split; root: the folder of data sets; columns: of images, and labels if named."""
        import tensorflow_datasets as tfds

        try:
            self._builder = tfds.builder(data.partition("/")[2], data_dir=root and str(root))
            if download:
                self._builder.download_and_prepare()
            info = self._builder.info
            there = list(info.splits)
        except Exception as error:  # of a name that is not there, of the disk, of a connection
            raise UserError(f"{data} can't be opened: {first_line(str(error))}") from error
        if not there:
            raise UserError(f"{data} has not been made in {root}; --download makes it.")
        split = next((name for name in (split, *SPLITS.get(split, ())) if name in there), "")
        if not split:
            raise UserError(f"{data} has no such split; give --split {join_list(there, ' or ')}.")
        self._columns = tuple(columns[:1]) or ("image",), tuple(columns[1:2]) or ("label",)
        self._labelled = labelled
        of = info.splits[split]
        super().__init__(
            data,
            split,
            classes=self._classes() if labelled else (EVERY,),
            shards=of.num_shards,
            total=of.num_examples,
        )

    def _classes(self) -> tuple[str, ...]:
        (label,), features = self._columns[1], self._builder.info.features
        names = getattr(features[label], "names", None) if label in features else None
        if not names:
            raise UserError(
                f"{self._builder.info.name} has no column {label} that names classes; give "
                "--labels none, or --columns IMAGE LABEL."
            )
        return tuple(names)

    def shard(self, i: int) -> Iterator[Stored | Damaged]:
        """Yield the images of shard i, called by the package's identifiers."""
        read = 0
        try:
            for row in self._rows(i):
                read += 1
                yield self._stored(row)
        except UserError:
            raise
        except Exception as error:  # of a damaged file
            why = first_line(str(error)) or type(error).__name__
            yield Damaged(f"{self.part}, shard {i} from image {read} on", why)

    def _rows(self, i: int) -> Iterator[dict[str, Any]]:
        import tensorflow_datasets as tfds

        (image,), _ = self._columns
        # Undecoded where the package has the file's bytes.
        encoded = isinstance(self._builder.info.features[image], tfds.features.Image)
        rows = self._builder.as_dataset(
            split=f"{self.part}[{i}shard:{i + 1}shard]",
            shuffle_files=False,
            decoders={image: tfds.decode.SkipDecoding()} if encoded else None,
            read_config=tfds.ReadConfig(add_tfds_id=True),
        )
        yield from tfds.as_numpy(rows)

    def _stored(self, row: dict[str, Any]) -> Stored:
        (image,), (label,) = self._columns
        content, name = row[image], row["tfds_id"].decode()
        content = content if isinstance(content, bytes) else Image.fromarray(content)
        return Stored(content, int(row[label]) if self._labelled else 0, name)
