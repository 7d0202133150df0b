import gc
import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from seviz.errors import UserError
from seviz.ui.parts import own_networks
from seviz.ui.parts.own_networks import (
    OwnNetworks,
    Sent,
    allow,
    allowed,
    check_allowed,
    networks_of,
    own_networks_of,
)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    for name in ("SEVIZ_ALLOW_UPLOADS", "SPACE_ID", "GRADIO_SHARE"):
        monkeypatch.delenv(name, raising=False)
    yield
    own_networks._allowed.clear()


def sent(folder: Path, name: str = "mine.safetensors", size: int = 10) -> Sent:
    upload = folder / "0.weights"
    upload.write_bytes(bytes(size))
    return Sent((upload, name))


def gone(folder: Path) -> None:
    """Wait until a folder that nothing holds any more is deleted."""
    gc.collect()
    for _ in range(100):
        if not folder.exists():
            return
        time.sleep(0.05)
    raise AssertionError(folder)


@pytest.mark.parametrize(
    ("option", "environment", "taken"),
    [
        (False, {}, False),
        (True, {}, True),
        (False, {"SEVIZ_ALLOW_UPLOADS": "1"}, True),
        (False, {"SEVIZ_ALLOW_UPLOADS": "TRUE"}, True),
        (False, {"SEVIZ_ALLOW_UPLOADS": "0"}, False),
        (False, {"SEVIZ_ALLOW_UPLOADS": ""}, False),
        (False, {"SEVIZ_ALLOW_UPLOADS": "private"}, True),
        (False, {"SPACE_ID": "a/b"}, False),
        (False, {"SPACE_ID": "a/b", "SEVIZ_ALLOW_UPLOADS": "private"}, True),
        (True, {"SPACE_ID": "a/b", "SEVIZ_ALLOW_UPLOADS": "private"}, True),
    ],
)
def test_networks_are_taken_only_where_the_launch_says_so(
    monkeypatch, option: bool, environment: dict[str, str], taken: bool
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert allow(option) == ""
    assert allowed() == taken
    if not taken:
        with pytest.raises(UserError, match="started without --allow-uploads; open yours with"):
            check_allowed()


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"SPACE_ID": "a/b", "SEVIZ_ALLOW_UPLOADS": "1"}, "not uploaded to a public Space, and"),
        ({"SEVIZ_ALLOW_UPLOADS": "1", "GRADIO_SHARE": "True"}, "which GRADIO_SHARE makes"),
        ({"SEVIZ_ALLOW_UPLOADS": "on\x1b"}, "is “on.*”; give 1, or private on a private Space"),
    ],
)
def test_a_refusal_is_an_error_of_the_option_and_a_notice_of_the_environment(
    monkeypatch, environment: dict[str, str], says: str
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=says):
        allow(True)
    assert not allowed()
    notice = allow(False)
    assert says.split(",")[0][:10] in notice or "give 1" in notice
    assert notice.isprintable()
    assert not allowed()


def test_a_file_goes_where_nothing_is_served_and_is_gone_with_the_last_who_holds_it(
    tmp_path: Path, monkeypatch
):
    forgotten: list[Path] = []
    monkeypatch.setattr(own_networks.ZOO, "forget", forgotten.append)
    held = sent(tmp_path, "../my net<b>.SafeTensors")
    file = held.file
    assert (file.name, held.bytes) == ("-my-net-b-.safetensors", 10)
    assert file.parents[1] == own_networks.private_folder()
    assert file.is_file()
    assert list(tmp_path.iterdir()) == []
    own = OwnNetworks(held)
    del held
    gc.collect()
    assert file.is_file()
    del own
    gone(file.parent)
    assert forgotten == [file]


@pytest.mark.parametrize("name", ["mine.pth", "mine", "mine.safetensors.pt", "model.ckpt"])
def test_other_files_are_told_how_they_become_safetensors(tmp_path: Path, name: str):
    with pytest.raises(UserError, match=r"is not a \.safetensors file; .* seviz convert FILE OUT"):
        sent(tmp_path, name)


