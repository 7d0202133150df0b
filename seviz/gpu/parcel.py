"""Training images in parts that fit into a transfer, for a machine with a GPU that is lent.

Such a machine takes a copy of the working tree, of 64 MiB at most, with each call. So the images
are cut into parts, and each call carries some of them in a folder of its own that git ignores:

    python -m seviz.gpu.parcel --data DIR --list                     # parts that fit, or --of N
    python -m seviz.gpu.parcel --data DIR --of 8 --part 1 2          # write them into carried/1
    python -m seviz.gpu.parcel --data DIR --of 8 --part 3 4 --call 2 # and these into carried/2
    python -m seviz.gpu.parcel --receive DIR      # over there: move what has come to a folder

Part 1 holds “val” whole, with its boxes.tsv. Each part holds as many images of each class as of any
other, so a network can be trained on any number of parts.
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

# To receive must not wait for torch.

MIB = 1 << 20
CARRIED = Path("carried")


def receive(carried: Path, to: Path) -> list[Path]:
    """Move what has come in folders of `carried` into one folder; returns what is there now.

    UserError where it belongs to another cut than what came before, whose images it might repeat.
    """
    to.mkdir(parents=True, exist_ok=True)
    come = [path for folder in sorted(carried.glob("*")) for path in _files(folder)]
    stems = (path.stem for path in [*come, *_files(to)])
    cuts = {stem.split("-of-")[1] for stem in stems if "-of-" in stem}
    if len(cuts) > 1:
        raise UserError(
            f"{carried} and {to} hold parts of cuts into {' and '.join(sorted(cuts))}, which share "
            "images; empty one of them."
        )
    for path in come:
        shutil.move(path, to / path.name)
    return _files(to)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix in (".zip", ".tsv"))


def travelling(root: Path, carried: Sequence[Path] = (), without: Sequence[Path] = ()) -> int:
    """Count the bytes of a working tree that git does not ignore, and of paths carried beside.

    without: files and folders of the tree that will be away.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    away = {root / path for path in without}
    paths = {root / name for name in listed.stdout.split("\0") if name}
    paths = {path for path in paths if not away & {path, *path.parents}}
    paths |= {path for at in carried for path in (at, *at.rglob("*"))}
    return sum(path.lstat().st_size for path in paths if path.is_file())


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} MiB"


def _lines(parts: "Sequence[Part]") -> Iterator[str]:
    for part in parts:
        held = [f"{len(part.train):,} images of “train”"] if part.train else []
        held += [f"{len(part.val):,} of “val”"] if part.val else []
        yield f"part {part.number} of {part.of}: {_mib(part.size)}, {' and '.join(held)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="seviz.gpu.parcel", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, metavar="DIR_OR_ZIP", help="images to cut into parts")
    parser.add_argument("--of", type=int, metavar="N", help="number of parts; default: fewest")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--list", action="store_true", help="print the parts and their sizes")
    way.add_argument("--part", type=int, nargs="+", metavar="I", help="write these parts, from 1")
    way.add_argument(
        "--receive", type=Path, metavar="DIR", help="move the parts that came into DIR"
    )
    parser.add_argument("--call", type=int, default=1, metavar="N", help="which call; default: 1")
    parser.add_argument(
        "--without",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="files that the call leaves out",
    )
    parser.add_argument(
        "--carried",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="ignored files that go along",
    )
    parser.add_argument("--limit", type=float, default=64.0, metavar="MIB", help="largest transfer")
    parser.add_argument(
        "--margin", type=float, default=2.0, metavar="MIB", help="of it, to leave free"
    )
    return parser


def run(options: argparse.Namespace) -> None:
    """List, write or receive parts."""
    if options.receive:
        for path in receive(CARRIED, options.receive):
            print(f"{path}  {_mib(path.stat().st_size)}")
        return
    if options.data is None:
        raise UserError("Give --data DIR, the images to cut into parts.")
    if options.of is not None and options.of < 1:
        raise UserError(f"--of is {options.of}; give a number of parts, 1 or more.")
    from seviz.gpu.cut import Stock, write

    taken = travelling(Path.cwd(), options.carried, options.without)
    room = int((options.limit - options.margin) * MIB) - taken
    print(f"What travels anyway takes {_mib(taken)}; there is room for {_mib(room)}.")
    stock = Stock(options.data)
    parts = stock.cut(options.of) if options.of else stock.fitting(room)
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
