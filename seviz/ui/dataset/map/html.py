"""The pieces of HTML of the view “Map”."""

from collections.abc import Mapping

from markupsafe import Markup

from seviz.records.image_map import ImageMap, Selections
from seviz.ui.parts import html, tables
from seviz.words.image_map import selections_words
from seviz.words.numbers import decimals, difference

GATES = 20  # that differ most
# Shows the photograph of the point that the pointer is on.
HOVER_JS = """
window.addEventListener("seviz:hover", ({ detail }) => {
  for (const figure of element.querySelectorAll("figure")) figure.hidden = true;
  const figure = element.querySelector(`figure[data-place="${Number(detail)}"]`);
  if (figure) figure.hidden = false;
});
"""


def pictures(shown: ImageMap, thumbnails: Mapping[str, str]) -> Markup:
    """Set the photographs of all points, hidden until the pointer is on one."""
    return html.join(
        Markup(
            '<figure class="hovered" data-place="{}" hidden><img alt="" src="{}">'
            "<figcaption>{} · {}</figcaption></figure>"
        ).format(i, thumbnails[point.image], point.label, point.image)
        for i, point in enumerate(shown.points)
        if point.image in thumbnails
    )


def selections(found: Selections, a: str, b: str) -> Markup:
    """List the gates that differ most between two selections; each opens its page."""
    gates = found.gates[:GATES]
    rows = [
        (
            "",
            (
                found.site,
                str(of.channel),
                decimals(of.a, 3),
                decimals(of.b, 3),
                "" if of.deviations is None else difference(of.deviations),
            ),
        )
        for of in gates
    ]
    heads = ("block", "channel", "mean in A", "mean in B", "A − B in deviations")
    return tables.figures(
        selections_words(found, a, b),
        heads,
        rows,
        opens=[(found.site, of.channel) for of in gates],
    )
