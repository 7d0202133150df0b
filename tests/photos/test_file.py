import hashlib
import pickle
from pathlib import Path

import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.photos.file import file_of, read_file
from seviz.photos.read import read_photo
from seviz.records.provenance import PhotoFile


def test_a_photograph_carries_the_record_of_its_file(picture: Path):
    photo = read_file(picture)
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    assert file_of(photo) == PhotoFile(str(picture), digest, 240, 180)
    assert photo.tobytes() == read_photo(picture).tobytes()
    assert file_of(pickle.loads(pickle.dumps(photo))) == file_of(photo)  # to another process


def test_it_is_called_as_it_should_be_and_other_pictures_have_none(picture: Path):
    assert file_of(read_file(str(picture), "garden")).path == "garden"
    assert file_of(read_photo(picture)) is None
    assert file_of(Image.new("RGB", (8, 8))) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.png", "The file {path} is not there: give the path of one picture file."),
        ("", "The file {path} is a folder: give the path of one picture file."),
        ("bad.png", "{path}: This file is not a picture"),
    ],
)
def test_a_sentence_names_the_file_once(tmp_path: Path, name: str, sentence: str):
    (tmp_path / "bad.png").write_text("hello")
    with pytest.raises(UserError) as caught:
        read_file(tmp_path / name)
    assert str(caught.value).startswith(sentence.format(path=tmp_path / name))
    assert str(caught.value).count(str(tmp_path / name)) == 1
