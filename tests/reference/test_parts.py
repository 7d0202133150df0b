from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from made_sets import tile
from safetensors.numpy import load as from_bytes
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.photos.batch import Piece, Unreadable
from seviz.photos.dataset import LabelledImages
from seviz.photos.loader import Loader
from seviz.reference.parts import Parts, Share, delete_all_parts, delete_parts, packed, rest

FACTS = {"network": ["small", None], "data": ["made", ("a", "b")]}


def share(**pieces: tuple[int, int, bool]) -> Share:
    return Share({int(name[1:]): part for name, part in pieces.items()})


def test_what_a_loader_yields_is_what_its_process_has(tmp_path: Path):
    for i in range(5):
        (tmp_path / "a").mkdir(exist_ok=True)
        tile(i, 0).save(tmp_path / "a" / f"{i}.png")
    (tmp_path / "a" / "1.png").write_bytes(b"no picture")
    images = LabelledImages(tmp_path, "val")
    pieces = [Piece(0), Piece(1), Piece(2)]
    loader = Loader(images, pil_to_tensor, 2, loaders=1, skip_unreadable=True, pieces=pieces)
    assert Share.of(loader).pieces == {}
    batches = iter(loader)
    next(batches), next(batches)
    found = Share.of(loader)
    assert found.pieces == {0: (0, 2, True), 1: (0, 2, True)}
    assert (found.seen, found.unreadable.count) == (Counter({0: 3}), 1)
    assert rest(pieces, [found]) == [Piece(2)]


def test_shares_add_up_and_are_stored_as_json():
    one = Share({3: (0, 9, True)}, Counter({1: 8}), Unreadable(1, {"x": "torn"}))
    again = Share.of_json(one.to_json())
    assert again == one
    again.merge(Share({4: (0, 1, False)}, Counter({0: 1, 1: 1})))
    assert (again.seen, again.unreadable) == (Counter({1: 9, 0: 1}), one.unreadable)


def test_the_rest_begins_where_all_runs_have_come_to():
    pieces = [Piece(i) for i in range(5)]
    shares = [share(p0=(0, 4, False), p1=(0, 8, True)), share(p0=(4, 6, False), p3=(0, 0, True))]
    assert rest(pieces, shares) == [Piece(0, 6), Piece(2), Piece(4)]
    assert rest(pieces, []) == pieces
    ended = share(p0=(6, 8, True), p2=(0, 8, True), p4=(0, 2, True))
    assert rest(pieces, [*shares, ended]) == []


@pytest.mark.parametrize(
    "parts", [[(0, 4, False), (0, 4, False)], [(0, 4, True), (4, 5, False)], [(2, 4, False)]]
)
def test_images_of_two_runs_at_once_are_not_counted_twice(parts):
    with pytest.raises(UserError, match="Two runs gathered the same images at once"):
        rest([Piece(0)], [share(p0=part) for part in parts])


def test_a_process_rewrites_its_own_part_alone(tmp_path: Path):
    folder = tmp_path / "out.parts"
    one, other = Parts(folder, FACTS), Parts(folder, FACTS)
    assert one.shares() == {}
    one.write(share(p0=(0, 2, False)), {"a/b": np.arange(2)})
    one.write(share(p0=(0, 4, False)), {"a/b": np.arange(4, dtype=np.uint64)})
    other.write(share(p1=(0, 1, True)), {})
    found = Parts(folder, FACTS).shares()
    assert sorted(part.pieces[min(part.pieces)] for part in found.values()) == [
        (0, 1, True),
        (0, 4, False),
    ]
    (mine,) = (name for name, part in found.items() if 0 in part.pieces)
    arrays = one.read(mine)
    assert (arrays["a/b"].tolist(), arrays["a/b"].dtype) == ([0, 1, 2, 3], np.uint64)


def test_parts_of_other_work_and_damaged_ones_are_refused(tmp_path: Path):
    Parts(tmp_path, FACTS).write(Share(), {})
    with pytest.raises(UserError, match="holds the beginning of another run, of other data; d"):
        Parts(tmp_path, {**FACTS, "data": ["made", ("a", "c")]}).shares()
    with pytest.raises(UserError, match="of other network and data"):
        Parts(tmp_path, {"network": [], "data": []}).shares()
    (tmp_path / "x.safetensors").write_bytes(b"cut short")
    with pytest.raises(UserError, match=r"x\.safetensors is damaged; delete it, and run again"):
        Parts(tmp_path, FACTS).shares()


def test_parts_are_deleted_and_what_else_is_there_stays(tmp_path: Path):
    folder = tmp_path / "out.parts"
    delete_parts(folder)
    for note, stays in ((False, False), (True, True)):
        Parts(folder, FACTS).write(Share(), {})
        if note:
            (folder / "note.txt").touch()
        delete_parts(folder)
        assert folder.exists() == stays
    assert [file.name for file in folder.iterdir()] == ["note.txt"]


def test_arrays_are_packed_as_they_read_however_they_lie_in_memory():
    columns = np.arange(6).reshape(2, 3)[:, [2, 0, 1]]
    assert not columns.flags.c_contiguous
    (found,) = from_bytes(packed({"a": columns})).values()
    assert found.tolist() == columns.tolist()


def test_the_parts_of_all_works_of_a_run_are_deleted_and_nothing_else(tmp_path: Path):
    for name in ("one", "two"):
        Parts(tmp_path / "run" / name, FACTS).write(share(p0=(0, 1, True)), {})
    delete_all_parts(tmp_path / "run")
    assert not (tmp_path / "run").exists()
    delete_all_parts(tmp_path / "nowhere")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("kept")
    delete_all_parts(tmp_path / "run")
    assert (tmp_path / "run" / "mine.txt").exists()
