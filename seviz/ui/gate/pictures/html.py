"""The pieces of HTML of the section “Pictures made for this gate”."""

from markupsafe import Markup

from seviz.answers.pictures import Made
from seviz.figures.overlay import data_uri
from seviz.records.aims import SHUFFLED
from seviz.records.pictures import Overview, Pictures
from seviz.ui.parts import html
from seviz.words.numbers import decimals
from seviz.words.pictures import CONTROL, CONTROL_HINT, TITLES


def made_pictures(made: Made | None, name: str) -> Markup:
    """Show the pictures so far, a row for each aim, with what the gate is at each."""
    if made is None:
        return html.NOTHING
    rows = html.join(_row(aim, weights, of, name) for (aim, weights), of in made.pictures.items())
    return Markup('<div class="made-pictures">{}</div>').format(rows)


def _row(aim: str, weights: str, pictures: Pictures, name: str) -> Markup:  # noqa: PLR0917
    control = weights == SHUFFLED
    title = CONTROL if control else TITLES[aim]
    items = html.join(
        Markup('<li><img src="{}" alt="{} of {}, seed {}"><p>s = {}</p></li>').format(
            data_uri(pixels, "WebP"), title, name, seed + 1, decimals(float(s), 3)
        )
        for pixels, s, seed in zip(pictures.pixels, pictures.s, pictures.task.seeds, strict=True)
    )
    return Markup('<section class="{}"><h3>{}</h3><ul>{}</ul>{}</section>').format(
        "control" if control else "",
        title,
        items,
        html.hint(CONTROL_HINT) if control else "",
    )


def sheet(found: Overview | None, url: str, said: str) -> Markup:
    """Show the sheet of a block's pictures, of which each selects its gate."""
    if found is None:
        return html.NOTHING
    rows = -(-len(found.s) // found.columns)
    return html.facts(said) + Markup(
        '<div class="block-sheet" tabindex="0" role="slider" aria-valuemin="0" '
        'aria-valuemax="{last}" aria-valuenow="0" aria-label="A picture for each gate of {block}, '
        'row by row from channel 0: arrow keys lead to one, Enter selects it">'
        '<div class="sheet-cells"><img src="{url}" alt="" data-block="{block}" '
        'data-columns="{columns}" data-rows="{rows}" data-gates="{gates}" data-width="{width}" '
        'data-height="{height}"><span class="sheet-cell present" hidden></span>'
        '<span class="sheet-cell reached" hidden></span></div></div>'
    ).format(
        block=found.site,
        url=url,
        columns=found.columns,
        rows=rows,
        gates=len(found.s),
        last=len(found.s) - 1,
        width=found.width,
        height=found.height,
    )
