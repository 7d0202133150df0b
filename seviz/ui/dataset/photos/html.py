"""The gallery in HTML; pictures are in it as data, so no address serves them."""

import base64
from collections.abc import Iterable

from markupsafe import Markup

from seviz.records.collection import Collection, Photographs
from seviz.ui.dataset.photos.gallery import Shown
from seviz.ui.parts.html import NOTHING, items, join
from seviz.words.collection import answer_words, skipped_words

PICK_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-index]");
  if (!button) return;
  if (button.dataset.what === "open") scrollTo(0, 0); // Explore begins at its top
  trigger("select", { index: Number(button.dataset.index), what: button.dataset.what });
});
"""


def gallery(collection: Collection, shown: Iterable[Shown]) -> Markup:
    """Set photographs with their answers, in an order."""
    cards = join(_card(collection, each) for each in shown)
    return Markup('<ul class="gallery">{}</ul>').format(cards)


def skipped(photographs: Photographs) -> Markup:
    """List the files that were skipped; nothing where there is none."""
    lines = skipped_words(photographs)
    if not lines:
        return NOTHING
    count = "1 file was skipped" if len(lines) == 1 else f"{len(lines):,} files were skipped"
    return Markup("<details open><summary>{}</summary><ul>{}</ul></details>").format(
        count, items(lines)
    )


def _card(collection: Collection, shown: Shown) -> Markup:
    i, note = shown
    photo, right = collection.photographs.photos[i], collection.right(i)
    mark = {True: "right", False: "wrong", None: ""}[right]
    folder = f"{photo.folder}: {mark}" if mark else photo.folder
    return Markup(
        '<li class="photo {mark}"><button type="button" data-what="open" data-index="{i}" '
        'aria-label="Open {name} in Explore"><img alt="" src="data:image/jpeg;base64,{data}">'
        '</button><p class="name" title="{name}">{name}</p><p>{answer}</p>{folder}{note}'
        '<button type="button" data-what="near" data-index="{i}" '
        'aria-label="Sort by distance to {name}">Nearest to this</button></li>'
    ).format(
        mark=mark,
        i=i,
        name=photo.name,
        data=base64.b64encode(photo.thumbnail).decode(),
        answer=answer_words(collection, i),
        folder=_line("folder", folder),
        note=_line("note", note),
    )


def _line(kind: str, text: str) -> Markup:
    return Markup('<p class="{}">{}</p>').format(kind, text) if text else NOTHING
