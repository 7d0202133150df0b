"""The field that photographs and zips are dropped on, and what reads them."""

import json
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles
from markupsafe import Markup

from seviz import limits
from seviz.errors import UserError
from seviz.photos.collect import Found, collect, in_zip, loose
from seviz.photos.listing import PICTURES
from seviz.phrases import brief
from seviz.records.collection import Photographs
from seviz.ui.parts.requests import VISITS
from seviz.ui.parts.upload import refuse_addresses
from seviz.watch import Watch
from seviz.words.collection import OWN_COUNT

SENT = "(...values) => [window.seviz.sent ?? null, ...values.slice(1)]"
Uploaded = tuple[Path, str]  # a file, and the name that its sender knows it by


class DropField(gr.HTML):  # type: ignore[misc]
    """A field for files; a `select` event says that they lie on the server.

    Gradio's own sends all files in one request, which would have to be allowed for other fields.
    """

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


class PhotoFiles(gr.File):  # type: ignore[misc]
    """What the browser passes on of files that it has sent: where they are, and their names."""

    is_template = True  # keeps the stock front end, "file"

    async def async_move_resource_to_block_cache(self, url_or_file_path: Any) -> str | None:
        """Leave a file where it is: it is read once, and deleted."""
        return str(url_or_file_path)

    def preprocess(self, payload: ListFiles | FileData | None) -> list[Uploaded]:
        """Return the files; Gradio has checked that they were uploaded."""
        files = payload.root if isinstance(payload, ListFiles) else [payload] if payload else []
        return [(Path(file.path), brief(file.orig_name or Path(file.path).name)) for file in files]


def files_field() -> PhotoFiles:
    """Make the field that nobody sees, which takes what `DropField` has sent."""
    field = PhotoFiles(file_count="multiple", visible=False)
    refuse_addresses(field)
    return field


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


def delete(files: Iterable[Uploaded]) -> None:
    """Delete files that were uploaded, those that are there still."""
    for path, _ in files:
        with suppress(OSError):
            path.unlink(missing_ok=True)


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
