"""What a part of `remake` is, where parts write, and which weights they are of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seviz.files import hexdigest
from seviz.nets.embedded import ARCHITECTURE
from seviz.zoo.registered import embedded_pair


@dataclass(frozen=True)
class Setting:
    """Where parts read and write.

    data: a folder of train*.zip, val.zip and boxes.tsv; out: the folder of what is made, assets/ of
    a checkout; loaders: as of `seviz.photos.dataset.count_loaders`.
    """

    data: Path
    out: Path
    loaders: int | None = None

    @property
    def profile(self) -> Path:
        """Return the file of the SE network's gate statistics."""
        return self.out / f"{ARCHITECTURE}.profile.safetensors"

    @property
    def figures(self) -> Path:
        """Return the file of what was measured."""
        return self.out / f"{ARCHITECTURE}.figures.json"

    @property
    def card(self) -> Path:
        """Return the model card."""
        return self.out / f"{ARCHITECTURE}.md"


@dataclass(frozen=True)
class Part:
    """Something that follows from the weights.

    name: as `--only` takes it; current: tells whether what is there is of the present weights;
    make: makes it, and returns a remark for people, or ""; lacks: says in a clause what is missing
    here to make it, or "".
    """

    name: str
    current: Callable[[Setting], bool]
    make: Callable[[Setting], str]
    lacks: Callable[[Setting], str] = lambda _: ""


def weights(*keys: str) -> dict[str, str]:
    """Return the sha256 of the weights of networks that travel with seviz, by key."""
    pair = {source.key: source for source in embedded_pair()}
    return {key: hexdigest(pair[key].fetch()) for key in keys}
