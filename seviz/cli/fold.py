"""`seviz fold`: a network in which blocks' static gates are in the weights."""

import argparse
import shlex
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.data_options import (
    DATA_MORE,
    access_of,
    add_images,
    check_images,
    data_name,
    reading_of,
)
from seviz.cli.options import (
    add_json,
    add_loaders,
    add_network,
    check_spares_weights,
    network,
    path,
    statistics,
)
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.files import check_kind, check_target
from seviz.photos.used import used_lines
from seviz.phrases import printable
from seviz.records.losses import USUAL_BUDGET

if TYPE_CHECKING:
    from seviz.folding.compare import Accuracy
    from seviz.folding.report import FoldReport, Tuning, Wanted
    from seviz.folding.tune import Tuned

HELP = "Write a network without some SE blocks: their static gates go into the weights."
MORE = f"""\
The gates of each chosen block, at their mean over the reference images (static), are multiplied
into the convolution or norm before them; where an activation such as SiLU lies between, into what
follows; where neither is possible, as at a skip, a fixed scale of each channel stays. The folded
network is compared with the original in which the same gates are static, and written only if its
logits are the same to 1e-5 of their norm. FILE is safetensors with a description of itself:
--checkpoint FILE alone opens it, and --checkpoint FILE --beside KEY beside the original. The output
ends with the lines of Python that load it.

--blocks takes names, stages such as SE_5*, or all; auto is the set that `seviz necessity --data
DIR --out FILE` found for the budget, which for the embedded network is known. For a network of your
own, `seviz profile --data DIR --out STATISTICS` comes first, and both take --profile STATISTICS.
--tune measures norm
statistics anew over training images, then trains all weights at a low, falling rate for M minutes;
the accuracy is measured on val, or on every tenth image of a class, which is not trained on.

{DATA_MORE}"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, blocks, the files to write, and what is measured."""
    add_network(command)
    command.add_argument(
        "--blocks",
        required=True,
        metavar="NAMES",
        help="blocks to fold: all, auto, or names with commas, such as SE_5_1,SE_5_2",
    )
    command.add_argument(
        "--budget",
        type=float,
        metavar="POINTS",
        help=f"of auto: accuracy that may be lost, in points; default: {USUAL_BUDGET}",
    )
    command.add_argument(
        "--necessity", type=path, metavar="FILE", help="of auto: what `necessity --out` wrote"
    )
    command.add_argument(
        "--profile", type=path, metavar="FILE", help="gate statistics; `profile` writes them"
    )
    command.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="file to write, .safetensors"
    )
    command.add_argument("--onnx", type=path, metavar="FILE", help="also write it as ONNX")
    command.add_argument(
        "--export", type=path, metavar="FILE", help="also write it as torch.export does, .pt2"
    )
    add_images(command, "labelled images for the accuracy", split="val", required=False)
    _add_tuning(command.add_argument_group("recovering"))
    add_loaders(command)
    add_json(command)


def _add_tuning(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--tune", type=data_name, metavar="DATA", help="labelled images to tune the network on"
    )
    group.add_argument(
        "--minutes", type=float, metavar="M", help="how long it is tuned; default: 5"
    )
    group.add_argument("--seed", type=int, metavar="N", help="seed of the tuning; default: 0")


def run(options: argparse.Namespace) -> None:
    """Fold, write, measure and print."""
    _check(options)
    key = network(options)
    from seviz.answers.provenance import provenance
    from seviz.folding.report import fold_network

    wanted = _wanted(options, key)
    report = fold_network(key, wanted, show=_show)
    of = provenance(key, data=options.data, edits={"static": "static"}, command=options.command)
    print_report(options, report, _lines(report, options), of=of)


def _check(options: argparse.Namespace) -> None:
    """Refuse what can't be done, before torch is needed."""
    _check_files(options)
    if options.beside is not None:
        raise UserError(
            "--beside opens FILE beside its original; leave it out, and FILE is folded further."
        )
    if options.tune is None and (options.minutes is not None or options.seed is not None):
        raise UserError("--minutes and --seed are about --tune DATA; give that, too.")
    given = {"--budget": options.budget, "--necessity": options.necessity}
    if options.blocks != "auto" and (odd := [k for k, v in given.items() if v is not None]):
        raise UserError(f"{odd[0]} is about --blocks auto; give that, or only the blocks.")
    if options.budget is not None and not options.budget >= 0:
        raise UserError(f"--budget {options.budget:g} is not possible; give points, 0 or more.")
    if options.data is not None:
        check_images(options)
    if options.onnx is not None:
        from seviz.folding.packages import check_onnx

        check_onnx()


