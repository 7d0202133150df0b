import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
import timm
import torch
from hub import Served, Server
from huggingface_hub import constants
from networks import awake
from safetensors.torch import save_file

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.zoo import download, transfer
from seviz.zoo.catalogue import find
from seviz.zoo.published import Published

HUB_KEY = "seresnext26ts.ch_in1k"  # the smallest network of the catalogue that the Hub keeps
HUB_PATH = "/timm/seresnext26ts.ch_in1k/resolve/main/model.safetensors"
RELEASE_KEY = "legacy_seresnet18.in1k"
CONTENT = bytes(range(256)) * 400  # of files that nobody opens as weights

# The Hub's address is read at import, so the whole way is gone in a process of its own.
DRIVER = """
import json, sys
from seviz.zoo.catalogue import find
from seviz.errors import UserError

def answer(key):
    try:
        return str(find(key).fetch())
    except UserError as error:
        return str(error)

print(json.dumps([answer(key) for key in sys.argv[1:]]))
"""


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    """Serve the Hub's address on loopback; caches are empty folders."""
    with Server() as running:
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        template = running.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
        monkeypatch.setattr(transfer, "PAUSE", 0.01)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "127.0.0.1")
        yield running
        huggingface_hub.close_session()


def fetch(key: str) -> Path:
    """Fetch a network's weights."""
    return find(key).fetch()


