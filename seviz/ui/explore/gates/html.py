"""The pieces of HTML of the tab “Gates”."""

from markupsafe import Markup

from seviz.records.trace import Trace
from seviz.ui.parts import html
from seviz.words.arms import arm_title
from seviz.words.gates import atlas_words, difference_words, terms_words


def atlas_help(record: Trace, row: int, *, show: str, side: str) -> Markup:
    """Say how to read the atlas, and what z and s are; row: of the arm beside the first."""
    titles = [arm_title(record.arms[r]) for r in (0, row)]
    difference = side == "difference"
    read = difference_words(show, *titles) if difference else atlas_words(record.sites, show)
    return html.hint(read) + html.hint(
        Markup('{} <a href="#about">What are z and s?</a>').format(terms_words(record.sites))
    )