def _check_files(options: argparse.Namespace) -> None:
    files = {".safetensors": options.out, ".onnx": options.onnx, ".pt2": options.export}
    outputs = {ending: file for ending, file in files.items() if file is not None}
    for ending, file in outputs.items():
        check_kind(file, [ending])
    check_target(options.out)
    check_spares_weights(options)


def _wanted(options: argparse.Namespace, key: str) -> "Wanted":
    from seviz.folding.report import Wanted

    places = [name.strip() for name in options.blocks.split(",") if name.strip()]
    if places == ["auto"]:
        places = list(_auto(options, key))
    return Wanted(
        places=places,
        out=options.out,
        profile=statistics(options),
        data=options.data,
        reading=reading_of(options),
        loaders=options.loaders,
        tuning=_tuning(options),
        onnx=options.onnx,
        program=options.export,
    )


def _auto(options: argparse.Namespace, key: str) -> Iterator[str]:
    """Yield the blocks that fit the budget, and say what they lose."""
    from seviz.folding.auto import auto_path
    from seviz.words.set_necessity import steps_words
    from seviz.zoo.catalogue import find

    budget = USUAL_BUDGET if options.budget is None else options.budget
    path = auto_path(find(key), options.necessity, budget)
    _show(steps_words(path, budget))
    yield from (step.site for step in path.within(budget))


def _tuning(options: argparse.Namespace) -> "Tuning | None":
    if options.tune is None:
        return None
    from seviz.folding.report import Tuning
    from seviz.folding.tune import MINUTES, check_tuning

    minutes = MINUTES if options.minutes is None else options.minutes
    check_tuning(minutes, options.seed or 0)
    return Tuning(options.tune, minutes, options.seed or 0, access_of(options), options.limit)


def _show(sentence: str) -> None:
    print(f"seviz: {printable(sentence)}", file=sys.stderr)


def _lines(report: "FoldReport", options: argparse.Namespace) -> Iterator[str]:
    from seviz.words.folding import cost_line, latency_line, proof_line, way_lines

    yield f"{report.file}: {report.title}, {report.bytes / 1e6:.1f} MB in float32"
    yield from way_lines(report)
    yield proof_line(report)
    yield cost_line(report.cost)
    yield from map(latency_line, report.latency)
    if report.tuned is not None:
        yield _tuned_line(report.tuned)
    if report.accuracy is not None:
        yield from _accuracy_lines(report.accuracy)
    for kind, file, error in (
        ("ONNX", options.onnx, report.onnx_error),
        ("torch.export", options.export, report.program_error),
    ):
        if error is not None:
            yield f"{file}: {kind}; its logits differ by {error:.1e} of their norm"
    yield ""
    yield "To load it in Python:"
    yield ""
    yield report.python
    yield ""
    if report.plain is not None:
        yield (
            f"It has the weights of the plain {report.plain}, which loads the file as it is: "
            f"timm.create_model({report.plain!r}) of the same number of classes."
        )
    yield _how_to_open(report, options)


def _accuracy_lines(found: "Accuracy") -> Iterator[str]:
    from seviz.records.losses import Estimate
    from seviz.words.numbers import percent
    from seviz.words.set_necessity import accuracy_words, change_words

    before, after = (
        accuracy_words(Estimate(share, *ends))
        for share, ends in zip(found.top1, found.intervals, strict=True)
    )
    yield (
        f"top-1 {before} → {after}: {change_words(found.difference)} points on the same images; "
        f"the same answer for {percent(found.agreement)} of them"
    )
    yield from used_lines(found.used)


def _tuned_line(found: "Tuned") -> str:
    before, settled, after = (f"{100 * share:.1f} %" for share in found.top1)
    return (
        f"tuned {found.words} ({found.steps:,} steps): top-1 {before} → {settled} with new norm "
        f"statistics → {after}, on {found.measured:,} held-out images ({found.held_out})"
    )


def _how_to_open(report: "FoldReport", options: argparse.Namespace) -> str:
    alone = f"--checkpoint {shlex.quote(str(options.out))}"
    original = shlex.quote(str(options.checkpoint or report.model))
    beside = f"{alone} --beside {original}"
    if not report.left:
        return f"To open it in seviz, beside the original: {beside}"
    return f"To open it in seviz: {alone}; beside the original: {beside}"
