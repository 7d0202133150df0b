"""The command line: `python -m seviz --help`."""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.cli.options import parser
from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.reference.profile import Profile

# Each command imports what it needs when it runs: `--help` must not wait for torch.


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 2 with one sentence on standard error."""
    options = parser(COMMANDS).parse_args(argv)
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


def _network(options: argparse.Namespace) -> str:
    """Return the key of the network that a command was told to open."""
    from seviz.zoo import catalogue
    from seviz.zoo.checkpoint import brought

    if options.checkpoint is None:
        if options.arch:
            raise UserError("--arch says what --checkpoint FILE is; give both, or --model alone.")
        return catalogue.find(options.model or catalogue.EMBEDDED)
    if options.model:
        raise UserError("--model and --checkpoint name two networks; give one of them.")
    return catalogue.bring(brought(options.checkpoint, options.arch))


def _app(options: argparse.Namespace) -> None:
    from seviz.ui.app import open_app

    open_app(options.model, options.checkpoint, options.arch, options.profile, browser=options.open)


def _models(options: argparse.Namespace) -> None:
    from seviz.zoo import catalogue

    entries = catalogue.entries()
    if options.json:
        _print_json([entry.to_json() for entry in entries])
        return
    for entry in entries:
        here = "here" if entry.cached else entry.source
        side = entry.input_size[-1]
        top1 = "" if entry.top1 is None else f"{entry.top1:.1f} %"
        print(
            f"{entry.key:44} {entry.parameters / 1e6:6.1f} M  {side:3} px  {top1:6}  {here:8}  "
            f"{entry.group:10}  {entry.licence:23}  {entry.title}"
        )


def _explain(options: argparse.Namespace) -> None:
    from seviz.answers.export import write_trace
    from seviz.gates.grammar import parse_arms
    from seviz.passes.dispatch import ask, fetch
    from seviz.passes.forward import trace
    from seviz.photos.read import read_photo
    from seviz.reference.recorded import recorded_for

    if options.topk < 1:
        raise UserError(f"--topk is {options.topk}; it counts classes, so 1 or more.")
    arms = parse_arms(options.arms)
    key = fetch(_network(options))
    recorded = recorded_for(key, arms, _statistics(options))

    def answer(path: Path, folder: Path) -> str:
        record = ask(trace, key, read_photo(path), arms, recorded)
        write_trace(record, folder, options.topk)
        return ", ".join(f"{a.name}: {record.top(i, 1)[0].label}" for i, a in enumerate(arms))

    _for_each(options, answer)


def _for_each(options: argparse.Namespace, answer: Callable[[Path, Path], str]) -> None:
    """Answer each photograph into a folder of its own; those that can't be don't stop the rest."""
    refused = []
    for path, folder in _folders(options.photos, options.out):
        try:
            says = answer(path, folder)
        except UserError as error:
            refused.append(f"{path}: {error}")
            continue
        except OSError as error:
            raise UserError(f"{folder} can't be written: {error.strerror}.") from error
        print(f"{folder}  {says}")
    if refused:
        raise UserError("\nseviz: ".join(refused))


def _attribute(options: argparse.Namespace) -> None:
    from seviz.answers.explaining import attributed
    from seviz.answers.export import write_explanation
    from seviz.cli.reports import explained_lines
    from seviz.photos.read import read_photo
    from seviz.watch import Bar

    if options.steps is not None and not 2 <= options.steps <= 1024:
        raise UserError(f"--steps is {options.steps}; take 2 to 1024.")
    key, profile = _network(options), _statistics(options)

    def answer(path: Path, folder: Path) -> str:
        with Bar(path.name) as bar:
            found = attributed(
                key,
                read_photo(path),
                methods=options.method,
                arms=options.arms,
                target=options.target,
                layer=options.layer,
                steps=options.steps,
                measures=not options.no_measures,
                profile=profile,
                watch=bar,
            )
        write_explanation(found, path.name, folder)
        return "\n".join(explained_lines(found.report))

    _for_each(options, answer)


def _pointing(options: argparse.Namespace) -> None:
    from seviz.cli.reports import pointing_lines
    from seviz.faithfulness.pointing import pointing
    from seviz.watch import Bar

    if options.images < 2:
        raise UserError(f"--images is {options.images}; an interval takes 2 images or more.")
    with Bar("pointing") as bar:
        found = pointing(
            _network(options),
            options.data,
            images=options.images,
            method=options.method,
            layer=options.layer,
            arms=options.arms,
            profile=_statistics(options),
            loaders=options.loaders,
            watch=bar,
        )
    _say(options, found, pointing_lines(found))


def _compare(options: argparse.Namespace) -> None:
    from seviz.answers.pairing import compared
    from seviz.cli.reports import compared_lines
    from seviz.photos.read import read_photo

    first, second = map(read_photo, options.photos)
    found = compared(_network(options), first, second, profile=_statistics(options))
    _say(options, found, compared_lines(found, [str(photo) for photo in options.photos]))


def _necessity(options: argparse.Namespace) -> None:
    from seviz.answers.queries import needed
    from seviz.cli.reports import needs_lines

    found = needed(**_about(options), replace=options.replace)
    _say(options, found, needs_lines(found))


def _channels(options: argparse.Namespace) -> None:
    from seviz.answers.queries import examined
    from seviz.cli.reports import channels_lines

    found = examined(**_about(options), top=options.top, gate=options.gate)
    _say(options, found, channels_lines(found))


def _about(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the questions about one photograph have in common."""
    from seviz.photos.read import read_photo

    return {
        "key": _network(options),
        "photo": read_photo(options.photo),
        "target": options.target,
        "profile": _statistics(options),
    }


def _statistics(options: argparse.Namespace) -> "Profile | None":
    from seviz.reference.profile import Profile

    return Profile.load(options.profile) if options.profile else None


