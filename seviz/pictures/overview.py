"""One small picture for each gate of a block, on one sheet, with what each gate is at its picture.

A sheet is a WebP file that holds in its metadata what it is of. It is drawn batch by batch, and
each batch is kept in a file until all are there, so that a stopped run can be continued.
"""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from safetensors.numpy import load, save

from seviz.errors import UserError
from seviz.files import make_folder, write_whole
from seviz.nets.embedded import ASSETS
from seviz.passes.dispatch import ask
from seviz.records.aims import OPEN
from seviz.records.numbers import Floats
from seviz.records.pictures import Drawing, Overview, PictureTask
from seviz.records.sites import Site
from seviz.watch import Progress, Watch
from seviz.zoo.catalogue import EMBEDDED
from seviz.zoo.sources import Source

SHIPPED = ASSETS / "pictures"
STEPS = 32
BATCH = 16  # gates that are drawn at once
COLUMNS = 32
LARGEST = 64  # pixels of a picture's longer side
QUALITY = 65  # of WebP: the shipped sheets then have 8 MB
VERSION = 1


def folder_of(source: Source) -> Path:
    """Return where a network's sheets lie: the embedded network's are shipped."""
    if source.key == EMBEDDED:
        return SHIPPED
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "seviz" / "pictures" / (source.digest or source.key)[:16]


def read_overview(file: Path, source: Source) -> Overview | None:
    """Read a sheet; None where it is missing, no such file, or of other weights."""
    try:
        with Image.open(file) as sheet:
            said = json.loads(sheet.info.get("xmp", b"{}"))
    except (OSError, ValueError):
        return None
    if (said.get("version"), said.get("weights")) != (VERSION, source.digest):
        return None
    size = (int(said["height"]), int(said["width"]), int(said["columns"]))
    return Overview(said["site"], file, np.array(said["s"], np.float32), said["steps"], *size)


def draw_overview(
    source: Source, site: Site, folder: Path, *, steps: int = STEPS, watch: Watch | None = None
) -> Overview:
    """Draw a block's sheet into a folder, and return it.

    Raises `seviz.watch.Stopped` where stopped: what was drawn is kept; UserError where the folder
    can't be written into.
    """
    make_folder(folder)
    progress, target = Progress(watch, site.channels), folder / f"{site.name}.webp"
    batches = []
    for channels in _batches(site.channels):
        name = f"{site.name}.{(source.digest or '')[:8]}-{steps}-{channels[0]:04}"
        file = folder / f"{name}.safetensors"
        if not file.exists():
            _draw_batch(source, site, channels, steps=steps, file=file, progress=progress)
        batches.append(file)
        progress.add(len(channels))
    try:
        pixels, s = (np.concatenate(of) for of in zip(*map(_read_batch, batches), strict=True))
    except FileNotFoundError:  # somebody else drew the same, and was done a moment before
        return _reread(target, source)
    write_whole(target, sheet_bytes(source, site.name, pixels, s=s, steps=steps))
    for file in batches:
        file.unlink(missing_ok=True)
    return _reread(target, source)


def _reread(target: Path, source: Source) -> Overview:
    found = read_overview(target, source)
    if found is None:
        raise UserError(f"{target} can't be read again; draw it anew, or into another folder.")
    return found


def _batches(channels: int) -> Iterator[tuple[int, ...]]:
    return (
        tuple(range(start, min(start + BATCH, channels))) for start in range(0, channels, BATCH)
    )


def _draw_batch(
    source: Source,
    site: Site,
    channels: tuple[int, ...],
    *,
    steps: int,
    file: Path,
    progress: Progress,
) -> None:
    from seviz.pictures.draw import draw

    task = PictureTask(site.name, channels, OPEN, (0,) * len(channels))
    part = progress.part(len(channels))
    made = ask(draw, source.key, Drawing(task), steps=steps, watch=part).pictures
    assert made is not None
    write_whole(file, save({"pixels": made.pixels, "s": made.s}))


def _read_batch(file: Path) -> tuple[npt.NDArray[np.uint8], Floats]:
    known = load(file.read_bytes())
    return known["pixels"], known["s"]


def sheet_bytes(
    source: Source, site: str, pixels: npt.NDArray[np.uint8], *, s: Floats, steps: int
) -> bytes:
    """Lay pictures (C×H×W×3) out on a sheet; returns a WebP that says what it is of.

    s: what each gate is at its picture, C.
    """
    height, width = pixels.shape[1:3]
    scale = min(1.0, LARGEST / max(height, width))
    height, width = round(height * scale), round(width * scale)
    columns = min(COLUMNS, len(pixels))
    sheet = Image.new("RGB", (columns * width, -(-len(pixels) // columns) * height))
    for i, picture in enumerate(map(Image.fromarray, pixels)):
        small = picture if scale == 1 else picture.resize((width, height), Image.Resampling.BOX)
        sheet.paste(small, (i % columns * width, i // columns * height))
    said = {
        "version": VERSION,
        "weights": source.digest,
        "site": site,
        "steps": steps,
        "height": height,
        "width": width,
        "columns": columns,
        "s": [round(float(value), 4) for value in s],
    }
    stream = io.BytesIO()
    sheet.save(stream, "WEBP", quality=QUALITY, method=6, xmp=json.dumps(said).encode())
    return stream.getvalue()
