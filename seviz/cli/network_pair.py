"""`seviz compare --networks A B`: two networks on one photograph, and their gates over many."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.cli.options import add_data, own_settings, print_note
from seviz.cli.output import GATES_ALONE, print_json, report_lines
from seviz.errors import UserError
from seviz.phrases import printable_lines
from seviz.words.numbers import decimals, percent, signed

if TYPE_CHECKING:
    from seviz.answers.gate_similarity import GateSimilarityReport
    from seviz.answers.network_pair import NetworkPairReport
    from seviz.photos.several import Photograph

AT = "@"  # between a file and its architecture
ABOUT = {"--data": "data", "--method": "method", "--target": "target"}
OTHERS = {
    "--model": "model",
    "--checkpoint": "checkpoint",
    "--beside": "beside",
    "--profile": "profile",
    "--change": "change",
    "--arms": "arms",
}


def add_pair(command: argparse.ArgumentParser) -> None:
    """Add the choice of two networks, and what is asked about them."""
    pair = command.add_argument_group("two networks, one photograph")
    pair.add_argument(
        "--networks",
        nargs=2,
        metavar=("A", "B"),
        help="two networks, with SE or without: keys, or weights as FILE or FILE@ARCH, where "
        "FILE is .safetensors, or the index of shards, or their folder",
    )
    pair.add_argument("--method", metavar="NAME", help="also explain one class in both")
    pair.add_argument("--target", metavar="CLASS", help="that class; default: A's answer")
    add_data(
        pair,  # type: ignore[arg-type]
        "photographs by which the similarity of both networks' gates is measured (linear CKA)",
        required=False,
    )


def check_no_pair(options: argparse.Namespace) -> None:
    """Raise UserError where something is asked about two networks, and these are not given."""
    if alone := [option for option, name in ABOUT.items() if getattr(options, name) is not None]:
        raise UserError(f"{alone[0]} is about --networks A B; give both.")


def run_pair(options: argparse.Namespace, photos: "list[Photograph]") -> None:
    """Print both networks' answers and gates, and the similarity of these where asked for."""
    a, b = _networks(options)
    from seviz.answers.network_pair import network_pair_answer
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    report, files = None, []
    for photo in photos:
        picture = photo.read()
        files = [file_of(picture)]
        report = network_pair_answer(
            a, b, picture, method=options.method or "", target=options.target or ""
        ).report
    similar = _similarity(options, a, b) if options.data else None
    of = [provenance(key, files, data=options.data, command=options.command) for key in (a, b)]
    if options.json:
        told = {} if report is None else asdict(report)
        similarity = None if similar is None else asdict(similar)
        whole: dict[str, Any] = {**told, "similarity": similarity}
        print_json({**whole, "provenance": [asdict(each) for each in of]})
        return
    lines = list(_lines(report)) if report else []
    lines += list(_similarity_lines(similar)) if similar else []
    ends = [report_lines([], each)[-1] for each in of]
    print(printable_lines("\n".join([*lines, "", *ends])))


def check_pair(options: argparse.Namespace) -> None:
    """Raise UserError where options contradict --networks, or there is nothing to compare by."""
    if both := [o for o, name in OTHERS.items() if getattr(options, name) not in (None, [])]:
        raise UserError(f"{both[0]} and --networks each say what is compared; give one of them.")
    if not options.photos and options.data is None:
        raise UserError(
            "compare --networks takes one photograph, or --data with many; name a file."
        )
    if options.data is not None and not options.data.exists():
        raise UserError(f"{options.data} does not exist; give a folder or zip of photographs.")


