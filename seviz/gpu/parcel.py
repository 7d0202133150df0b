"""Send training images to a machine with a GPU, in parts that fit into its transfers.

The machine receives a copy of the working tree, at most 64 MiB, with each call. So the images are
divided into parts, and each call carries some parts in a folder of its own that git ignores:

    python -m seviz.gpu.parcel --data DIR --list                     # list the parts that fit
    python -m seviz.gpu.parcel --data DIR --of 8 --part 1 2          # write parts into carried/1
    python -m seviz.gpu.parcel --data DIR --of 8 --part 3 4 --call 2 # and others into carried/2
    python -m seviz.gpu.parcel --receive DIR      # on the machine: move received parts to DIR

Part 1 holds all of “val”, with its boxes.tsv. Each part holds the same share of every class, so a
network can be trained on any number of parts.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.gpu.cut import Part

# Receiving must not wait for the import of torch.

MIB = 1 << 20
CARRIED = Path("carried")


def receive(carried: Path, to: Path) -> list[Path]:
    """Move received files from the folders of `carried` into one folder; returns its files.

    UserError where parts of different divisions meet, as these could repeat images.
    """
    to.mkdir(parents=True, exist_ok=True)
    received = [path for folder in sorted(carried.glob("*")) for path in _files(folder)]
    stems = (path.stem for path in [*received, *_files(to)])
    cuts = {stem.split("-of-")[1] for stem in stems if "-of-" in stem}
    if len(cuts) > 1:
        raise UserError(
            f"{carried} and {to} hold parts of cuts into {' and '.join(sorted(cuts))}, which share "
            "images; empty one of them."
        )
    for path in received:
        shutil.move(path, to / path.name)
    return _files(to)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix in (".zip", ".tsv"))


def transfer_bytes(root: Path, carried: Sequence[Path] = (), without: Sequence[Path] = ()) -> int:
    """Count the bytes of a transfer: of files that git does not ignore, and of `carried` paths.

    without: files and folders of the tree that will be removed before.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    removed = {root / path for path in without}
    paths = {root / name for name in listed.stdout.split("\0") if name}
    paths = {path for path in paths if not removed & {path, *path.parents}}
    paths |= {path for at in carried for path in (at, *at.rglob("*"))}
    return sum(path.lstat().st_size for path in paths if path.is_file())


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} MiB"


def _lines(parts: "Sequence[Part]") -> Iterator[str]:
    for part in parts:
        contents = [f"{len(part.train):,} images of “train”"] if part.train else []
        contents += [f"{len(part.val):,} of “val”"] if part.val else []
        yield f"part {part.number} of {part.of}: {_mib(part.size)}, {' and '.join(contents)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="seviz.gpu.parcel", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--data", type=Path, metavar="DIR_OR_ZIP", help="images to divide into parts"
    )
    parser.add_argument(
        "--of", type=int, metavar="N", help="number of parts; default: as few as fit"
    )
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--list", action="store_true", help="print the parts and their sizes")
    way.add_argument(
        "--part", type=int, nargs="+", metavar="I", help="write these parts; the first is 1"
    )
    way.add_argument(
        "--receive",
        type=Path,
        metavar="DIR",
        help="on the machine with the GPU: move received parts to DIR",
    )
    parser.add_argument(
        "--call",
        type=int,
        default=1,
        metavar="N",
        help="call that carries the parts, from 1; default: 1",
    )
    _add_transfer(parser)
    return parser


def _add_transfer(parser: argparse.ArgumentParser) -> None:
    """Add the options about the size of a transfer."""
    parser.add_argument(
        "--without",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="files that are removed before the call, to make room",
    )
    parser.add_argument(
        "--carried",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="other files that git ignores and the call carries",
    )
    parser.add_argument(
        "--limit", type=float, default=64.0, metavar="MIB", help="largest transfer; default: 64"
    )
    parser.add_argument(
        "--margin",
        type=float,
        default=2.0,
        metavar="MIB",
        help="part of the limit to leave free; default: 2",
    )


def run(options: argparse.Namespace) -> None:
    """List, write or receive parts."""
    if options.receive:
        for path in receive(CARRIED, options.receive):
            print(f"{path}  {_mib(path.stat().st_size)}")
        return
    if options.data is None:
        raise UserError("Give --data DIR, the images to divide into parts.")
    if options.of is not None and options.of < 1:
        raise UserError(f"--of is {options.of}; give a number of parts, 1 or more.")
    from seviz.gpu.cut import ImageSet, write

    taken = transfer_bytes(Path.cwd(), options.carried, options.without)
    room = int((options.limit - options.margin) * MIB) - taken
    print(f"The other files take {_mib(taken)}; there is room for {_mib(room)}.")
    images = ImageSet(options.data)
    parts = images.cut(options.of) if options.of else images.cut_to_fit(room)
    if options.list:
        print("\n".join(_lines(parts)))
        return
    if odd := [number for number in options.part if not 1 <= number <= len(parts)]:
        raise UserError(f"There is no part {odd[0]}; give 1 to {len(parts)}.")
    chosen = [parts[number - 1] for number in sorted(set(options.part))]
    if (size := sum(part.size for part in chosen)) > room:
        raise UserError(
            f"The parts take {_mib(size)}; write fewer, or leave files out with --without."
        )
    folder = CARRIED / str(options.call)
    folder.mkdir(parents=True, exist_ok=True)
    for old in _files(folder):
        old.unlink()
    write(chosen, folder)
    print("\n".join(_lines(chosen)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0, or 2 with one sentence on standard error."""
    try:
        run(_parser().parse_args(argv))
    except UserError as error:
        print(f"seviz: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
