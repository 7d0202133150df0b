"""The visible folders and files of a folder or zip, as people have them.

Hidden and system files are passed over. What can't be a picture's file is not listed but named,
with the reason, in `left_out`.
"""

import os
import stat
import zipfile
from functools import lru_cache
from pathlib import Path
from posixpath import normpath
from typing import Protocol

from seviz.errors import UserError
from seviz.phrases import brief, printable

_SYSTEM = {  # in small letters; names that begin with a dot are hidden, too
    *("__macosx", "icon\r", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini"),
    *("$recycle.bin", "system volume information", "@eadir", "@recycle", "#recycle", "#snapshot"),
    *("lost+found", "__pycache__"),
}
# The others of `zipfile` unpack all that a file has, whatever size it claims.
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LONGEST, DEEPEST = 500, 32  # characters of a path in a zip, and folders in it
_ARCHIVES = {  # a file's beginning: the archive's kind
    **{b"PK": "a damaged zip, cut short or one of several parts", b"\x1f\x8b": "a gzip or tar.gz"},
    **{b"7z\xbc\xaf": "a 7z", b"Rar!": "a RAR", b"BZh": "a bzip2", b"\xfd7zXZ": "an xz"},
    b"\x28\xb5\x2f\xfd": "a zstd",
}
UNPACK = "unpack it and give the folder"


class Tree(Protocol):
    """A folder or zip; paths inside it have slashes, and "" is the whole."""

    root: Path
    left_out: dict[str, str]  # by path: why the file or folder is not listed

    def list(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of the visible folders and of the visible files in a folder, sorted."""


class FolderTree:
    """A folder on disk; links are followed, but for those to a folder that they are in."""

    def __init__(self, root: Path) -> None:
        """Read nothing yet."""
        self.root = root
        self.left_out: dict[str, str] = {}

    def list(self, path: str) -> tuple[list[str], list[str]]:
        """Return the visible folders and files; a folder that can't be opened is left out."""
        folders: list[str] = []
        files: list[str] = []
        try:
            with os.scandir(self.root / path) as found:
                entries = [entry for entry in found if not _is_hidden(entry.name)]
        except OSError as error:
            self.left_out[path or "."] = f"a folder that can't be opened ({error.strerror})"
            return [], []
        for entry in sorted(entries, key=lambda entry: entry.name):
            inside = join(path, entry.name)
            if why := self._why_not(entry, path, inside):
                self.left_out[inside] = why
            else:
                (folders if entry.is_dir() else files).append(entry.name)
        return folders, files

    def _why_not(self, entry: os.DirEntry[str], path: str, inside: str) -> str:
        """Return why an entry can't be listed; "" where it can."""
        try:
            if entry.is_dir():
                loops = entry.is_symlink() and self._loops(path, inside)
                return "a link to a folder that it is in" if loops else ""
            if entry.is_file():
                return ""
        except OSError as error:  # a link to itself, or a disk that fails
            return f"it can't be opened ({error.strerror})"
        return "a link that leads nowhere" if entry.is_symlink() else "not an ordinary file"

    def _loops(self, path: str, link: str) -> bool:
        """Tell whether a link leads to its folder, or to one around it, by whatever links."""
        around = {os.path.realpath(self.root)}
        for end in (i for i, sign in enumerate(f"{path}/") if sign == "/"):
            around.add(os.path.realpath(self.root / path[:end]))
        return os.path.realpath(self.root / link) in around


class ZipTree:
    """A zip, also one packed with back-slashes, or with names that don't say their encoding."""

    def __init__(self, path: Path) -> None:
        """Read the list of its files; UserError where it is not a whole zip."""
        self.root = path
        self.left_out: dict[str, str] = {}
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self._folders: dict[str, set[str]] = {"": set()}
        self._files: dict[str, set[str]] = {"": set()}
        if not zipfile.is_zipfile(path):
            raise UserError(_no_zip(path))
        try:
            self._zip = zipfile.ZipFile(path)
            for info in self._zip.infolist():
                self._add(info)
        except Exception as error:  # a damaged list of files can raise nearly anything
            raise UserError(f"{path} is a damaged zip; pack it again, or {UNPACK}.") from error

    def _add(self, info: zipfile.ZipInfo) -> None:
        name = _name(info)
        # As programs that unpack it do: a path that is absolute or leads out stays inside.
        parts = [part for part in normpath("/" + name.replace("\\", "/")).split("/") if part]
        if not parts or any(map(_is_hidden, parts)):
            return
        if len(name) > LONGEST or len(parts) > DEEPEST:
            self.left_out[brief(name)] = "its path is too long"
            return
        is_folder = name.endswith(("/", "\\"))
        folder = self._add_folders(parts if is_folder else parts[:-1])
        if is_folder:
            return
        inside = join(folder, parts[-1])
        if why := _why_unreadable(info):
            self.left_out[inside] = why
            return
        if before := self.entries.get(inside):  # programs that unpack it keep the last one
            self.left_out[f"{inside} at byte {before.header_offset}"] = "stored again in the zip"
        self.entries[inside] = info
        self._files[folder].add(parts[-1])

    def _add_folders(self, parts: list[str]) -> str:
        """Add a folder and those around it; return its path."""
        path = ""
        for part in parts:
            self._folders[path].add(part)
            path = join(path, part)
            self._folders.setdefault(path, set())
            self._files.setdefault(path, set())
        return path

    def list(self, path: str) -> tuple[list[str], list[str]]:
        """Return the visible folders and files."""
        return sorted(self._folders[path]), sorted(self._files[path])

    def read(self, inside: str) -> bytes:
        """Return a file's bytes; UserError where they are damaged, or more than the zip says."""
        info = self.entries[inside]
        try:
            with self._zip.open(info) as file:
                return file.read(info.file_size)  # without a size, all is unpacked and then cut
        except Exception as error:  # of zipfile, of its decompressors, or of the disk
            raise UserError("This file is damaged in the zip: pack it again.") from error


@lru_cache(maxsize=16)
def open_zip(path: Path, pid: int) -> ZipTree:
    """Open a zip once per process: forked readers must not share a file position."""
    del pid
    return ZipTree(path)


def join(folder: str, name: str) -> str:
    """Return the path of a name in a folder of a tree."""
    return f"{folder}/{name}" if folder else name


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SYSTEM


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; one that does not say that it is UTF-8 is so where its bytes are."""
    name = info.filename
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _why_unreadable(info: zipfile.ZipInfo) -> str:
    """Return why a file in a zip can't be read; "" where nothing speaks against it."""
    if info.flag_bits & 0x1:
        return f"encrypted; {UNPACK}"
    if info.compress_type not in _PACKED:
        return f"compressed by a method that is not read here; {UNPACK}"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, of which a zip holds no picture"
    return ""


def _no_zip(path: Path) -> str:
    """Return the sentence about a file that is not a zip."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        return f"{path} can't be read: {error.strerror}."
    kind = next((kind for start, kind in _ARCHIVES.items() if head.startswith(start)), "")
    if head[257:262] == b"ustar":
        kind = "a tar archive"
    if kind:
        return f"{printable(str(path))} is {kind}, and only whole zips are read: {UNPACK}."
    return f"{printable(str(path))} is not a zip; give a folder or zip of pictures."
