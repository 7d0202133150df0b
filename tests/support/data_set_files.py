"""Files of made statistics, and a data set that they could be over."""

from pathlib import Path

from made_data_set import made_data_set
from made_gates import CLASSES
from PIL import Image

from seviz.reference.images import images_path


def made_files(folder: Path) -> Path:
    """Write made statistics and images, and a picture for each image; returns the statistics'."""
    data, profile, images = made_data_set()
    path = folder / "made.safetensors"
    profile.save(path)
    images.save(images_path(path))
    for i, label in enumerate(data.labels):
        place = folder / "data" / CLASSES[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (i, 0, 0)).save(place / f"{i:03}.png")
    return path
