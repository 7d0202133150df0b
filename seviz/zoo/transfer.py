"""A file over HTTP, whole: resumed where it broke off, and never left half under its own name."""

import errno
import http.client
import shutil
import ssl
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tqdm import tqdm

STALL_SECONDS = 10.0  # without a byte, until a release's server counts as silent
TRIES = 3  # in a row that bring nothing
PAUSE = 1.0  # seconds before a try after one that brought nothing
CHUNK = 2**20

CUT = (ConnectionError, TimeoutError, http.client.HTTPException, ssl.SSLError)
FULL = (errno.ENOSPC, errno.EDQUOT)


class DownloadError(Exception):
    """A clause for people: why weights can't be had, and what would help."""


def transfer(url: str, part: Path) -> None:
    """Complete a file, trying again wherever the server breaks off and brought something."""
    idle = 0
    while True:
        before = _size(part)
        try:
            return _receive(url, part, before)
        except HTTPError as error:
            error.close()
            if error.code != 416 or not before:  # 416: there is no such range
                raise
            part.unlink()
        except CUT as error:
            idle = 0 if _size(part) > before else idle + 1
            if idle == TRIES:
                raise cut(error) from error
            time.sleep(PAUSE * idle)
        except OSError as error:
            if error.errno in FULL:
                part.unlink(missing_ok=True)
            raise


def _receive(url: str, part: Path, have: int) -> None:
    """Ask once for what follows the first `have` bytes; ConnectionError where less comes."""
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urlopen(request, timeout=STALL_SECONDS) as response:
        if response.status != 206:  # the server sends everything
            have = 0
        rest = int(response.headers["Content-Length"] or 0)
        check_room(part.parent, rest)
        # Off a terminal there is no bar; Gradio's page counts along all the same.
        total = have + rest if rest else None
        bar = tqdm(desc=part.stem, total=total, unit="B", unit_scale=True, disable=None)
        with bar, part.open("ab" if have else "wb") as file:
            bar.update(have)
            while chunk := response.read1(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    if _size(part) < have + rest:
        raise ConnectionError("the server closed early")


def cut(error: Exception) -> DownloadError:
    """Say that a transfer ended too soon, and how."""
    silent = "Timeout" in type(error).__name__  # Python's own, or the HTTP library's
    how = "fell silent" if silent else "broke the transfer off"
    return DownloadError(f"the server that keeps them {how}; try again")


def check_room(folder: Path, size: int) -> None:
    """Raise the full disk's OSError before a transfer of so many bytes would meet it."""
    disk = shutil.disk_usage(folder)
    if disk.total and disk.free < size:  # some network drives say 0 and 0
        raise OSError(errno.ENOSPC, "too little room", str(folder))


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
