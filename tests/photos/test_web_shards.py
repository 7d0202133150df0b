import json
import tarfile
from pathlib import Path

import pytest
from made_sets import add_sample, png, tile, write_info, write_shards

from seviz.errors import UserError
from seviz.photos.image_stream import Damaged
from seviz.photos.stored import Stored
from seviz.photos.web_shards import WebShards

pytest.importorskip("webdataset")


def read(images: WebShards) -> list[Stored | Damaged]:
    return [found for shard in range(images.shards) for found in images.shard(shard)]


def test_a_folder_of_shards_is_read_by_key_and_number(tmp_path: Path):
    write_shards(tmp_path, [3, 2])
    (tmp_path / "classes.txt").write_text("ant\nbee\n")
    images = WebShards(f"wds/{tmp_path}", "train")
    assert (images.shards, images.classes, images.total) == (2, ("ant", "bee"), None)
    assert read(images) == [
        Stored(png(tile(i, i % 2)), i % 2, f"train-00{int(i > 2)}.tar/{i:06}") for i in range(5)
    ]


def test_splits_are_told_by_the_list_beside_shards_or_by_their_names(tmp_path: Path):
    train, val = (write_shards(tmp_path, [2], start=s) for s in ("imagenet-train", "x-validation"))
    for split, part, shard in (("train", "train", train), ("val", "validation", val)):
        images = WebShards(f"wds/{tmp_path}", split)
        assert (images.part, images._urls) == (part, [str(shard[0])])
    write_info(tmp_path, {"train": val, "validation": train}, {"train": [2], "validation": [2]})
    images = WebShards(f"wds/{tmp_path.name}", "val", root=tmp_path.parent)
    assert (images.part, images._urls, images.total) == ("validation", [str(train[0])], 2)
    (tmp_path / "_info.json").write_text("{}")
    with pytest.raises(UserError, match=r"_info\.json is no list of splits"):
        WebShards(f"wds/{tmp_path}", "val")


def test_shards_without_a_split_are_all_read_and_those_of_the_other_are_not(tmp_path: Path):
    write_shards(tmp_path, [1, 1], start="part")
    assert WebShards(f"wds/{tmp_path}", "val").shards == 2
    write_shards(tmp_path / "train", [1])
    with pytest.raises(UserError, match=r"No shards for “val” in .*: there is “train-000\.tar”"):
        WebShards(f"wds/{tmp_path}/train", "val")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="there is no tar file"):
        WebShards(f"wds/{tmp_path}/empty", "val")


def test_braces_name_many_shards_and_one_that_is_missing_is_named(tmp_path: Path):
    write_shards(tmp_path, [1, 1, 1])
    images = WebShards(f"wds/{tmp_path}/train-{{001..002}}.tar", "train")
    assert [found.name for found in read(images)] == [
        "train-001.tar/000001",
        "train-002.tar/000002",
    ]
    with pytest.raises(UserError, match=r"there is no shard .*/train-003\.tar"):
        WebShards(f"wds/{tmp_path}/train-{{000..003}}.tar", "train")


def test_labels_are_names_or_a_field_or_none_are_wanted(tmp_path: Path):
    (tmp_path / "classes.txt").write_text("ant\nbee\n")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add_sample(tar, "0", png(tile(0, 0)), " bee\n", ending="mask.png")
    place = f"wds/{tmp_path}/a.tar"
    (stored,) = read(WebShards(place, "train", columns=["jpg;mask.png"]))
    assert (stored.label, stored.content) == (1, png(tile(0, 0)))
    assert read(WebShards(place, "train", labelled=False)) == [
        Damaged("a.tar/0", "It has no picture.")
    ]
    with pytest.raises(UserError, match=r"a\.tar/0 has no kind in its file \.json, which would"):
        read(WebShards(place, "train", columns=["mask.png", "kind"]))


def test_a_field_of_the_json_can_be_the_label(tmp_path: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add_sample(tar, "0", png(tile(0, 0)), json.dumps({"kind": 3}))
    with tarfile.open(tmp_path / "b.tar", "w") as out, tarfile.open(tmp_path / "a.tar") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            entry.name = entry.name.replace(".cls", ".json")
            out.addfile(entry, content)
    (stored,) = read(WebShards(f"wds/{tmp_path}/b.tar", "train", columns=["png", "kind"]))
    assert stored.label == 3
    with pytest.raises(UserError, match=r"b\.tar/0 has no file \.cls, which would be its label"):
        read(WebShards(f"wds/{tmp_path}/b.tar", "train"))
    with pytest.raises(UserError, match=r"a\.tar/0 is of no known class"):
        read(WebShards(f"wds/{tmp_path}/a.tar", "train"))
    (stored,) = read(WebShards(f"wds/{tmp_path}/b.tar", "train", labelled=False))
    assert stored.label == 0


def test_damage_is_told_and_the_other_shards_are_read(tmp_path: Path):
    first, second, _ = write_shards(tmp_path, [3, 2, 1])
    first.write_bytes(first.read_bytes()[: 3 * 1024 + 700])  # in the second image
    second.write_bytes(b"no tar file" * 99)
    found = read(WebShards(f"wds/{tmp_path}", "train"))
    assert [each.name for each in found] == [
        "train-000.tar/000000",
        "train-000.tar from image 1 on",
        "train-001.tar from image 0 on",
        "train-002.tar/000005",
    ]


def test_an_image_of_a_name_that_was_there_is_not_counted_again(tmp_path: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for key in ("0", "1", "0"):
            add_sample(tar, key, png(tile(0, 0)), "0")
    found = read(WebShards(f"wds/{tmp_path}/a.tar", "train"))
    assert found[2] == Damaged("a.tar/0", "Its name is there twice.")