class Source:
    """A network of the catalogue and the server that keeps its weights."""

    def __init__(self, kind: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kind, self.server, self.monkeypatch = kind, server, monkeypatch
        self.key = HUB_KEY if kind == "hub" else RELEASE_KEY

    def serve(self, content: bytes = CONTENT, **how: object) -> Served:
        """Put a file on the server, in place of the one before."""
        served = Served(content, **how)
        path = HUB_PATH
        if self.kind == "release":
            path = f"/seresnet18-{served.digest[:8]}.pth"
            self.monkeypatch.setattr(Published, "origin", self.server.url + path)
        self.server.files[path] = served
        return served

    def refuses(self) -> str:
        """Fetch in vain; return the reason, and see that the rest of the sentence is right."""
        with pytest.raises(UserError) as caught:
            fetch(self.key)
        start = f"The weights of {find(self.key).title} can't be used: "
        sentence = str(caught.value)
        assert sentence.startswith(start)
        assert sentence.endswith(".")
        return sentence.removeprefix(start).removesuffix(".")


@pytest.fixture
def hub(server, monkeypatch) -> Source:
    return Source("hub", server, monkeypatch)


@pytest.fixture
def release(server, monkeypatch) -> Source:
    return Source("release", server, monkeypatch)


@pytest.fixture(params=["hub", "release"])
def source(request, server, monkeypatch) -> Source:
    return Source(request.param, server, monkeypatch)


@pytest.fixture
def hasty(monkeypatch) -> None:
    """Let nobody pause between two tries, and the Hub's client keep all it was sent."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1000)  # it loses a begun chunk of 10 MB


@pytest.fixture
def impatient(hasty, monkeypatch) -> None:
    """Let a server count as silent soon."""
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.1)
    monkeypatch.setattr(transfer, "STALL_SECONDS", 0.1)


def leftovers(folder: Path) -> list[str]:
    """Name what a cache holds, but for locks, notes and links."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    noise = ("CACHEDIR.TAG", "main", ".gitignore")
    return [path.name for path in files if path.suffix != ".lock" and path.name not in noise]


def test_a_hub_network_is_downloaded_then_used_offline_by_other_processes(tmp_path):
    weights = awake("seresnext26ts", seed=1).state_dict()
    save_file(weights, tmp_path / "model.safetensors")

    def ask(url: str, *keys: str, offline: str) -> list[str]:
        names = {"HF_HOME": "hf", "TORCH_HOME": "torch"}
        env = {name: str(tmp_path / folder) for name, folder in names.items()}
        env |= {"HF_ENDPOINT": url, "HF_HUB_OFFLINE": offline, "NO_PROXY": "127.0.0.1"}
        command = [sys.executable, "-c", DRIVER, *keys]
        done = subprocess.run(command, env=os.environ | env, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        return json.loads(done.stdout)

    with Server() as server:
        server.files[HUB_PATH] = Served((tmp_path / "model.safetensors").read_bytes())
        file, again, absent = ask(server.url, HUB_KEY, HUB_KEY, "seresnet50.a1_in1k", offline="0")
        assert server.gets == [None]
    assert again == file
    assert absent.endswith(
        "they are no longer where their server kept them; choose another network."
    )
    there, missing = ask(server.url, HUB_KEY, "seresnet50.a1_in1k", offline="1")
    assert there == file
    assert "they are not on this machine and HF_HUB_OFFLINE forbids to download" in missing
    assert_loads(HUB_KEY, Path(file), weights)


def test_a_release_network_is_downloaded_and_loads(release: Source, tmp_path):
    weights = awake("legacy_seresnet18", seed=2).state_dict()
    torch.save(weights, tmp_path / "weights.pth")
    release.serve((tmp_path / "weights.pth").read_bytes())
    file = fetch(RELEASE_KEY)
    assert file.parent == tmp_path / "torch" / "hub" / "checkpoints"
    assert_loads(RELEASE_KEY, file, weights)


def assert_loads(key: str, file: Path, weights: dict[str, torch.Tensor]) -> None:
    overlay = {"file": str(file)}
    model = timm.create_model(key, pretrained=True, pretrained_cfg_overlay=overlay)
    loaded = model.state_dict()
    assert loaded.keys() == weights.keys()
    assert all(torch.equal(loaded[name], weights[name]) for name in weights)


def test_the_embedded_network_is_where_it_is():
    assert fetch("embedded") == ASSETS / "seresnet50_slim.safetensors"


def test_what_is_cached_is_used_without_a_request(source: Source, monkeypatch):
    source.serve()
    file = fetch(source.key)
    assert file.read_bytes() == CONTENT
    assert len(source.server.gets) == 1
    source.server.requests.clear()
    assert fetch(source.key) == file
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert fetch(source.key) == file
    assert source.server.requests == []


def test_offline_nothing_is_asked_for(source: Source, monkeypatch):
    source.serve()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert source.refuses() == (
        "they are not on this machine and HF_HUB_OFFLINE forbids to download; "
        "unset it and try again, or choose the embedded network"
    )
    assert source.server.requests == []


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_a_refusing_server_ends_the_attempt_at_once(source: Source, status: int):
    source.serve(status=status)
    gone = "they are no longer where their server kept them; choose another network"
    refused = "the server that keeps them refused to send them; try again later"
    assert source.refuses() == (gone if status in (404, 410) else refused)
    assert len(source.server.requests) == 1
    source.serve()
    assert fetch(source.key).read_bytes() == CONTENT


def test_a_server_that_is_not_there_is_noticed_at_once(source: Source):
    source.serve()
    source.server.server_close()
    assert source.refuses() == (
        "they are not on this machine and their server can't be reached; "
        "connect to the network, or choose the embedded network"
    )


def test_a_hub_that_never_answers_counts_as_out_of_reach(hub: Source, monkeypatch):
    monkeypatch.setattr(download, "REACH_SECONDS", 0.1)
    hub.serve(silent="headers")
    assert "their server can't be reached" in hub.refuses()


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(source: Source, hasty):
    source.serve(cuts=[70_000])
    assert fetch(source.key).read_bytes() == CONTENT
    assert source.server.gets == [None, "bytes=70000-"]


def test_a_server_that_breaks_off_every_time_gets_its_sentence(source: Source, hasty):
    served = source.serve(cuts=[70_000] + [0] * 20)
    assert source.refuses() == "the server that keeps them broke the transfer off; try again"
    assert 3 < len(source.server.gets) < 10
    served.cuts.clear()
    assert fetch(source.key).read_bytes() == CONTENT


def test_a_hub_file_that_is_shorter_than_promised_broke_off(hub: Source, tmp_path):
    hub.serve(size=len(CONTENT) + 1)
    assert hub.refuses() == "the server that keeps them broke the transfer off; try again"
    assert leftovers(tmp_path) == []


def test_a_release_of_unknown_length_is_downloaded(release: Source):
    release.serve(size=-1)
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT


def test_a_server_that_falls_silent_gets_its_sentence(source: Source, impatient):
    source.serve(cuts=[70_000] + [0] * 20, silent="body")
    assert source.refuses() == "the server that keeps them fell silent; try again"


def test_a_release_server_that_never_answers_gets_its_sentence(release: Source, impatient):
    release.serve(silent="headers")
    assert release.refuses() == "the server that keeps them fell silent; try again"


def test_a_release_goes_on_where_an_earlier_call_stopped(release: Source, hasty):
    served = release.serve(cuts=[70_000, 0, 0, 0])
    release.refuses()
    release.server.requests.clear()
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT
    assert release.server.gets == ["bytes=70000-"]
    assert leftovers(download.release_file("x").parent) == [f"seresnet18-{served.digest[:8]}.pth"]


@pytest.mark.parametrize(
    ("left", "ranges", "asked"),
    [
        (CONTENT[:70_000], False, ["bytes=70000-"]),  # everything comes, and replaces it
        (CONTENT, True, ["bytes=102400-", None]),  # refused as 416
        (CONTENT + b"more", True, ["bytes=102404-", None]),
        (b"\0" * 70_000, True, ["bytes=70000-", None]),  # as a crash leaves it
    ],
)
def test_what_an_earlier_call_left_never_spoils_a_release(
    release: Source, left: bytes, ranges: bool, asked: list[str | None]
):
    release.serve(ranges=ranges)
    file = download.release_file(find(RELEASE_KEY).origin)
    file.parent.mkdir(parents=True)
    Path(f"{file}.part").write_bytes(left)
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT
    assert release.server.gets == asked


def test_a_file_of_another_hash_is_thrown_away(source: Source, tmp_path):
    true = hashlib.sha256(CONTENT).hexdigest()
    source.serve(CONTENT[::-1], digest=true)
    assert source.refuses() == (
        "the server that keeps them sent something else (its sha256 differs); try again later"
    )
    assert leftovers(tmp_path) == []
    source.serve(CONTENT, digest=true)
    assert fetch(source.key).read_bytes() == CONTENT


@pytest.mark.parametrize("damaged", [CONTENT[:-1], b"", CONTENT[:-1] + b"x"])
def test_a_damaged_file_in_the_cache_is_fetched_once_more(source: Source, damaged: bytes):
    source.serve()
    file = fetch(source.key)
    file.write_bytes(damaged)  # through the Hub's link, into its blob
    assert fetch(source.key) == file
    assert file.read_bytes() == CONTENT
    assert len(source.server.gets) == 2


def test_a_damaged_file_in_the_cache_says_so_offline(source: Source, monkeypatch):
    source.serve()
    file = fetch(source.key)
    file.write_bytes(b"damaged")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert source.refuses() == (
        f"the file {file.name} is damaged and HF_HUB_OFFLINE forbids to download; "
        "unset it and try again, or choose the embedded network"
    )
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    assert fetch(source.key).read_bytes() == CONTENT


def test_a_blob_that_links_to_the_shared_store_is_healed_there_too(hub: Source, tmp_path):
    hub.serve()
    file = fetch(HUB_KEY)
    blob, store = file.resolve(), tmp_path / "hub" / "store" / ("ab" * 32)  # named by a Xet hash
    store.parent.mkdir()
    blob.rename(store)
    blob.symlink_to(os.path.relpath(store, blob.parent))
    assert fetch(HUB_KEY) == file  # the first link's name is the sha256
    store.write_bytes(CONTENT[::-1])
    assert fetch(HUB_KEY).read_bytes() == CONTENT
    assert not store.exists()


def test_a_users_own_link_is_removed_but_not_what_it_links_to(release: Source, tmp_path):
    release.serve()
    file = fetch(RELEASE_KEY)
    own = tmp_path / "own.pth"
    own.write_bytes(b"damaged")
    file.unlink()
    file.symlink_to(own)
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT
    assert own.read_bytes() == b"damaged"


def test_two_requests_at_a_time_make_one_download(source: Source):
    source.serve(CONTENT * 20)
    together, got = threading.Barrier(2), []

    def ask() -> None:
        together.wait(10)
        got.append(fetch(source.key))

    threads = [threading.Thread(target=ask) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(got) == 2
    assert got[0] == got[1]
    assert len(source.server.gets) == 1


def test_a_disk_that_is_full_keeps_no_part_of_a_release(release: Source):
    release.serve()
    file = download.release_file(find(RELEASE_KEY).origin)
    file.parent.mkdir(parents=True)
    part = Path(f"{file}.part")
    part.symlink_to("/dev/full")  # where every write fails for want of room
    assert release.refuses() == "the disk is full; make room and try again"
    assert not part.is_symlink()
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT


def test_a_disk_that_fills_keeps_no_part_of_a_hub_file(hub: Source, tmp_path, monkeypatch):
    hub.serve()
    with monkeypatch.context() as patch:
        patch.setattr(huggingface_hub.file_download, "http_get", full)
        assert hub.refuses() == "the disk is full; make room and try again"
    assert leftovers(tmp_path) == []
    assert fetch(HUB_KEY).read_bytes() == CONTENT


def full(url: str, file: object, **how: object) -> None:
    file.write(CONTENT[:70_000])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_without_room_is_noticed_before_the_transfer(source: Source, tmp_path, monkeypatch):
    source.serve()
    usage = type(shutil.disk_usage(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda folder: usage(10**9, 10**9 - 9, 9))
        assert source.refuses() == "the disk is full; make room and try again"
    assert leftovers(tmp_path) == []
    assert fetch(source.key).read_bytes() == CONTENT


def test_a_drive_that_doesnt_know_its_room_is_tried(release: Source, tmp_path, monkeypatch):
    release.serve()
    usage = type(shutil.disk_usage(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(0, 0, 0))
    assert fetch(RELEASE_KEY).read_bytes() == CONTENT


def test_a_file_in_the_way_of_the_cache_is_named(source: Source, tmp_path):
    source.serve()
    for name in ("hub", "torch"):
        (tmp_path / name).write_bytes(b"")
    folder = {"hub": "hub/.locks", "release": "torch/hub/checkpoints"}[source.kind]
    assert source.refuses() == (
        f"a file is in the way of the folder {tmp_path / folder}; move it elsewhere"
    )


def test_a_cache_that_must_not_be_written_is_named(source: Source, monkeypatch):
    def forbidden(path: Path, **how: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/cache")

    source.serve()
    monkeypatch.setattr(Path, "mkdir", forbidden)  # root may write everywhere
    assert source.refuses() == "/cache can't be opened; check its rights"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (urllib.error.URLError("no route"), "their server can't be reached; connect to the net"),
        (FileNotFoundError("offline"), "their server can't be reached"),
        (OSError(errno.EDQUOT, "quota"), "the disk is full; make room and try again"),
        (OSError(errno.EROFS, "read-only", "/cache"), "/cache can't be opened; check its rights"),
        (IsADirectoryError(errno.EISDIR, "no", "/x.pth"), "/x.pth can't be opened"),
        (RuntimeError("what?"), "the download failed (RuntimeError); try again"),
    ],
)
def test_other_errors_have_their_reasons_too(error: Exception, says: str):
    assert says in download.reason(error)


def test_a_file_is_read_once_for_each_of_its_states(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert download.has_digest(file, digest)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", None)  # not even opened
        assert download.has_digest(file, digest)
    file.write_bytes(CONTENT[::-1])
    assert not download.has_digest(file, digest)


def test_digests_may_be_the_start_of_a_sha256_a_git_blobs_sha1_or_none(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"hello\n")
    assert download.has_digest(file, "5891b5b522d5df08")
    assert not download.has_digest(file, "5891b5b522d5df09")
    assert download.has_digest(file, "ce013625030ba8dba906f756967f9e9ca394464a")  # git hash-object
    assert not download.has_digest(file, "ce013625030ba8dba906f756967f9e9ca394464b")
    assert download.has_digest(file, "")


def test_progress_counts_the_bytes_of_a_resumed_release(release: Source, monkeypatch):
    bars = []

    class Bar(transfer.tqdm):
        def __init__(self, **how: object) -> None:
            self.counted = 0
            self.how = how
            bars.append(self)
            super().__init__(**how)

        def update(self, n: float = 1) -> None:
            self.counted += n
            super().update(n)

    monkeypatch.setattr(transfer, "tqdm", Bar)
    served = release.serve(cuts=[70_000])
    fetch(RELEASE_KEY)
    fetch(RELEASE_KEY)  # no bar for what is there
    assert [bar.counted for bar in bars] == [70_000, len(CONTENT)]
    assert {bar.how["desc"] for bar in bars} == {f"seresnet18-{served.digest[:8]}.pth"}
    assert {(bar.how["total"], bar.how["unit"]) for bar in bars} == {(len(CONTENT), "B")}


def test_a_kill_in_the_middle_leaves_nothing_under_the_final_name(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from seviz.zoo.download import _from_release\n"
        "_from_release(sys.argv[1], Path(sys.argv[2]))"
    )
    digest = hashlib.sha256(CONTENT).hexdigest()
    file = tmp_path / f"weights-{digest[:8]}.pth"
    with Server() as server:
        url = f"{server.url}/{file.name}"
        server.files[f"/{file.name}"] = Served(CONTENT, cuts=[5000], silent="body")
        run = subprocess.Popen([sys.executable, "-c", code, url, str(file)])
        with run:
            part = file.with_name(f"{file.name}.part")
            while not (part.exists() and part.stat().st_size):
                assert run.poll() is None
                time.sleep(0.05)
            run.kill()
        assert [path.name for path in tmp_path.iterdir()] == [part.name]
        server.files[f"/{file.name}"] = Served(CONTENT)
        assert download._from_release(url, file).read_bytes() == CONTENT
        assert server.gets[-1] == "bytes=5000-"
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "environment",
    [{}, {"XDG_CACHE_HOME": "/caches"}, {"TORCH_HOME": "~/t"}, {"TORCH_HOME": "/t", "HOME": "/h"}],
)
def test_release_files_are_where_torch_keeps_them(monkeypatch, environment: dict[str, str]):
    for name in ("XDG_CACHE_HOME", "TORCH_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert download.hub_folder() == Path(torch.hub.get_dir())
