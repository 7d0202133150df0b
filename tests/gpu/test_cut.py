from collections import Counter
from pathlib import Path

import pytest
from made_gpu import numbered

from seviz.errors import UserError
from seviz.gpu.cut import ImageSet, Part, write
from seviz.photos.dataset import LabelledImages


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return numbered(tmp_path_factory.mktemp("data"))


def of_class(part: Part) -> set[int]:
    return set(Counter(Path(inside).parent.name for _, inside, _ in part.train).values())


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_each_part_has_as_many_images_of_every_class_and_none_is_lost(data: Path, of: int):
    parts = ImageSet(data).cut(of)
    assert [part.number for part in parts] == [*range(1, of + 1)]
    assert all(len(of_class(part)) <= 1 for part in parts)
    whole = [member for part in parts for member in part.train]
    assert sorted(whole) == sorted(m for m, _ in LabelledImages(data, "train").samples)
    assert len(parts[0].val) == 6
    assert not any(part.val or part.boxes for part in parts[1:])


def test_parts_are_of_about_one_size_which_is_told_before(data: Path, tmp_path: Path):
    parts = ImageSet(data).cut(3)
    for part in parts:
        folder = tmp_path / str(part.number)
        folder.mkdir()
        write([part], folder)
        assert sum(file.stat().st_size for file in folder.iterdir()) == part.size
    sizes = [part.size for part in parts]
    assert max(sizes) - min(sizes) <= 2 * 3 * 13_000  # a rounded image of each class


def test_as_few_parts_are_made_as_fit(data: Path):
    whole = ImageSet(data).cut(1)[0].size
    assert len(ImageSet(data).cut_to_fit(whole)) == 1
    parts = ImageSet(data).cut_to_fit(whole - 1)
    assert len(parts) == 2
    assert max(part.size for part in parts) < whole
    with pytest.raises(UserError, match="“val” alone takes"):
        ImageSet(data).cut_to_fit(1000)
    with pytest.raises(UserError, match="too few images for 100 parts"):
        ImageSet(data).cut(100)
