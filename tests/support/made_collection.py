"""Collections of photographs, made by hand."""

import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from image_files import encode
from PIL import Image

from seviz.photos.collect import Found
from seviz.records.collection import Collection, KeptPhoto, Photographs
from seviz.records.sites import Site

SITES = (Site("a", "SE_2_1", 2, 1, 2, 1), Site("b", "SE_2_2", 2, 2, 3, 1))


def made_photograph(seed: int, size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Draw a few blocks of colour by a seed."""
    blocks = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), np.uint8)
    return Image.fromarray(blocks).resize(size, Image.Resampling.NEAREST)


def picture_file(seed: int, kind: str = "PNG", size: tuple[int, int] = (80, 60)) -> bytes:
    return encode(made_photograph(seed, size), kind)


def kept(name: str, folder: str = "", seed: int = 0) -> KeptPhoto:
    return KeptPhoto(name, folder, picture_file(seed), 80, 60, False, picture_file(seed, "JPEG"))


def found(*names: str) -> list[Found]:
    return [Found(name, "", lambda i=i: picture_file(i)) for i, name in enumerate(names)]


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def made_collection(gates: dict[str, list[list[float]]], folders: list[str]) -> Collection:
    """Make a collection of photographs with these gates, N×C by block of `SITES`.

    There are three classes; photograph i answers class i mod 3.
    """
    count = len(folders)
    photos = tuple(kept(f"{i}.png", folder, i) for i, folder in enumerate(folders))
    s = {name: np.array(values, np.float32) for name, values in gates.items()}
    logits = np.float32([[2.0 * (k == i % 3) for k in range(3)] for i in range(count)])
    return Collection(
        photographs=Photographs(photos, name=f"your {count} photographs"),
        model="made",
        sites=tuple(site for site in SITES if site.name in s),
        labels=("ant", "bee", "cat"),
        z={name: 2 * values for name, values in s.items()},
        s=s,
        logits=logits,
        targets={"bee": 1, "cat": 2},
    )


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), np.float64)
