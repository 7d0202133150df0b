import pickle
from pathlib import Path

import numpy as np
import pytest
from made_sets import CIFAR_CLASSES, write_cifar, write_imagenette
from torchvision.datasets import CIFAR10

from seviz.errors import UserError
from seviz.photos.torchvision_sets import TorchvisionImages


def test_cifar_is_read_as_it_is_distributed(tmp_path: Path, monkeypatch):
    pixels = write_cifar(tmp_path, monkeypatch)
    train, val = (TorchvisionImages("torch/cifar10", s, root=tmp_path) for s in ("train", "val"))
    assert (len(train), len(val), train.classes) == (20, 4, CIFAR_CLASSES)
    for images, first in ((train, 0), (val, 20)):
        for i in range(len(images)):
            picture, label = images.picture(i)
            np.testing.assert_array_equal(np.asarray(picture), pixels[first + i])
            assert label == (first + i) % 10
    assert train.stored(3).name == "image 3"


def test_imagenette_is_called_by_wordnet_ids_and_its_files(tmp_path: Path):
    write_imagenette(tmp_path)
    images = TorchvisionImages("torch/imagenette-160px", "val", root=tmp_path)
    assert (len(images), len(images.classes), images.classes[0]) == (30, 10, "n01440764")
    stored = images.stored(4)
    assert (stored.name, stored.label) == ("val/n02102040/n02102040_1.JPEG", 1)
    assert isinstance(stored.content, bytes)  # decoded as uploads are
    assert images.picture(4)[0].size == (24, 24)
    images.match_classes(("n02102040", "n01440764", *images.classes[2:]), ["?"] * 10)
    assert images.picture(4)[1] == 0
    (tmp_path / "imagenette2-160" / stored.name).unlink()
    with pytest.raises(UserError, match=r"torch/imagenette-160px, val/.*_1\.JPEG: The file cannot"):
        images.picture(4)


def test_without_labels_all_are_of_one_class(tmp_path: Path):
    write_imagenette(tmp_path, each=1)
    images = TorchvisionImages("torch/imagenette-160px", "val", root=tmp_path, labelled=False)
    assert (images.classes, images.stored(7).label) == (("all images",), 0)


def test_what_is_not_there_or_not_whole_gets_one_sentence(tmp_path: Path, monkeypatch):
    with pytest.raises(
        UserError, match=rf"torch/cifar10 can't be opened in {tmp_path}; --download"
    ):
        TorchvisionImages("torch/cifar10", "val", root=tmp_path)
    with pytest.raises(UserError, match=r"imagenette can't be opened in .*; --download fetches it"):
        TorchvisionImages("torch/imagenette", "val", root=tmp_path)
    with pytest.raises(UserError, match="torch/cifar11 is not a data set of torchvision that timm"):
        TorchvisionImages("torch/cifar11", "val", root=tmp_path)
    write_cifar(tmp_path, monkeypatch)
    batch = tmp_path / CIFAR10.base_folder / CIFAR10.test_list[0][0]
    batch.write_bytes(pickle.dumps({}))
    with pytest.raises(UserError, match=r"can't be opened in .*corrupted"):
        TorchvisionImages("torch/cifar10", "val", root=tmp_path)
