"""Reports as files: one page of HTML, or a zip of it with JSON, arrays and pictures."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from seviz.answers.export import (
    attribution_files,
    change_files,
    effects_files,
    pair_files,
    path_files,
    trace_files,
    trust_files,
)
from seviz.answers.provenance import (
    change_options,
    photo_word,
    provenance_of_trace,
    report_command,
)
from seviz.drawing.report import report_page
from seviz.files import write_whole
from seviz.records.target import class_of, target_text
from seviz.reports.kinds import check_report_file
from seviz.reports.result import Result
from seviz.reports.sections import sections
from seviz.reports.size import fit
from seviz.words.archive import archive_words, report_words
from seviz.words.provenance import provenance_words
from seviz.zoo.catalogue import find


def report_html(result: Result, *, command: str = "", made: str = "") -> str:
    """Return a result as a page; command: what makes it; made: its date, by default today's."""
    trace = result.trace
    command, made = command or _command(result), made or date.today().isoformat()
    of = provenance_of_trace(trace, command)
    if result.pair and (second := result.pair.second.photo):
        of = replace(of, photographs=(*of.photographs, second))
    title = find(trace.model).title
    photo = Path(trace.photo.path).name if trace.photo else "a photograph"
    page_of = partial(
        report_page,
        f"{title} on {photo}",
        of=f"{provenance_words(of)} · {made}",
        seen=trace.seen,
    )
    return fit(sections(result, of, title=title, made=made), page_of)


def report_zip(result: Result, *, command: str = "", made: str = "") -> bytes:
    """Return a zip: the page, JSON and arrays, and a picture of each map; arguments as above."""
    trace, command = result.trace, command or _command(result)
    beside = _beside(result)
    told = report_words(result.maps, shares=bool(result.shares), beside=beside)
    contents = {
        "README.txt": (archive_words(trace) + told).encode(),
        "report.html": report_html(result, command=command, made=made).encode(),
        **beside,
        **trace_files(trace, command=command),
        **attribution_files(trace, result.maps, result.shares),
        **effects_files(result.needed, result.effects),
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return whole.getvalue()


def write_report(result: Result, path: Path, *, command: str = "") -> None:
    """Write a report as its file's ending says: .html, or .zip; UserError as of its check."""
    check_report_file(path)
    if path.suffix.lower() == ".zip":
        write_whole(path, report_zip(result, command=command))
    else:
        write_whole(path, report_html(result, command=command).encode())


def _command(result: Result) -> str:
    change, pair = result.change, result.pair
    return report_command(
        result.trace,
        target=target_text(class_of(result.followed), result.trace.labels),
        methods=list(dict.fromkeys(found.method for found in result.maps)),
        layer=result.layer or _layer(result),
        shares=result.shares is not None,
        more=[
            *(["--trust"] if any(result.trusts) else []),
            *(["--alpha-to", result.path.reference] if result.path else []),
            *(change_options(change.drift.changing, change.report.strength) if change else []),
            *(["--second", photo_word(pair.second, "PHOTO2")] if pair else []),
        ],
    )


def _layer(result: Result) -> str:
    """Return the block that the maps look at, "" where it is the last one, or there are several."""
    layers = {found.layer for found in result.maps if found.layer}
    (layer,) = layers if len(layers) == 1 else {""}
    return "" if layer == result.trace.sites[-1].name else layer


def _beside(result: Result) -> dict[str, bytes]:
    """Return the files of what a report has only where it was asked for, by name."""
    path = path_files(result.path, result.trace.labels, class_of(result.followed))
    compared = change_files(result.change) | pair_files(result.pair)
    return trust_files(result.measured) | path | compared
