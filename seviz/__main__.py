"""The command line: `python -m seviz --help`."""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from seviz.errors import UserError

# Each command imports what it needs when it runs: `--help` must not wait for torch.


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 2 with one sentence on standard error."""
    options = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name or a “·” that it can't encode is no error
            stream.reconfigure(errors="backslashreplace")
    try:
        options.run(options)
    except UserError as error:
        print(f"seviz: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="seviz", description="Explore the gates of SE networks.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    models = commands.add_parser("models", help="list the networks that can be opened")
    models.add_argument("--json", action="store_true")
    models.set_defaults(run=_models)

    explain = commands.add_parser("explain", help="trace photographs, with and without gates")
    explain.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    explain.add_argument("--model", default="embedded", metavar="KEY")
    explain.add_argument("--arms", nargs="+", default=["intact", "identity"], metavar="ARM")
    explain.add_argument("--topk", type=int, default=5, metavar="K")
    explain.add_argument("--out", type=Path, required=True, metavar="DIR")
    explain.set_defaults(run=_explain)

    bench = commands.add_parser("bench", help="measure what looking costs, against bare passes")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(run=_bench)

    evaluate = commands.add_parser("evaluate", help="measure a network on labelled images")
    evaluate.add_argument("--model", default="embedded", metavar="KEY")
    evaluate.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)

    train = commands.add_parser("train", help="train the embedded network; resumes a killed run")
    train.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    train.add_argument("--run", type=Path, default=Path("runs/embedded"), dest="folder")
    train.add_argument("--out", type=Path, metavar="DIR", help="where the finished weights go")
    train.add_argument("--epochs", type=int, metavar="N")
    train.add_argument("--batch", type=int, metavar="N")
    train.add_argument("--seed", type=int, metavar="N")
    train.add_argument("--bfloat16", action="store_true", default=None)
    train.set_defaults(run=_train)
    return parser


def _models(options: argparse.Namespace) -> None:
    from seviz import catalogue

    entries = [catalogue.entry(key) for key in catalogue.all_keys()]
    if options.json:
        _print_json([entry.to_json() for entry in entries])
        return
    for entry in entries:
        here = "here" if entry.cached else entry.source
        side = entry.input_size[-1]
        print(
            f"{entry.key:44} {entry.parameters / 1e6:6.1f} M  {side:3} px  {here:8}  {entry.title}"
        )


def _explain(options: argparse.Namespace) -> None:
    from seviz.export import write_trace
    from seviz.images import read_photo
    from seviz.records import arms_named
    from seviz.trace import trace
    from seviz.zoo import Zoo

    if options.topk < 1:
        raise UserError(f"--topk is {options.topk}; it counts classes, so 1 or more.")
    arms = arms_named(options.arms)
    loaded = Zoo().get(options.model)
    refused = []
    for path, folder in _folders(options.photos, options.out):
        try:
            record = trace(loaded, read_photo(path), arms)
            write_trace(record, folder, options.topk)
        except UserError as error:  # the other photographs are still answered
            refused.append(f"{path}: {error}")
            continue
        except OSError as error:
            raise UserError(f"{folder} can't be written: {error.strerror}.") from error
        says = (f"{a.name}: {record.top(i, 1)[0].label}" for i, a in enumerate(arms))
        print(f"{folder}  {', '.join(says)}")
    if refused:
        raise UserError("\nseviz: ".join(refused))


def _folders(photos: Sequence[Path], out: Path) -> Iterable[tuple[Path, Path]]:
    """Give each photograph its folder; a second one of the same stem gets a suffix."""
    taken: set[str] = set()
    for photo in photos:
        stem = photo.stem if photo.stem.strip(".") else "photo"  # “..” would be another folder
        name, n = stem, 2
        while name.casefold() in taken:  # some disks don't tell a.png from A.png
            name, n = f"{stem}-{n}", n + 1
        taken.add(name.casefold())
        yield photo, out / name


def _bench(options: argparse.Namespace) -> None:
    from seviz.bench import bench

    rows = []
    for row in bench():
        rows.append(row)
        if not options.json:
            verdict = "within" if row.ratio <= row.limit else "OVER"
            print(
                f"{row.name:10} {row.ratio:.3f} × bare "
                f"[{row.low:.3f}, {row.high:.3f}], {verdict} {row.limit:.2f}"
            )
    if options.json:
        _print_json({"rows": [vars(row) for row in rows]})


def _evaluate(options: argparse.Namespace) -> None:
    from seviz.lab.data import LabelledImages
    from seviz.lab.measure import accuracy
    from seviz.zoo import Zoo

    images = LabelledImages(options.data, "val")
    loaded = Zoo().get(options.model)
    if len(images.classes) != len(loaded.labels):
        raise UserError(
            f"{options.data} has {len(images.classes)} classes and {loaded.title} answers with "
            f"{len(loaded.labels)}; measure it on its own."
        )
    measured = accuracy(loaded.model, images, loaded.device)
    if options.json:
        _print_json(vars(measured))
        return
    print(f"top-1 {measured.top1:.2%}, top-5 {measured.top5:.2%} of {measured.images} images")


def _train(options: argparse.Namespace) -> None:
    from seviz.embedded import ARCHITECTURE
    from seviz.lab.run import Recipe, finish
    from seviz.lab.train import show, train

    named = {f.name: getattr(options, f.name, None) for f in fields(Recipe)}
    recipe = Recipe(ARCHITECTURE, **{k: v for k, v in named.items() if v is not None})
    show(recipe, train(recipe, options.data, options.folder))
    if options.out:
        finish(options.folder, options.out)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
