"""What people can take away from the page “Explore”: a trace as an archive, and a report."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from seviz.answers.export import zip_trace
from seviz.errors import UserError
from seviz.files import write_whole
from seviz.records.attribution import Attribution
from seviz.records.target import ClassTarget, class_of
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, followed, off_arm

Updates = dict[Any, Any]  # {component: value}

WRITING = "Writing the report …"
MOST_MAPS = 4  # of those that “Explanations” showed
# The browser saves the file as soon as the button that leads to it is there.
SAVE_JS = """async () => {
  for (let tries = 0; tries < 100; tries++) {
    const button = document.querySelector("#report-file");
    if (button) return void button.click();
    await new Promise((next) => setTimeout(next, 50));
  }
}"""


class Measured(NamedTuple):
    """What the tabs show that a report tells, too, each None where there is nothing.

    weighed: by “What matters”; explained: the maps of “Explanations”, and trusted, how far they can
    be trusted; alpha_path: of “Surgery”; compared: by “Compare”.
    """

    weighed: Any = None
    explained: Any = None
    trusted: Any = None
    alpha_path: Any = None
    compared: Any = None


class Handlers:
    """What the buttons do, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def archive(self, record: Trace | None) -> Iterator[Any]:
        """Offer a trace as an archive; it lives on in Gradio's cache."""
        if record is None:  # it was put away after an hour
            yield gr.skip()
            return
        offered = self.offer(record)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"seviz-{record.model}.zip"
            try:
                zip_trace(record, path)
            except UserError as error:
                notify(error)
                yield offered
                return
            ready = gr.DownloadButton(value=str(path), visible=True)
            yield offered | {self.asked.download: ready}

    def offer(self, record: Trace | None) -> Updates:
        """Offer a report on what the page shows now, in place of the one that was written."""
        q, can = self.asked, bool(record and record.labels)
        return {
            q.report: gr.Button("Report", interactive=True, visible=can),
            q.report_file: gr.DownloadButton(value=None, visible=False),
        }

    def write(self, record: Trace | None, arm: Any, target: Any, *measured: Any) -> Iterator[Any]:
        """Write the report on what the page shows: what its tabs have computed is taken from them.

        measured: the fields of `Measured`.
        """
        q = self.asked
        if record is None:
            yield notify(GONE)
            return
        yield {q.report: gr.Button(WRITING, interactive=False)}
        try:
            content = _written(record, arm, target, Measured(*measured))
        except REFUSALS as error:
            notify(error)
            yield self.offer(record)
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"seviz-report-{record.model}.html"
            write_whole(path, content.encode())
            yield {
                q.report: gr.Button("Report", interactive=True, visible=False),
                q.report_file: gr.DownloadButton(value=str(path), visible=True),
            }


def _written(record: Trace, arm: Any, target: Any, measured: Measured) -> str:
    """Return the page of a report."""
    from seviz.reports.files import report_html
    from seviz.reports.result import completed

    rule, target = off_arm(record, arm).edits[0].rule, followed(record, target)
    weighed = measured.weighed
    known: dict[str, Any] = {}
    same = weighed and weighed.record.is_of_same_photo(record)
    if same and class_of(weighed.effects.target) == target:
        known["effects"] = weighed.effects
        known |= {"needed": weighed.needed} if weighed.rule == rule else {}
    maps = _maps(record, target, measured)
    found = completed(record, target, rule=rule, **known, maps=[found for found, _ in maps])
    path = measured.alpha_path
    return report_html(
        replace(
            found,
            trusts=[trust for _, trust in maps],
            path=path.path if path and path.record.is_of_same_photo(record) else None,
            **_compared(record, target, measured.compared),
        )
    )


def _compared(record: Trace, target: ClassTarget, shown: Any) -> dict[str, Any]:
    """Return the fields of a result that tell what “Compare” shows of the photograph, if any."""
    from seviz.answers.changes import answer_of_drift
    from seviz.answers.photo_pair import answer_of_traces

    if not shown or not shown.first.is_of_same_photo(record):
        return {}
    if shown.second:
        return {"pair": answer_of_traces(shown.first, shown.second)}
    if shown.curve.arms != record.arms:  # of other columns, which are replaced when it is opened
        return {}
    return {"change": answer_of_drift(shown.curve, shown.strength, target=target)}


def _maps(
    record: Trace, target: ClassTarget, measured: Measured
) -> list[tuple[Attribution, Trust | None]]:
    """Return the last maps of a target, each with how far it can be trusted where that is known."""
    explained, trusted = measured.explained, measured.trusted
    if not explained or not explained.record.is_of_same_photo(record):
        return []
    same = trusted and trusted.record.is_of_same_photo(record)
    trusts = trusted.kept if same else {}
    found = [(of, maps) for of, maps in explained.kept.items() if of.target == target]
    return [(maps, trusts.get(of)) for of, maps in found[-MOST_MAPS:]]


def connect(q: Asked, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    q.record.change(handlers.archive, q.record, [q.download, q.report, q.report_file], **quiet)
    q.choice.change(handlers.offer, q.record, [q.report, q.report_file], **quiet)
    seen = [
        q.record,
        q.arm,
        q.target,
        *Measured(q.weighed, q.explained, q.trusted, q.alpha_path, q.compared),
    ]
    written = q.report.click(handlers.write, seen, [q.report, q.report_file], **quiet)
    written.success(None, None, None, js=SAVE_JS, **quiet)
