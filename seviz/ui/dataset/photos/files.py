"""The field that photographs and zips are dropped on, and what reads them."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz import limits
from seviz.errors import UserError
from seviz.photos.collect import Found, collect, in_zip, loose
from seviz.photos.listing import PICTURES
from seviz.records.collection import Photographs
from seviz.ui.parts.requests import VISITS
from seviz.ui.parts.sent_files import Uploaded, delete
from seviz.watch import Watch
from seviz.words.collection import OWN_COUNT


class DropField(gr.HTML):  # type: ignore[misc]
    """A field for files; a `select` event says that they lie on the server."""

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        script = (Path(__file__).parent / "drop.js").read_text("utf-8")
        most = {
            "photos": limits.COLLECTION.value,
            "file": limits.FILE.value,
            "zip": limits.COLLECTION_ZIP.value,
        }
        js = script.replace("__LIMITS__", json.dumps(most))
        super().__init__(value=value or _field(), js_on_load=js, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


def read_files(files: Iterable[Uploaded], address: str, watch: Watch) -> Photographs:
    """Read a visitor's photographs, or those of a zip; no file is left.

    address: the visitor's, by which photographs are counted. UserError where there are too many, or
    none can be read.
    """
    files = list(files)
    try:
        zips = [path for path, name in files if name.lower().endswith(".zip")]
        if zips and len(files) > 1:
            raise UserError("Choose one zip, or photographs, and not both.")
        found, left_out = _in_zip(*files) if zips else (list(loose(files)), {})
        limits.COLLECTION.check(len(found))
        if zips:
            VISITS.count(address, _digests(found, zips[0]))
        return collect(found, name=OWN_COUNT, left_out=left_out, watch=watch)
    finally:
        delete(files)


def _in_zip(file: Uploaded) -> tuple[list[Found], dict[str, str]]:
    """List what is in a zip; UserError, which calls it as its visitor does."""
    path, name = file
    try:
        return in_zip(path)
    except UserError as error:  # where it is on the server, is not for its visitors
        raise UserError(str(error).replace(str(path), name)) from error


def _digests(found: Iterable[Found], path: Path) -> Iterable[str]:
    """Yield a name for each photograph of a zip, by which it is counted once."""
    with path.open("rb") as file:
        start = blake2b(file.read(1_000_000), digest_size=16).hexdigest()
    return (f"{start} {each.folder}/{each.name}" for each in found)


def _field() -> Markup:
    endings = ",".join(sorted({*PICTURES, ".zip"}))
    return Markup(
        '<div class="drop"><label><input type="file" multiple accept="{endings}" '
        'aria-describedby="drop-limits"><span>Choose photographs or a zip</span></label>'
        '<p>or drop them here</p><p class="hint" id="drop-limits">Up to {photos} photographs of '
        "{file} MB each, or a zip of {zip} MB in which folders are classes. They stay in this "
        "server’s memory for your page alone, and are gone with it, an hour after you leave at "
        'the latest.</p><p role="status"></p></div>'
    ).format(
        endings=endings,
        photos=limits.COLLECTION.value,
        file=limits.FILE.value,
        zip=limits.COLLECTION_ZIP.value,
    )
