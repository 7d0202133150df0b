"""Made data sets of the kinds that timm reads, in their real formats on the disk."""

import io
import json
import pickle
import tarfile
from collections.abc import Sequence
from hashlib import md5
from pathlib import Path

import numpy as np
from PIL import Image


def tile(shade: int, label: int, side: int = 8) -> Image.Image:
    """Make a picture that tells which one it is, and of which class."""
    return Image.new("RGB", (side, side), (shade % 256, 40 * label % 256, 99))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def write_shards(
    folder: Path, sizes: Sequence[int], *, classes: int = 2, start: str = "train"
) -> list[Path]:
    """Write WebDataset shards of these sizes; image i of all has shade i and class i % classes."""
    folder.mkdir(parents=True, exist_ok=True)
    i, paths = 0, []
    for number, size in enumerate(sizes):
        paths.append(folder / f"{start}-{number:03}.tar")
        with tarfile.open(paths[-1], "w") as tar:
            for _ in range(size):
                add_sample(tar, f"{i:06}", png(tile(i, i % classes)), str(i % classes))
                i += 1
    return paths


def add_sample(tar: tarfile.TarFile, key: str, image: bytes, label: str, ending: str = "png"):
    for name, content in ((ending, image), ("cls", label.encode())):
        entry = tarfile.TarInfo(f"{key}.{name}")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))


def write_info(folder: Path, splits: dict[str, list[Path]], sizes: dict[str, list[int]]) -> None:
    """Write the list of splits that timm reads beside shards."""
    info = {
        split: {
            "name": split,
            "filenames": [path.name for path in paths],
            "shard_lengths": sizes[split],
            "num_samples": sum(sizes[split]),
        }
        for split, paths in splits.items()
    }
    (folder / "_info.json").write_text(json.dumps({"splits": info}))


CIFAR_CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def write_cifar(root: Path, monkeypatch, each: int = 4) -> np.ndarray:
    """Write CIFAR-10 as it is distributed, smaller; return its pixels, train first (N×32×32×3).

    torchvision checks the files' digests, which are those of these files then. Image i is of class
    i % 10.
    """
    from torchvision.datasets import CIFAR10

    folder, rng = root / CIFAR10.base_folder, np.random.default_rng(0)
    folder.mkdir(parents=True)
    files = [*(name for name, _ in CIFAR10.train_list), *(name for name, _ in CIFAR10.test_list)]
    digests, every = {}, []
    for number, name in enumerate(files):
        labels = [(number * each + i) % 10 for i in range(each)]
        pixels = (
            rng.integers(0, 100, (each, 3, 32, 32)) + 15 * np.array(labels)[:, None, None, None]
        )
        every.append(pixels.astype(np.uint8).transpose(0, 2, 3, 1))
        batch = {
            b"batch_label": name.encode(),
            b"labels": labels,
            b"data": pixels.astype(np.uint8).reshape(each, -1),
            b"filenames": [f"{i}.png".encode() for i in range(each)],
        }
        digests[name] = _write(folder / name, {k.decode(): v for k, v in batch.items()})
    meta = {"label_names": list(CIFAR_CLASSES), "num_cases_per_batch": each, "num_vis": 3072}
    meta_name = CIFAR10.meta["filename"]
    digests[meta_name] = _write(folder / meta_name, meta)
    monkeypatch.setattr(CIFAR10, "train_list", [[n, digests[n]] for n in files[:5]])
    monkeypatch.setattr(CIFAR10, "test_list", [[n, digests[n]] for n in files[5:]])
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": digests[meta_name]})
    return np.concatenate(every)


def _write(path: Path, content: object) -> str:
    path.write_bytes(pickle.dumps(content))
    return md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def write_imagenette(root: Path, each: int = 3) -> None:
    """Write Imagenette's folders of 160 pixels, as its archive unpacks to."""
    from torchvision.datasets import Imagenette

    for split in ("train", "val"):
        for label, wnid in enumerate(Imagenette._WNID_TO_CLASS):
            folder = root / "imagenette2-160" / split / wnid
            folder.mkdir(parents=True)
            for i in range(each):
                tile(10 * i, label, 24).save(folder / f"{wnid}_{i}.JPEG", "JPEG")


def write_image_folder(root: Path, counts: dict[str, dict[str, int]]) -> None:
    """Write an imagefolder of `datasets`: split, class, pictures."""
    for split, by_class in counts.items():
        for label, (name, count) in enumerate(by_class.items()):
            (root / split / name).mkdir(parents=True)
            for i in range(count):
                tile(i, label).save(root / split / name / f"{i}.png")
