"""Download of a catalogue network's weights, with resuming and verification.

Hub files go through the Hub's own client and cache, release files into torch.hub's folder. Both are
hashed before their first use in a process, since neither cache verifies its files.
"""

import errno
import hashlib
import logging
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

from filelock import FileLock

from seviz.errors import UserError
from seviz.files import hexdigest
from seviz.zoo.transfer import FULL, DownloadError, check_room, interruption, transfer

if TYPE_CHECKING:
    from seviz.zoo.sources import Source

HUB_FILE = "model.safetensors"
REACH_SECONDS = 5.0  # for the Hub's first answer; its client alone would try for minutes

GONE = (404, 410)
WRONG = "the server that keeps them sent something else (its sha256 differs); try again later"
BLOB = re.compile(r"[0-9a-f]{64}|[0-9a-f]{40}")  # named by sha256, or by the sha1 of a git blob
RELEASE = re.compile(r"-([0-9a-f]{8,64})\.")  # the start of a sha256, where torch.hub looks too


def cached_file(kind: str, origin: str) -> Path | None:
    """Return the downloaded file of a hub's repository or a release's address, if it is here."""
    from huggingface_hub import try_to_load_from_cache

    if kind == "hub":
        found = try_to_load_from_cache(origin, HUB_FILE)
        return Path(found) if isinstance(found, str) else None
    path = release_file(origin)
    return path if path.exists() else None


def release_file(url: str) -> Path:
    """Return where torch.hub keeps the file of a release URL."""
    return hub_folder() / "checkpoints" / url.rsplit("/", 1)[-1]


def hub_folder() -> Path:
    """Return torch.hub's folder, without importing torch: as `torch.hub.get_dir`."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME", str(Path(cache, "torch")))
    return Path(home).expanduser() / "hub"


def fetch(source: "Source") -> Path:
    """Return the verified file of a network's weights, downloading it where needed.

    A damaged file in the cache is replaced. Raises UserError, one sentence, where the weights
    can't be had; the next call resumes the download, or starts from a clean cache.
    """
    try:
        return _intact_file(source) or _download(source)
    except Exception as error:  # the Hub's client passes on any error of its HTTP library
        logging.getLogger(__name__).debug("fetching %s", source.key, exc_info=error)
        why = f"The weights of {source.title} can't be used: {reason(error)}."
        raise UserError(why) from error


def reason(error: Exception) -> str:
    """Return a clause: why weights could not be downloaded, and what would help."""
    from huggingface_hub.errors import HfHubHTTPError

    if isinstance(error, DownloadError):
        return str(error)
    if isinstance(error, HfHubHTTPError | HTTPError):
        if (error.code if isinstance(error, HTTPError) else error.response.status_code) in GONE:
            return "they are no longer where their server kept them; choose another network"
        return "the server that keeps them refused to send them; try again later"
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL:
        return "the disk is full; make room and try again"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"a file is in the way of the folder {error.filename}; move it elsewhere"
    if isinstance(error, PermissionError | IsADirectoryError) or number == errno.EROFS:
        return f"{getattr(error, 'filename', None)} can't be opened; check its rights"
    if isinstance(error, ConnectionError | TimeoutError | URLError | FileNotFoundError):
        return (
            "they are not on this machine and their server can't be reached; "
            "connect to the network, or choose the embedded network"
        )
    return f"the download failed ({type(error).__name__}); try again"


def has_digest(file: Path, digest: str) -> bool:
    """Tell whether a file has a digest; a file is read once per process unless it changes.

    `digest` is the start of a sha256, or the 40 digits of a git blob's sha1, in hexadecimal. Where
    it is empty there is nothing to compare.
    """
    state = file.stat()
    return not digest or _matches(file, digest, (state.st_size, state.st_mtime_ns, state.st_ino))


@cache
def _matches(file: Path, digest: str, state: tuple[int, int, int]) -> bool:
    if len(digest) == 40:
        hasher = hashlib.sha1(b"blob %d\0" % state[0], usedforsecurity=False)
    else:
        hasher = hashlib.sha256()
    return hexdigest(file, hasher).startswith(digest)


def _stated_digest(file: Path) -> str:
    """Return the digest that a cached file's name states; empty where it states none."""
    if match := RELEASE.search(file.name):
        return match[1]
    # The Hub's snapshots link to blobs, which are named by digests. One step only: with Xet the
    # blob may be a link itself, to a file that is named by another kind of hash.
    name = file.readlink().name if file.is_symlink() else ""
    return name if BLOB.fullmatch(name) else ""


def _intact_file(source: "Source") -> Path | None:
    """Return the downloaded file; None where there is none or it is damaged."""
    file = source.local_file
    return file if file and has_digest(file, _stated_digest(file)) else None


def _download(source: "Source") -> Path:
    """Replace a missing or damaged file, one thread and process at a time."""
    from huggingface_hub import constants

    origin, damaged = source.origin, source.local_file
    if constants.HF_HUB_OFFLINE:
        state = f"the file {damaged.name} is damaged" if damaged else "they are not on this machine"
        advice = "unset it and try again, or choose the embedded network"
        raise DownloadError(f"{state} and HF_HUB_OFFLINE forbids to download; {advice}")
    hub = source.kind == "hub"
    file = Path(constants.HF_HUB_CACHE, ".locks", source.key) if hub else release_file(origin)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock"):
        if found := _intact_file(source):  # downloaded by the lock's previous owner
            return found
        if damaged := source.local_file:
            _remove(damaged, links=hub)
        return _from_hub(origin) if hub else _from_release(origin, file)


def _from_hub(repository: str) -> Path:
    """Download with the Hub's client, which resumes within a call, and check the file."""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url

    try:
        url = hf_hub_url(repository, HUB_FILE)
        metadata = get_hf_file_metadata(url, timeout=REACH_SECONDS)
    except OSError:  # refused, or offline
        raise
    except Exception as error:  # whichever HTTP library the Hub's client uses
        raise ConnectionError("the Hub can't be reached") from error
    check_room(Path(constants.HF_HUB_CACHE), metadata.size or 0)
    try:
        file = Path(hf_hub_download(repository, HUB_FILE))
    except Exception as error:
        size_is_wrong = type(error) is OSError and error.errno is None
        if isinstance(error, OSError) and not size_is_wrong:
            raise
        raise interruption(error) from error
    stated = metadata.etag if BLOB.fullmatch(metadata.etag or "") else ""
    if not has_digest(file, _stated_digest(file) or stated or ""):
        _remove(file, links=True)
        raise DownloadError(WRONG)
    return file


def _from_release(url: str, file: Path) -> Path:
    """Download to a .part file, resuming an earlier call, check it, and move it into place."""
    part = file.with_name(f"{file.name}.part")
    for _ in range(1 + part.exists()):  # once more if an earlier call left a bad part
        transfer(url, part)
        if has_digest(part, _stated_digest(file)):
            return part.replace(file)
        part.unlink()
    raise DownloadError(WRONG)


def _remove(file: Path, links: bool) -> None:
    """Remove a file, and what it links to where that is the Hub's cache."""
    while links and file.is_symlink():
        target = file.parent / file.readlink()
        file.unlink()
        file = target
    file.unlink(missing_ok=True)
