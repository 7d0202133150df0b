"""The pieces of HTML of the page “Networks”."""

from markupsafe import Markup

from seviz.analysis.network_pair import pair_answers
from seviz.figures.overlay import data_uri
from seviz.nets.results import VariantFigures
from seviz.nets.shipped import shipped_results
from seviz.nets.variants import VARIANTS
from seviz.photos.examples import Offer, judge
from seviz.records.network_pair import ClassMatch, NetworkView
from seviz.records.trace import Trace
from seviz.ui.parts import html, tables
from seviz.words import network_pair, variant_pair
from seviz.words.answers import tops_caption
from seviz.zoo.catalogue import find
from seviz.zoo.sources import Source

Views = tuple[NetworkView, NetworkView]


def waiting(name: str, source: Source) -> Markup:
    """Say which network is being asked, and that its weights are fetched where they are not here.

    name: A or B.
    """
    size = source.figures.bytes
    megabytes = "" if size is None else f" ({size / 1e6:.0f} MB)"
    fetched = "" if source.local_file else f", after fetching its weights{megabytes}"
    return html.headline(f"Asking {name}, {source.title}{fetched} …", waiting=True)


def answers(views: Views, classes: ClassMatch, k: int, *, shows: str | None = None) -> Markup:
    """Return a headline, warnings of guesses, a table of answers, and how often they are right.

    The table lists the union of both networks' k best answers, a class of both in one row. shows:
    what an example shows.
    """
    a, b = (view.trace for view in views)
    return (
        html.headline(network_pair.headline(a, b, classes))
        + html.facts(network_pair.example_words(*_judged(shows, a, b)))
        + html.facts(network_pair.match_words(classes, len(a.labels), len(b.labels)))
        + html.join(html.notice(warning) for warning in network_pair.guess_warnings(a, b))
        + _table(a, b, classes, k=k)
        + html.facts(network_pair.confidence_words(a, b))
        + _alone(find(a.model), classes)
    )


def _judged(shows: str | None, *traces: Trace) -> list[Offer | None]:
    return [
        judge(shows, find(t.model).folders, t.top(0, 1)[0].index) if t.labels else None
        for t in traces
    ]


def _table(a: Trace, b: Trace, classes: ClassMatch, *, k: int) -> Markup:
    if not (a.labels or b.labels):
        return html.NOTHING
    caption = tops_caption(f"A is {_title(a)}, B is {_title(b)}", k)
    return html.table(caption, ("A", "B"), list(pair_answers(a, b, classes, k=k)))


def _alone(a: Source, classes: ClassMatch) -> Markup:
    """List, folded, the classes in common and those that one network has alone."""
    common = [a.labels[i] for i, _ in classes.pairs]
    lists = [
        (f"The {len(common):,} classes in common", common),
        (f"The {len(classes.only_a):,} classes of A alone", classes.only_a),
        (f"The {len(classes.only_b):,} classes of B alone", classes.only_b),
    ]
    return html.join(_folded(title, html.classes(names)) for title, names in lists if names)


def crops(views: Views, name: str) -> Markup:
    """Return the photograph as each network received it, once where both are equal.

    name: what the caption calls the photograph.
    """
    a, b = views
    same = a.crop_box == b.crop_box and a.trace.seen.shape == b.trace.seen.shape
    if same and a.trace.image.shape == b.trace.image.shape:
        return _crop(a, name, "as both networks see it")
    return _crop(a, name, "as A sees it") + _crop(b, name, "as B sees it")


def _crop(view: NetworkView, name: str, who: str) -> Markup:
    seen, grey = view.trace.seen, len(view.trace.image) == 1
    height, width = seen.shape[:2]
    colours = ", grey" if grey else ""
    caption = f"{name[:1].upper()}{name[1:]}, {who}: {width}×{height} pixels{colours}."
    return Markup(
        '<figure class="seen"><img src="{}" alt="{}, {}"><figcaption>{}</figcaption></figure>'
    ).format(data_uri(seen), name, who, caption)


def apart(views: Views) -> Markup:
    """Return what sets two networks apart: figures, and of two variants what the study found."""
    a, b = (view.trace.model for view in views)
    found = shipped_results()
    if a in found and b in found:
        return variants(found[a], found[b])
    first, second = find(a), find(b)
    if first.key == second.key:
        return html.facts("A and B are the same network; choose another to compare it with.")
    return html.facts(network_pair.relation_words(first, second)) + _facts(views, first, second)


def _facts(views: Views, a: Source, b: Source) -> Markup:
    """Return a table of the two networks' figures."""
    heads = ("property", f"A: {a.title}", f"B: {b.title}")
    sides = list(zip(views, (a, b), strict=True))
    rows = [
        ("blocks", *(f"{len(view.trace.sites) or 'none'}" for view, _ in sides)),
        ("architecture", *(source.architecture for _, source in sides)),
        ("parameters", *(f"{source.figures.parameters:,}" for _, source in sides)),
        ("input", *(_size(source) for _, source in sides)),
        ("classes", *(f"{source.class_count:,}" for _, source in sides)),
        ("top-1", *(_accuracy(source) for _, source in sides)),
        ("licence", *(source.licence for _, source in sides)),
    ]
    return tables.figures("The two networks", heads, [("", row) for row in rows])


def _size(source: Source) -> str:
    channels, height, width = source.input_size
    return f"{width}×{height} pixels{', grey' if channels == 1 else ''}"


def _accuracy(source: Source) -> str:
    top1 = source.figures.top1
    return "not known" if top1 is None else f"{top1:.1f} % on {source.measured_on}"


def variants(a: VariantFigures, b: VariantFigures) -> Markup:
    """Return how two variants differ, a table of accuracies and costs, and which is better."""
    first, second = VARIANTS[a.key], VARIANTS[b.key]
    rows = [
        *variant_pair.differences(first, second),
        (
            f"top-1 in the study, mean ± spread of {len(a.top1)} seeds",
            *(variant_pair.accuracy(found) for found in (a, b)),
        ),
        ("parameters", *(f"{found.parameters:,}" for found in (a, b))),
        ("multiply-adds", *(f"{found.macs / 1e6:.1f} M" for found in (a, b))),
    ]
    heads = ("property", f"A: {first.title}", f"B: {second.title}")
    table = tables.figures(
        "What sets them apart, and what they cost", heads, [("", row) for row in rows]
    )
    differ, verdict = variant_pair.difference_words(first, second), variant_pair.verdict(a, b)
    return (
        html.facts(differ)
        + html.facts(verdict)
        + _folded("What is each of them, and what does it cost?", table)
    )


def heading(name: str, trace: Trace) -> Markup:
    """Return the heading of one network's figure; name: A or B."""
    return Markup("<h3>{}: {}</h3>").format(name, _title(trace))


def _folded(title: str, contents: Markup) -> Markup:
    """Fold contents away under a title."""
    return Markup('<details class="all-answers"><summary>{}</summary>{}</details>').format(
        title, contents
    )


def _title(trace: Trace) -> str:
    return find(trace.model).title
