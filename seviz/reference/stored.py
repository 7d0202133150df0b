"""Arrays with JSON beside them in one safetensors file: what profiles and their images lie in."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from seviz.errors import UserError
from seviz.files import write_whole


@dataclass(frozen=True)
class Format:
    """A kind of file.

    key: of its JSON in the file's metadata; versions: those that can be read, the last of which is
    written; other: what is said of a file that is none, in a sentence after its path.
    """

    key: str
    versions: tuple[int, ...]
    other: str

    def write(self, path: Path, arrays: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        """Write arrays and what is said about them, in one step; UserError if it can't."""
        said = json.dumps({**about, "version": self.versions[-1]}, ensure_ascii=False)
        write_whole(Path(path), to_bytes(dict(arrays), {self.key: said}))

    @contextmanager
    def opened(self, path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Open a file of `write`: the arrays, as safetensors gives them, and what is about them.

        UserError where it is missing or of another kind, also where reading it, in the body of the
        `with`, finds that something is missing or wrong.
        """
        try:
            with safe_open(path, "numpy") as file:
                about = json.loads((file.metadata() or {})[self.key])
                if (version := about.pop("version")) not in self.versions:
                    raise UserError(
                        f"{path} is of format {version}, and this seviz reads format "
                        f"{self.versions[-1]}; measure the profile anew."
                    )
                yield file, about
        except OSError as error:
            raise UserError(f"{path} is not there, or can't be opened.") from error
        except (SafetensorError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"{path} {self.other}") from error
