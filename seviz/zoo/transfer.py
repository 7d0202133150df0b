"""Download of one file over HTTP, which resumes after an interruption."""

import errno
import http.client
import shutil
import ssl
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tqdm import tqdm

STALL_SECONDS = 10.0  # without a byte, until the server counts as silent
TRIES = 3  # in a row that receive nothing
PAUSE = 1.0  # seconds before the next try after one that received nothing
CHUNK = 2**20

INTERRUPTIONS = (ConnectionError, TimeoutError, http.client.HTTPException, ssl.SSLError)
FULL = (errno.ENOSPC, errno.EDQUOT)


class DownloadError(Exception):
    """Its text is a clause: why weights can't be downloaded, and what would help."""


def transfer(url: str, part: Path) -> None:
    """Complete the file `part` of a URL; gives up after TRIES interruptions without progress."""
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
        except INTERRUPTIONS as error:
            idle = 0 if _size(part) > before else idle + 1
            if idle == TRIES:
                raise interruption(error) from error
            time.sleep(PAUSE * idle)
        except OSError as error:
            if error.errno in FULL:
                part.unlink(missing_ok=True)
            raise


def _receive(url: str, part: Path, have: int) -> None:
    """Request what follows the first `have` bytes; ConnectionError where less is received."""
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urlopen(request, timeout=STALL_SECONDS) as response:
        if response.status != 206:  # the server sends everything
            have = 0
        rest = int(response.headers["Content-Length"] or 0)
        check_room(part.parent, rest)
        # Without a terminal the bar is hidden; Gradio's page shows its progress all the same.
        total = have + rest if rest else None
        bar = tqdm(desc=part.stem, total=total, unit="B", unit_scale=True, disable=None)
        with bar, part.open("ab" if have else "wb") as file:
            bar.update(have)
            while chunk := response.read1(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    if _size(part) < have + rest:
        raise ConnectionError("the server closed early")


def interruption(error: Exception) -> DownloadError:
    """Return the error for a transfer that ended too soon."""
    silent = "Timeout" in type(error).__name__  # Python's own, or the HTTP library's
    how = "fell silent" if silent else "broke the transfer off"
    return DownloadError(f"the server that keeps them {how}; try again")


def check_room(folder: Path, size: int) -> None:
    """Raise the OSError of a full disk where a folder has no room for `size` more bytes."""
    disk = shutil.disk_usage(folder)
    if disk.total and disk.free < size:  # some network drives say 0 and 0
        raise OSError(errno.ENOSPC, "too little room", str(folder))


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
