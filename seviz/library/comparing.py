"""`Network.compare_with`: which two networks are compared, on which photographs."""

from contextlib import closing
from typing import NamedTuple

from seviz.answers.gate_similarity import check_both_have_gates, measure_similarity
from seviz.answers.network_pair import NetworkPairAnswer, network_pair_answer
from seviz.answers.provenance import provenance
from seviz.errors import UserError
from seviz.library.arguments import GivenPhoto, read_given
from seviz.library.calls import Line, call
from seviz.library.data import ManyPhotos, read_photographs
from seviz.library.network_pair import NetworkPairResult
from seviz.library.open_network import OpenNetwork
from seviz.passes.dispatch import fetch
from seviz.photos.file import file_of
from seviz.photos.read import Photo
from seviz.records.network_pair import GateSimilarity
from seviz.watch import Bar, Part, Watch
from seviz.words.collection import left_out_words
from seviz.zoo.catalogue import find
from seviz.zoo.sources import MEMORY


class _Many(NamedTuple):
    """What is found over many photographs: how alike gates are, what these are, and left out."""

    similarity: GateSimilarity
    title: str
    left_out: str


def compare_networks(
    a: OpenNetwork,
    other: OpenNetwork | str,
    photo: Photo | None,
    *,
    method: str,
    target: str,
    data: ManyPhotos | None,
    quiet: bool,
) -> NetworkPairResult:
    """Compare two networks; the arguments and errors are those of `Network.compare_with`."""
    keys = a.source.key, _key(other)
    _check_asked(photo, data, method=method, target=target)
    if data is not None:
        check_both_have_gates(*keys)
    given = None if photo is None else read_given(photo)
    found = None if given is None else _on_photo(keys, given, method=method, target=target)
    many = None if data is None else _over(keys, data, quiet=quiet)
    command = call(
        f"{a.opened}.compare_with",
        ("other", Line(_opened(a, other))),
        *([] if given is None else [(given.name, given.given)]),
        method=method,
        target=target,
        data=data,
    )
    files = [] if given is None else [file_of(given.picture)]
    title = None if many is None else many.title
    ours, theirs = (provenance(key, files, data=title, command=command) for key in keys)
    return NetworkPairResult(
        ours,
        theirs,
        answer=found,
        similarity=None if many is None else many.similarity,
        left_out="" if many is None else many.left_out,
    )


def _key(other: OpenNetwork | str) -> str:
    """Return the key of the second network; UserError where it is none, or is closed."""
    if isinstance(other, OpenNetwork):
        return other.source.key
    if isinstance(other, str):
        return find(other).key
    raise UserError(
        "compare_with takes another network, as seviz.load or seviz.wrap opens it, or its key, "
        f"not {type(other).__name__}."
    )


def _check_asked(photo: Photo | None, data: ManyPhotos | None, *, method: str, target: str) -> None:
    """Raise UserError where there is nothing to compare by, or a question lacks its photograph."""
    if photo is None and data is None:
        raise UserError(
            "compare_with takes a photograph, or data, many photographs over which gates are "
            "compared; give one of them, or both."
        )
    if target and not method:
        raise UserError('target is what a method explains; give one, such as method="gradcam".')
    if photo is None and method:
        raise UserError("method explains a class on one photograph; give that, too.")


def _opened(a: OpenNetwork, other: OpenNetwork | str) -> str:
    """Write how the second network is opened; of two modules, the second is called `other`."""
    if isinstance(other, str):
        return repr(other)
    if a.source.kind == other.source.kind == MEMORY:
        return other.opened.replace("(module", "(other", 1)
    return other.opened


def _on_photo(
    keys: tuple[str, str], given: GivenPhoto, *, method: str, target: str
) -> NetworkPairAnswer:
    return network_pair_answer(*keys, given.picture, method=method, target=target)


def _over(keys: tuple[str, str], data: ManyPhotos, *, quiet: bool) -> _Many:
    """Compare both networks' gates over many photographs."""
    for key in keys:
        fetch(key)  # refuses what can't be had before anything is read
    with closing(Watch()) if quiet else Bar("photographs") as watch:
        photographs, title = read_photographs(data, watch=Part(watch, 0, 0.3))
        similarity = measure_similarity(*keys, photographs, watch=Part(watch, 0.3, 1))
    return _Many(similarity, title, left_out_words(photographs))