def _say(options: argparse.Namespace, found: Any, lines: Iterable[str]) -> None:
    """Print an answer: everything as JSON, or lines for people."""
    if options.json:
        _print_json(asdict(found))
    else:
        print("\n".join(lines))


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
    from seviz.cli.bench import bench
    from seviz.cli.bench_rows import Skipped
    from seviz.cli.reports import bench_line
    from seviz.measuring.hardware import hardware

    rows: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    if not options.json:
        print(f"on {hardware()}")
    try:
        for found in bench():
            (skipped if isinstance(found, Skipped) else rows).append(vars(found))
            if not options.json:
                print(bench_line(found), flush=True)
    finally:  # what is interrupted still tells the rows that there are
        if options.json:
            _print_json({"hardware": hardware(), "rows": rows, "skipped": skipped})


def _evaluate(options: argparse.Namespace) -> None:
    from seviz.measuring.evaluate import evaluate

    if options.arms:
        _evaluate_arms(options)
        return
    network = _network(options)
    measured = evaluate(network, options.data, options.photographs, loaders=options.loaders)
    if options.json:
        _print_json(vars(measured))
        return
    print(
        f"top-1 {measured.top1:.2%}, top-5 {measured.top5:.2%} of {measured.images} images; "
        f"{measured.parameters:,} parameters, {measured.macs / 1e6:,.0f} M multiply-adds an image; "
        f"{measured.images_per_second:.0f} images a second; temperature {measured.temperature:.3f}"
    )


def _evaluate_arms(options: argparse.Namespace) -> None:
    from seviz.cli.reports import by_arm_lines
    from seviz.gates.grammar import parse_arms
    from seviz.measuring.arm_accuracy import by_arm

    arms, network = parse_arms(options.arms), _network(options)
    found = by_arm(
        network,
        options.data,
        arms,
        options.photographs,
        _statistics(options),
        loaders=options.loaders,
    )
    _say(options, found, by_arm_lines(found))


def _profile(options: argparse.Namespace) -> None:
    from seviz.photos.dataset import LabelledImages
    from seviz.reference.diagnosis import is_constant
    from seviz.reference.gather import profile
    from seviz.zoo.models import load

    if options.out.is_dir() or not options.out.parent.is_dir():
        raise UserError(f"{options.out} can't be written: name a file in a folder that is there.")
    images = LabelledImages(options.data, options.split)
    name = f"{options.data.name} ({options.split})"
    network = load(_network(options))
    reference = profile(network, images, data=name, loaders=options.loaders)
    reference.save(options.out)
    print(f"{options.out}: {len(reference.blocks)} blocks over {reference.images} images")
    if constant := [name for name, block in reference.blocks.items() if is_constant(block)]:
        print(f"The gates of {', '.join(constant)} are the same whatever the image.")


def _train(options: argparse.Namespace) -> None:
    began = time.monotonic()  # importing torch counts among the minutes of a run
    from seviz.training.recipe import finish, recipe_from
    from seviz.training.train import show, train

    recipe = recipe_from(vars(options))
    folder = options.folder or Path("runs") / recipe.model
    loaders = options.loaders
    news = train(recipe, options.data, folder, options.start_from, loaders=loaders, began=began)
    show(recipe, news)
    if options.out:
        finish(folder, options.out)
        file = options.out / f"{recipe.model}.safetensors"
        print(f"{file}; open or measure it by --checkpoint {file} --arch {recipe.model}")


def _remake(options: argparse.Namespace) -> None:
    from seviz.shipping.part import Setting
    from seviz.shipping.remake import remake

    setting = Setting(options.data, options.out, options.loaders)
    for name, news in remake(setting, options.only, force=options.force):
        print(f"{name}: {news}", flush=True)


def _costs(options: argparse.Namespace) -> None:
    from seviz.measuring.costs import costs
    from seviz.words.costs import cost_lines

    found = costs(_network(options))
    if options.json:
        _print_json(found.to_json())
    else:
        print("\n".join(cost_lines(found)))


def _study(options: argparse.Namespace) -> None:
    from seviz.nets.results import read
    from seviz.study.collect import collect
    from seviz.study.plan import planned
    from seviz.study.study import show, study
    from seviz.words.study import results_lines

    plan = planned(options.data, options.seeds, options.only, options.smoke)
    folder = options.folder or Path("runs") / ("smoke" if options.smoke else "study")
    show(study(plan, options.data, folder, options.workers))
    if not options.only:
        out = options.out or (folder / "out" if options.smoke else Path("assets"))
        collect(plan, folder, out)
        print("\n".join(results_lines(read(out / "study.json"))))


def _results(options: argparse.Namespace) -> None:
    from seviz.answers.studied import named, shipped_results, studied
    from seviz.study.csv import sheet
    from seviz.words.study import results_lines

    studies, found = named(options.study), shipped_results()
    if options.json:
        _print_json([asdict(study) for study in studied(options.study)])
    elif options.csv is None:
        print("\n".join(results_lines(found, studies)).strip())
    else:
        try:
            options.csv.write_bytes(sheet(studies, found).encode())
        except OSError as error:
            raise UserError(f"{options.csv} can't be written: {error.strerror}.") from error
        print(options.csv)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False))


COMMANDS = {
    "app": _app,
    "models": _models,
    "explain": _explain,
    "attribute": _attribute,
    "pointing": _pointing,
    "compare": _compare,
    "necessity": _necessity,
    "channels": _channels,
    "bench": _bench,
    "evaluate": _evaluate,
    "profile": _profile,
    "train": _train,
    "remake": _remake,
    "study": _study,
    "results": _results,
    "costs": _costs,
}

if __name__ == "__main__":
    sys.exit(main())