def _networks(options: argparse.Namespace) -> tuple[str, str]:
    """Return the keys of both networks; what to know about files of weights is printed."""
    from seviz.zoo import catalogue
    from seviz.zoo.folded import open_weights

    named = [_file_and_architecture(name, options.arch) for name in options.networks]
    files = [file for file, _ in named if file is not None]
    options.checkpoint = files[0] if files else None  # of which the settings are
    settings = own_settings(options)
    options.checkpoint = None
    keys = []
    for name, (file, architecture) in zip(options.networks, named, strict=True):
        if file is None:
            keys.append(catalogue.find(name).key)
            continue
        checkpoint = open_weights(file, architecture, settings, plain=True)
        for note in checkpoint.notes:
            print_note(note)
        keys.append(catalogue.add_checkpoint(checkpoint))
    return keys[0], keys[1]


def _file_and_architecture(name: str, otherwise: str) -> tuple[Path | None, str]:
    """Cut FILE@ARCH in two; otherwise: the architecture where none is named.

    None in place of the file where the name is of a network of the catalogue, or of nothing.
    """
    from seviz.zoo.catalogue import names_weights

    if names_weights(name):
        return Path(name), otherwise
    file, at, architecture = name.rpartition(AT)
    if at and names_weights(file):
        return Path(file), architecture
    return None, otherwise


def _similarity(options: argparse.Namespace, a: str, b: str) -> "GateSimilarityReport":
    """Pass the photographs of --data through both networks, and compare their gates."""
    from seviz.analysis.cka import MOST
    from seviz.answers.gate_similarity import (
        check_both_have_gates,
        measure_similarity,
        similarity_report,
    )
    from seviz.passes.dispatch import fetch
    from seviz.photos.collect import collect_path
    from seviz.watch import Bar, Part
    from seviz.words.collection import left_out_words

    check_both_have_gates(a, b)
    for key in (a, b):
        fetch(key)  # refuses what can't be had before anything is read
    with Bar("photographs") as bar:
        photographs = collect_path(options.data, MOST, watch=Part(bar, 0, 0.3))
        if left_out := left_out_words(photographs):
            print_note(left_out)
        return similarity_report(measure_similarity(a, b, photographs, watch=Part(bar, 0.3, 1)))


def _lines(report: "NetworkPairReport") -> Iterator[str]:
    """Write the report on one photograph as text."""
    from seviz.zoo.catalogue import find

    yield report.headline
    for name, of in (("A", report.a), ("B", report.b)):
        said = ", ".join(f"{a.label} ({percent(a.probability)})" for a in of.arms[0].top)
        blocks = f"{len(of.sites)} SE blocks" if of.sites else "no SE block"
        yield f"{name}: {find(of.model).title}, {blocks}: {said or GATES_ALONE}"
    classes = report.classes
    how = f", matched by {' and '.join(classes.matched_by)}" if classes.common else ""
    yield (
        f"{classes.common:,} classes in common{how}; {len(classes.only_a):,} of A alone, "
        f"{len(classes.only_b):,} of B alone"
    )
    if report.maps and report.maps.likeness:
        alike = report.maps.likeness
        yield (
            f"{report.maps.method} for {report.maps.label}: the maps have a rank correlation of "
            f"{decimals(alike.spearman, 2)} and share {percent(alike.overlap)} of their strongest "
            "tenths"
        )
    if not report.blocks:
        return
    yield f"\n{'block':12}  {'r of gates':>10}  {'mean |Δs|':>10}  {'r of W₁':>8}"
    for block in report.blocks:
        r, weights = (
            _cell(block.gate_correlation, "constant"),
            _cell(block.weight_correlation, "unlike"),
        )
        yield f"{block.site:12}  {r:>10}  {signed(block.difference):>10}  {weights:>8}"
    yield "(r of W₁ about 0: channel c of A is not channel c of B)"


def _cell(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else decimals(value, 2)


def _similarity_lines(found: "GateSimilarityReport") -> Iterator[str]:
    """Write the similarity as text: of each block of A, the block of B that is most alike."""
    from seviz.answers.gate_similarity import SIMILARITY_HEADS, similarity_rows

    yield f"\n{found.headline}"
    for block, best, cka, same in (SIMILARITY_HEADS, *similarity_rows(found)):
        yield f"{block:12}  {best:16}  {cka:>6}  {same:>9}".rstrip()
