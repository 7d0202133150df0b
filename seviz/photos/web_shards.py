"""Data sets of WebDataset: tar files, in which the files of an image have one name (wds/)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import commonprefix
from typing import Any

from seviz.errors import UserError
from seviz.photos.image_set import EVERY
from seviz.photos.image_stream import Damaged, ImageStream
from seviz.photos.listing import PICTURES, SPLITS
from seviz.photos.stored import Stored
from seviz.phrases import first_line, printable

INFO = ("_info.json", "info.json")  # as timm writes them
NAMES = ("classes.txt", "classnames.txt")


class WebShards(ImageStream):
    """Images of wds/PATH: a folder of tar files, or names and addresses with {000..127} in them."""

    def __init__(
        self,
        data: str,
        split: str,
        *,
        root: Path | None = None,
        columns: Sequence[str] = (),
        labelled: bool = True,
    ) -> None:
        """List the shards; UserError where there is none.

        root: the folder that names of shards are relative to. columns: the endings of images, such
        as jpg, and the field of the JSON that holds the label; by default those of pictures, and
        .cls.
        """
        place = data.partition("/")[2]
        where = f"{root}/{place}" if root else place
        self._urls, self._folder, total, split = _shards(data, where, split)
        self._endings = tuple(columns[0].split(";")) if columns else ()
        self._field = columns[1] if columns[1:] else None
        self._labelled = labelled
        classes = _names(self._folder) if labelled else (EVERY,)
        super().__init__(data, split, classes=classes, shards=len(self._urls), total=total)
        around = commonprefix(self._urls)
        self._start = around.rfind("/") + 1

    def shard(self, i: int) -> Iterator[Stored | Damaged]:
        """Yield the images of shard i, called by the shard and their key."""
        shard, read, before = self._urls[i][self._start :], 0, set()
        try:
            for sample in _samples(self._urls[i]):
                name = f"{shard}/{sample['__key__']}"
                read += 1
                content = self._picture(sample)
                if content is None or name in before:
                    why = "It has no picture." if content is None else "Its name is there twice."
                    yield Damaged(name, why)
                    continue
                before.add(name)
                yield Stored(content, self._label(name, sample), name)
        except UserError:
            raise
        except Exception as error:  # a damaged tar file, or a connection
            why = first_line(str(error)) or type(error).__name__
            yield Damaged(f"{shard} from image {read} on", why)

    def _picture(self, sample: Mapping[str, Any]) -> bytes | None:
        endings = self._endings or (name for name in sample if f".{name.lower()}" in PICTURES)
        return next((sample[ending] for ending in endings if ending in sample), None)

    def _label(self, name: str, sample: Mapping[str, Any]) -> int:
        """Return the label of a sample, a number or a name; UserError where it has none."""
        if not self._labelled:
            return 0
        try:
            text = sample["cls"].decode() if self._field is None else self._of_json(sample)
        except (KeyError, ValueError, TypeError) as error:
            what = "no file .cls" if self._field is None else f"no {self._field} in its file .json"
            raise UserError(
                f"{printable(name)} has {what}, which would be its label; give --labels none, or "
                "--columns jpg FIELD for a field of the file .json."
            ) from error
        if text.strip() in self.classes:
            return self.classes.index(text.strip())
        try:
            return int(text)
        except ValueError as error:
            raise UserError(f"{printable(name)} is of no known class.") from error

    def _of_json(self, sample: Mapping[str, Any]) -> str:
        assert self._field is not None
        return str(json.loads(sample["json"])[self._field])


def _samples(url: str) -> Iterator[dict[str, Any]]:
    """Yield the images of a shard: the contents of each one's files, by their endings."""
    from webdataset.gopen import gopen
    from webdataset.tariterators import group_by_keys, tar_file_expander

    with gopen(url) as stream:
        yield from group_by_keys(tar_file_expander([{"url": url, "stream": stream}]))


def _shards(data: str, where: str, split: str) -> tuple[list[str], str, int | None, str]:
    """Return the shards, the folder around them, the number of images, and the split's name."""
    import webdataset

    if not Path(where).is_dir():
        urls = list(webdataset.shardlists.expand_urls(where))
        missing = [url for url in urls if not re.match(r"\w+:", url) and not Path(url).is_file()]
        if missing:
            raise UserError(f"{data}: there is no shard {printable(missing[0])}.")
        return urls, where.rpartition("/")[0], None, ""
    names = SPLITS.get(split, (split,))
    for of_split, listed in _info(Path(where)).items():
        if of_split in names:
            urls = [f"{where}/{name}" for name in listed["filenames"]]
            return urls, where, listed.get("num_samples"), of_split
    tars = sorted(path.name for path in Path(where).glob("*.tar"))
    for name in names:
        if of_name := [tar for tar in tars if name in re.split(r"[^a-z]+", tar.lower())]:
            return [f"{where}/{tar}" for tar in of_name], where, None, name
    others = {name for each in SPLITS.values() for name in each}
    if not tars or any(others & {*re.split(r"[^a-z]+", tar.lower())} for tar in tars):
        found = f"“{tars[0]}”" if tars else "no tar file"
        raise UserError(f"No shards for “{split}” in {data}: there is {found}.")
    return [f"{where}/{tar}" for tar in tars], where, None, ""


def _info(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what a folder's file says of its splits; nothing where there is none."""
    for name in INFO:
        if (folder / name).is_file():
            try:
                return dict(json.loads((folder / name).read_text("utf-8"))["splits"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise UserError(f"{folder / name} is no list of splits, or is damaged.") from error
    return {}


def _names(folder: str) -> tuple[str, ...]:
    """Return the names of classes that lie beside shards, one a line; empty without a file."""
    for name in NAMES:
        if (Path(folder) / name).is_file():
            lines = (Path(folder) / name).read_text("utf-8").splitlines()
            return tuple(line.strip() for line in lines if line.strip())
    return ()
