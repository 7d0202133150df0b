"""What the classes of a network are called."""

import difflib
from collections import Counter
from collections.abc import Sequence
from functools import cache

from timm.data import ImageNetInfo, infer_imagenet_subset
from timm.models import get_pretrained_cfg

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.nets.results import results
from seviz.nets.shipped import shipped
from seviz.zoo import catalogue


def labels(key: str) -> tuple[str, ...]:
    """Name the classes of a network of the catalogue, each name once.

    The embedded network's and the laboratory's are in assets/, ImageNet's come from timm, a
    checkpoint's from the file beside it; classes that nobody named are called by their index.
    """
    if key in (catalogue.EMBEDDED, catalogue.TWIN):
        return tuple(name for _, name in _embedded())
    if key in shipped():
        called = dict(_embedded())
        return tuple(called.get(wnid, wnid) for wnid in results().classes)
    if (own := catalogue.own()) and key == catalogue.OWN:
        return own.labels or unnamed(own.classes)
    count = _count(key)
    subset = infer_imagenet_subset({"num_classes": count})
    return _short(subset) if subset else unnamed(count)


def unnamed(count: int) -> tuple[str, ...]:
    """Call classes that nobody named by their index."""
    return tuple(f"class {i}" for i in range(count))


def folders(key: str) -> tuple[str, ...] | None:
    """Return what folders of a network's classes are called, in its order; None where unknown.

    They are WordNet ids, and a checkpoint's are the names in the file beside it.
    """
    if key in (catalogue.EMBEDDED, catalogue.TWIN):
        return tuple(wnid for wnid, _ in _embedded())
    if key in shipped():
        return results().classes
    if (own := catalogue.own()) and key == catalogue.OWN:
        return own.labels
    subset = infer_imagenet_subset({"num_classes": _count(key)})
    return tuple(ImageNetInfo(subset).label_names()) if subset else None


def class_names(key: str) -> dict[str, str]:
    """Return what classes are called, by their folders' names, where those are known."""
    return dict(zip(folders(key) or (), labels(key), strict=False))


def find_class(names: Sequence[str], text: str) -> int:
    """Return the class of a name, or of a number as text; UserError with the nearest name."""
    if text.isdecimal() and int(text) < len(names):
        return int(text)
    by_name = {name.casefold(): i for i, name in enumerate(names)}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    near = difflib.get_close_matches(text.casefold(), by_name, 1, cutoff=0.0)
    raise UserError(
        f"There is no class “{text}” among the network's {len(names)}; did you mean "
        f"“{names[by_name[near[0]]]}”?"
    )


def _embedded() -> list[tuple[str, str]]:
    rows = (ASSETS / "classes.tsv").read_text("utf-8").splitlines()
    return [(wnid, name) for wnid, name in (row.split("\t") for row in rows)]


def _count(key: str) -> int:
    cfg = get_pretrained_cfg(catalogue.timm_name(key))
    assert cfg is not None, key
    return int(cfg.num_classes)


@cache  # the page asks twice for each photograph, and timm reads its files each time
def _short(subset: str) -> tuple[str, ...]:
    """Take the first name of each class, and more of it where that is another's too."""
    info = ImageNetInfo(subset)
    full = info.label_descriptions()
    short = [name.split(", ")[0] for name in full]
    uses, full_uses = Counter(short), Counter(full)
    return tuple(
        s if uses[s] == 1 else f if full_uses[f] == 1 else f"{f} ({wnid})"
        for s, f, wnid in zip(short, full, info.label_names(), strict=True)
    )
