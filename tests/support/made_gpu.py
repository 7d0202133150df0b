"""What the tests of the commands for a GPU share: the pair's names, and weights that are none."""

from pathlib import Path

from folders import class_folders

from seviz.gpu import plan
from seviz.gpu.plan import Setting

SE, TWIN = plan.PAIR
ANIMALS = ("n01443537", "n02129165", "n99999999")  # a goldfish, a lion, and nothing known


def put_weights(setting: Setting, *names: str) -> None:
    """Write files in place of weights, with what a training run tells of them."""
    for name in names:
        (setting.assets / f"{name}.safetensors").write_text(f"weights of {name}")
        (setting.assets / f"{name}.json").write_text('{"history": [{"top1": 0.5}], "minutes": 1}')


CLASSES = ("n01", "n02", "n03")
BOXES = "split\twnid\tfile\tx0\ty0\tx1\ty1\ntrain\tn01\t0\t0\t0\t9\t9\nval\tn02\t1\t1\t1\t5\t5\n"


def numbered(root: Path) -> Path:
    """Make three classes of 20 images to train on and 2 to measure on, and boxes; returns root."""
    class_folders(root, CLASSES, train=20, val=2)
    (root / "boxes.tsv").write_text(BOXES)
    return root
