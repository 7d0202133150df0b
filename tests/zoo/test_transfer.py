import errno
import os
import shutil
import ssl
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from hub import Served, Server

from seviz.zoo import transfer as module
from seviz.zoo.transfer import TRIES, DownloadError, check_room, interruption, transfer

CONTENT = bytes(range(256)) * 40
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(module, "PAUSE", 0.001)
    with Server() as running:
        yield running


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "weights.part"


def received(server: Server, part: Path, **how: object) -> bytes:
    server.files["/w"] = Served(CONTENT, **how)
    transfer(f"{server.url}/w", part)
    return part.read_bytes()


def test_a_whole_file_is_asked_for_once(server: Server, part: Path):
    assert received(server, part) == CONTENT
    assert server.gets == [None]


@pytest.mark.parametrize(("size", "total"), [(len(CONTENT), len(CONTENT)), (-1, None)])
def test_progress_has_a_total_where_the_server_states_a_size(
    server: Server, part: Path, monkeypatch, size: int, total: int | None
):
    totals: list[int | None] = []
    bar = module.tqdm
    monkeypatch.setattr(module, "tqdm", lambda **how: totals.append(how["total"]) or bar(**how))
    assert received(server, part, size=size) == CONTENT
    assert totals == [total]


def test_what_is_there_already_is_not_asked_for_again(server: Server, part: Path):
    part.write_bytes(CONTENT[:1000])
    assert received(server, part) == CONTENT
    assert server.gets == ["bytes=1000-"]


def test_it_goes_on_where_the_server_broke_off(server: Server, part: Path):
    assert received(server, part, cuts=[300, 200]) == CONTENT
    assert server.gets == [None, "bytes=300-", "bytes=500-"]


def test_a_server_without_ranges_sends_everything_anew(server: Server, part: Path):
    part.write_bytes(b"x" * 1000)
    assert received(server, part, ranges=False) == CONTENT


def test_what_is_longer_than_the_file_is_thrown_away(server: Server, part: Path):
    part.write_bytes(CONTENT + b"more")
    assert received(server, part) == CONTENT
    assert server.gets == [f"bytes={len(CONTENT) + 4}-", None]


def test_tries_that_bring_nothing_are_counted_in_a_row(server: Server, part: Path):
    nothing = [0] * (TRIES - 1)
    assert received(server, part, cuts=[10, *nothing, 10, *nothing]) == CONTENT
    part.unlink()
    with pytest.raises(DownloadError, match="broke the transfer off; try again"):
        received(server, part, cuts=[10, *[0] * TRIES])
    assert part.read_bytes() == CONTENT[:10]  # a later call goes on there


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_not_tried_again(server: Server, part: Path, status: int):
    part.write_bytes(CONTENT[:10])
    with pytest.raises(HTTPError) as refused:
        received(server, part, status=status)
    assert refused.value.code == status
    assert len(server.gets) == 1
    assert part.read_bytes() == CONTENT[:10]
    refused.value.close()


def test_a_range_that_a_fresh_file_does_not_have_is_an_error(server: Server, part: Path):
    with pytest.raises(HTTPError):  # 416 without a part: no loop
        received(server, part, status=416)


@pytest.mark.parametrize(("number", "stays"), [(errno.ENOSPC, False), (errno.EACCES, True)])
def test_a_part_is_deleted_only_where_the_disk_is_full(
    part: Path, monkeypatch, number: int, stays: bool
):
    def fails(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    part.write_bytes(b"some")
    monkeypatch.setattr(module, "urlopen", fails)
    with pytest.raises(OSError, match=os.strerror(number)):
        transfer("http://127.0.0.1/w", part)
    assert part.exists() is stays


@pytest.mark.parametrize(
    ("error", "how"),
    [
        (TimeoutError(), "fell silent"),
        (TimeoutError(), "fell silent"),
        (ConnectionResetError(), "broke the transfer off"),
        (ssl.SSLError(), "broke the transfer off"),
    ],
)
def test_silence_is_told_from_breaking_off(error: Exception, how: str):
    assert str(interruption(error)) == f"the server that keeps them {how}; try again"


@pytest.mark.parametrize(
    ("total", "free", "fits"), [(100, 50, True), (100, 51, True), (100, 49, False), (0, 0, True)]
)
def test_a_disk_must_have_room_unless_it_does_not_know(
    tmp_path: Path, monkeypatch, total: int, free: int, fits: bool
):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(total, total - free, free))
    if fits:
        check_room(tmp_path, 50)
        return
    with pytest.raises(OSError, match="too little room") as full:
        check_room(tmp_path, 50)
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(tmp_path))
