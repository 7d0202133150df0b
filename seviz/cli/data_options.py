"""Options of commands that read many images, of a data set of any kind."""

import argparse
import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.cli.options import check_data, path
from seviz.errors import UserError
from seviz.photos.kinds import check_kind, kind_of
from seviz.reference.world import is_first

if TYPE_CHECKING:
    from seviz.photos.sources import Access, Reading

DATA_MORE = """\
DATA is a folder or zip of class folders, or what timm's create_dataset reads:
  hfds/NAME    a data set of Hugging Face, on the Hub or in a folder, copied to the disk
  hfids/NAME   the same, streamed
  wds/PATH     WebDataset: a folder of .tar files, or names and addresses with {000..127} in them;
               classes.txt beside them names the classes, one a line
  tfds/NAME    TensorFlow Datasets
  torch/NAME   torchvision: cifar10, cifar100, imagenet …, and imagenette, imagenette-160px
hfds/ and hfids/ need `pip install 'seviz[hfds]'`; wds/ and tfds/ need seviz[wds] and seviz[tfds].
"""


def data_name(text: str) -> Path | str:
    """Return the path of a folder or zip, or the name of another data set."""
    return text if kind_of(text) else path(text)


def add_images(
    command: argparse.ArgumentParser, help: str, *, split: str, required: bool = True
) -> None:
    """Add the images: the data set, and which of it; split: the default one."""
    add_any_data(command, help, required=required)
    command.add_argument(
        "--split",
        default=split,
        metavar="NAME",
        help=f"train or val, where there are splits, or another by its name; default: {split}",
    )
    command.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="use N images: of folders and sets the first in a fixed random order, of streams "
        "(hfids, wds, tfds) the first",
    )
    command.add_argument(
        "--skip-unreadable",
        action="store_true",
        help="leave out images that can't be read, and name the first ten at the end",
    )


def add_any_data(command: argparse.ArgumentParser, help: str, *, required: bool = True) -> None:
    """Add a data set of any kind, and how to get at it."""
    command.add_argument("--data", type=data_name, required=required, metavar="DATA", help=help)
    other = command.add_argument_group("a data set that is no folder or zip")
    other.add_argument(
        "--root", type=path, metavar="DIR", help="folder that holds the data set, or its copy"
    )
    other.add_argument(
        "--download", action="store_true", help="fetch it into --root first (torch, tfds)"
    )
    other.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="NAME",
        help="column of images, and of labels, where they are not the usual ones",
    )


def check_images(options: argparse.Namespace) -> None:
    """Refuse a data set that is not there, or whose package is not, before anything is loaded."""
    check_kind(options.data)
    if isinstance(options.data, Path):
        check_data(options, getattr(options, "split", "train"))


def access_of(options: argparse.Namespace) -> "Access":
    """Return how to get at the data set."""
    from seviz.photos.sources import Access

    return Access(options.root, options.download, tuple(options.columns))


def reading_of(options: argparse.Namespace) -> "Reading":
    """Return which images are read."""
    from seviz.photos.sources import Reading

    return Reading(
        options.split,
        getattr(options, "labelled", True),
        options.limit,
        access_of(options),
        options.skip_unreadable,
    )


@contextmanager
def told_once() -> Iterator[None]:
    """Let only the first process tell what all of them find out."""
    if is_first():
        yield
        return
    with redirect_stderr(io.StringIO()):
        try:
            yield
        except UserError as error:
            raise SystemExit(2) from error
