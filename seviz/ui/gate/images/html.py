"""The pieces of HTML of the section “Over many images”."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from markupsafe import Markup

from seviz.records.one_gate import NamedGate, OneGate
from seviz.ui.parts import html, tables
from seviz.words.numbers import decimals

SHOWN = 8  # images of a kind


def exemplars(gate: OneGate, thumbnails: Mapping[str, str]) -> Markup:
    """List the images with the largest, median and smallest gate.

    thumbnails: pictures of images, as addresses of data, by name; an image without one is named.
    """
    kinds = (("Largest", gate.largest), ("Median", gate.middle), ("Smallest", gate.smallest))
    sets = html.join(
        Markup("<section>{}</section>").format(
            _pictures(kind, images[:SHOWN], thumbnails)
            if any(of.image in thumbnails for of in images)
            else _table(kind, images[:SHOWN])
        )
        for kind, images in kinds
        if images
    )
    return Markup('<div class="exemplar-sets">{}</div>').format(sets) if sets else html.NOTHING


def missing(gate: OneGate) -> Markup:
    """Say what is not there, and what would bring it."""
    return html.join(html.notice(sentence) for sentence in gate.missing)


def _pictures(kind: str, images: Sequence[NamedGate], thumbnails: Mapping[str, str]) -> Markup:
    cards = html.join(
        Markup(
            '<li><img alt="" src="{}"><p class="name" title="{}">{}</p><p>s = {}</p></li>'
        ).format(thumbnails.get(of.image, ""), of.image, of.label, decimals(of.s, 3))
        for of in images
    )
    return Markup('<h3>{} gate</h3><ul class="exemplars">{}</ul>').format(kind, cards)


def _table(kind: str, images: Sequence[NamedGate]) -> Markup:
    rows = [("", (of.label, decimals(of.s, 3), _file(of.image))) for of in images]
    return tables.figures(f"{kind} gate", ("class", "s", "image"), rows)


def _file(image: str) -> Markup:
    """Show the file's name of an image, and where it is to whoever points at it."""
    return Markup('<span title="{}">{}</span>').format(image, PurePosixPath(image).name)