def sent_shards(folder: Path, index: dict, *names: str) -> Sent:
    """Send an index, which has this content, and files of these names, of 10 bytes each."""
    uploads = []
    for i, name in enumerate(["m.safetensors.index.json", *names]):
        upload = folder / str(i)
        upload.write_bytes(bytes(10) if i else json.dumps(index).encode())
        uploads.append((upload, name))
    return Sent(*uploads[1:], uploads[0])  # in any order


SHARDS = {"weight_map": {"x": "a.safetensors", "y": "b.safetensors"}}


def test_shards_lie_beside_their_index_and_are_gone_with_it(tmp_path: Path):
    held = sent_shards(tmp_path, SHARDS, "b.safetensors", "a.safetensors")
    folder = held.file.parent
    assert held.file.name == "m.safetensors.index.json"
    assert held.bytes == 20 + len(json.dumps(SHARDS))
    assert {file.name for file in folder.iterdir()} == {
        held.file.name, "a.safetensors", "b.safetensors",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    del held
    gone(folder)


@pytest.mark.parametrize(
    ("index", "names", "says"),
    [
        (SHARDS, ["a.safetensors"], r"^m\.safetensors\.index\.json lists 2 shards, of which one was"
         r" not sent: b\.safetensors; send the index and all of its shards in one choice\.$"),
        (SHARDS, ["c.safetensors"], r"of which 2 were not sent: a\.safetensors"),
        (SHARDS, ["a.safetensors", "b.safetensors", "c.safetensors"],
         r"^m\.safetensors\.index\.json does not list c\.safetensors; send the index and its own"),
        ({}, ["a.safetensors"], r"^m\.safetensors\.index\.json has no “weight_map”"),
        ({"weight_map": {"x": "../a.safetensors"}}, ["../a.safetensors"],
         r"^m\.safetensors\.index\.json lists “\.\./a\.safetensors”, which is not the name of a f"),
        (SHARDS, [], "^Send one .safetensors file, or shards with their index"),
        (SHARDS, ["n.safetensors.index.json", "a.safetensors"], "^Send one .safetensors file, or"),
        (SHARDS, ["config.json"], r"^config\.json is no index of shards, whose name ends in"),
    ],
)  # fmt: skip
def test_shards_that_are_not_whole_get_one_sentence(tmp_path: Path, index, names, says: str):
    before = set(own_networks.private_folder().iterdir())
    with pytest.raises(UserError, match=says) as refused:
        sent_shards(tmp_path, index, *names)
    assert str(own_networks.private_folder()) not in str(refused.value)
    del refused
    for folder in set(own_networks.private_folder().iterdir()) - before:
        gone(folder)


def test_a_file_and_all_of_them_are_limited(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(own_networks, "HELD", type(own_networks.HELD)())
    monkeypatch.setenv("SEVIZ_MAX_NETWORK_MB", "2")
    monkeypatch.setenv("SEVIZ_MAX_NETWORKS_MB", "3")
    with pytest.raises(UserError, match=r"At most 2 MB in one uploaded network.*this has 3"):
        sent(tmp_path, size=2_000_001)
    first = sent(tmp_path, size=2_000_000)
    with pytest.raises(UserError, match="Too many uploaded networks are here at a time"):
        sent(tmp_path, size=2_000_000)
    del first
    gc.collect()
    assert sent(tmp_path, size=2_000_000).bytes == 2_000_000


def test_of_a_visitors_networks_the_latest_are_kept(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SEVIZ_MAX_OWN_NETWORKS", "2")
    held, own = sent(tmp_path), OwnNetworks()
    for name in ("a", "b", "c"):
        own = own.with_opened(SimpleNamespace(key=name), held)
    assert [source.key for source in own.sources] == ["c", "b"]
    assert networks_of(own) == own.sources


@pytest.mark.parametrize("value", [None, "forged", {"opened": ["x"]}])
def test_what_was_forged_or_put_away_is_nothing(value):
    assert own_networks_of(value).sources == networks_of(value) == ()
    assert own_networks_of(value).sent is None
