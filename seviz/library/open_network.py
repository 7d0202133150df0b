"""A network while it is open: what it is, and how it is closed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from seviz.answers.provenance import arm_edits, provenance
from seviz.errors import UserError
from seviz.library.arguments import GivenPhoto
from seviz.library.calls import call
from seviz.passes.dispatch import ZOO, fetch
from seviz.photos.file import file_of
from seviz.phrases import brief
from seviz.records.arms import Arm
from seviz.records.provenance import Provenance
from seviz.records.sites import Site
from seviz.words.relatives import block_noun
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from seviz.zoo.models import LoadedModel
    from seviz.zoo.sources import Source

Self = TypeVar("Self", bound="OpenNetwork")


class OpenNetwork:
    """A network of the catalogue, or a module that was wrapped, until it is closed."""

    def __init__(
        self,
        key: str,
        *,
        opened: str,
        called: str = "",
        finish: Callable[[], object] | None = None,
    ) -> None:
        """Take a network of the catalogue.

        opened: the line that opens it; called: its name as it was opened, by default its key;
        finish: closes it.
        """
        self.key, self._called = key, called or key
        self.opened, self._closed = opened, False
        self._finish = None if finish is None else finalize(self, finish)
        if self._finish:
            self._finish.atexit = False  # what the end of the process does not leave behind

    def __enter__(self: Self) -> Self:
        """Return itself; the end of the `with` block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it: a module that was wrapped is then as it was before, without hooks."""
        self._closed = True
        if self._finish:
            self._finish()

    def __repr__(self) -> str:
        """Name it, and count its blocks and classes."""
        if self._closed:
            return f"<seviz.Network {brief(self._called)}: closed>"
        size = "×".join(map(str, self.input_size))
        count, noun = len(self.blocks), block_noun(self.blocks)
        blocks = f"{count or 'no'} {noun}{'s' * (count > 1)}"
        classes = f"{len(self.labels)} classes"
        return f"<seviz.Network {brief(self.title)}: {blocks}, {classes}, images {size}>"

    @property
    def title(self) -> str:
        """Return its name for people."""
        return self.source.title

    @property
    def source(self) -> "Source":
        """Return what the catalogue knows of it; UserError where it is closed."""
        if self._closed:
            raise UserError(f"The network “{brief(self._called)}” is closed; open it again.")
        return find(self.key)

    @property
    def loaded(self) -> "LoadedModel":
        """Return it as loaded, with its module and its probe, for what is not offered here."""
        return ZOO.get(fetch(self.source.key, plain=True), plain=True)

    @property
    def blocks(self) -> tuple[Site, ...]:
        """Return its SE blocks, or their relatives, in depth order; none without SE."""
        return self.loaded.probe.sites

    @property
    def unclear(self) -> tuple[str, ...]:
        """Return what may be an SE block too, a clause each with its path; see `seviz.register`."""
        return self.loaded.probe.unclear

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of its classes, in the order of the logits."""
        return self.source.labels

    @property
    def input_size(self) -> tuple[int, int, int]:
        """Return the (channels, height, width) of its images in pixels."""
        return self.source.input_size

    def provenance_of(
        self, method: str, *photos: GivenPhoto, edited: Sequence[Arm] = (), **asked: Any
    ) -> Provenance:
        """Record what a result about photographs is of, and the line that makes it again.

        edited: the arms; asked: the arguments of the method but for the photographs.
        """
        given = [(photo.name, photo.given) for photo in photos]
        return provenance(
            self.key,
            [file_of(photo.picture) for photo in photos],
            edits=arm_edits(edited),
            command=call(f"{self.opened}.{method}", *given, **asked),
        )
