"""A part of `remake`, the paths of its files, and the digests of the weights."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seviz.errors import UserError
from seviz.files import hexdigest
from seviz.nets.embedded import ARCHITECTURE
from seviz.reference.ranges import ranges_file
from seviz.reference.unknown import FILE as UNKNOWN
from seviz.zoo.registered import embedded_pair, laboratory_sources


@dataclass(frozen=True)
class Setting:
    """The folders that parts read from and write into.

    images: a folder of train*.zip, val.zip and boxes.tsv, None where there is none; out: the folder
    to write into, assets/ in a checkout; loaders: as for `seviz.photos.dataset.count_loaders`.
    """

    images: Path | None
    out: Path
    loaders: int | None = None

    @property
    def data(self) -> Path:
        """Return the folder of the images; UserError where there is none."""
        if self.images is None:
            raise UserError("This part is made of images; name their folder by --data DIR.")
        return self.images

    @property
    def profile(self) -> Path:
        """Return the file of the SE network's gate statistics."""
        return self.out / f"{ARCHITECTURE}.profile.safetensors"

    @property
    def figures(self) -> Path:
        """Return the file of the measurements."""
        return self.out / f"{ARCHITECTURE}.figures.json"

    @property
    def necessity(self) -> Path:
        """Return the file of what the SE network loses where its gates are replaced."""
        return self.out / f"{ARCHITECTURE}.necessity.json"

    @property
    def ranges(self) -> Path:
        """Return the file of the SE network's ranges."""
        return ranges_file(self.profile)

    @property
    def unknown(self) -> Path:
        """Return the file of what tells photographs of other classes."""
        return self.out / UNKNOWN.name

    @property
    def card(self) -> Path:
        """Return the model card."""
        return self.out / f"{ARCHITECTURE}.md"


@dataclass(frozen=True)
class Part:
    """A file, or an entry of one, that depends on the weights.

    name: as for `--only`; current: tells whether the existing one is of the present weights; make:
    makes it and returns a remark for the user, or ""; lacks: returns a clause that names what is
    missing to make it, or "".
    """

    name: str
    current: Callable[[Setting], bool]
    make: Callable[[Setting], str]
    lacks: Callable[[Setting], str] = lambda _: ""


def weight_digests(*keys: str) -> dict[str, str]:
    """Return the sha256 of the weights of networks that are part of seviz, by key."""
    shipped = {source.key: source for source in embedded_pair()} | laboratory_sources()
    return {key: hexdigest(shipped[key].fetch()) for key in keys}
