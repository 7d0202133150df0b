"""The kinds of file that a report can be."""

from pathlib import Path

from seviz.files import check_kind

KINDS = (".html", ".zip")


def check_report_file(path: Path) -> None:
    """Raise UserError unless a path says by its ending what is written there, and can be."""
    check_kind(path, KINDS)
