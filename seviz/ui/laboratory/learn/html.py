"""The pieces of HTML of the view “Learn”."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.figures.overlay import data_uri
from seviz.learn.gallery import channel_picture
from seviz.learn.squeezed import Squeeze
from seviz.photos.overlay import Bytes
from seviz.records.sites import NO_R, Site
from seviz.records.trace import FeatureMaps, Trace
from seviz.ui.parts import tables
from seviz.ui.parts.html import NOTHING, facts, items, join
from seviz.words.arms import arm_title
from seviz.words.glossary import GLOSSARY, WORKS
from seviz.words.learn import STEPS, TITLES
from seviz.words.numbers import decimals, percent, signed
from seviz.words.relatives import block_noun

LINK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")
STEP_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-step]");
  if (button) trigger("select", { step: Number(button.dataset.step) });
});
"""


class StepList(gr.HTML):  # type: ignore[misc]
    """The list of steps; `select` events carry {step}, counted from 0."""

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        super().__init__(value=value, js_on_load=STEP_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


def steps(current: int) -> Markup:
    """List the steps as buttons; the current one is marked."""
    return Markup(
        '<nav class="steps" aria-label="Steps of the guided path"><p class="hint">Step {} of {}</p>'
        "<ol>{}</ol></nav>"
    ).format(
        current + 1, len(STEPS), join(_step(i, name, i == current) for i, name in enumerate(STEPS))
    )


def _step(i: int, name: str, here: bool) -> Markup:
    return Markup('<li><button type="button" data-step="{}"{}><b>{}</b> {}</button></li>').format(
        i, Markup(' aria-current="step"') if here else "", i + 1, name
    )


def head(step: int, lead: str, title: str = "") -> Markup:
    """Set a step's title, or another one, and the sentences under it."""
    return Markup('<div class="section learn-head"><h2>{}</h2><p>{}</p></div>').format(
        title or TITLES[step], link_terms(lead)
    )


def notice(text: str) -> Markup:
    """Set what to notice in a step's numbers."""
    return Markup('<p class="remark"><b>What to notice</b> {}</p>').format(link_terms(text))


def link_terms(text: str) -> Markup:
    """Make links to the glossary of a text's terms in double brackets."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        slug = (found[2] or found[1]).lower()
        link = Markup('<a href="#term-{}">{}</a>').format(slug, found[1])
        pieces += [text[end : found.start()], link]
        end = found.end()
    return join([*pieces, text[end:]])


def subject(trace: Trace, sentence: str, example: bool) -> Markup:
    """Show the crop that all steps are about, with a sentence about it."""
    more = "Choose your own photograph in Explore, and all numbers here are about it."
    return Markup(
        '<div class="told-of"><img src="{}" alt="The photograph, as the network sees it"><div>'
        '<p class="headline" role="status">{}</p>{}</div></div>'
    ).format(data_uri(trace.seen), sentence, facts(more) if example else NOTHING)


def crop(trace: Trace) -> Markup:
    """Show the crop that the network received."""
    rows, columns = trace.seen.shape[:2]
    return Markup(
        '<figure class="crop"><img src="{}" alt="The crop of the photograph that the network '
        'received"><figcaption class="hint">what the network received, {}×{} pixels</figcaption>'
        "</figure>"
    ).format(data_uri(trace.seen), rows, columns)


def number(channel: int, found: Squeeze, channels: int) -> Markup:
    """Set a map's descriptor in large type, with the count of numbers that it replaces."""
    value: str = "no z"
    text, left = f"all {found.count:,} numbers of the map stay", "all stay"
    if found.kind != "none":
        value = Markup("z<sub>{}</sub> = {}").format(channel, signed(found.z))
        text = f"{found.rows}×{found.columns} = {found.count:,} numbers became one"
        left = f"became {channels}"
    every = f"{channels * found.count:,} numbers in {channels} maps {left}"
    return Markup(
        '<div class="one-number"><p class="value">{}</p><p>{}</p>'
        "<p>in the whole block, {}</p></div>"
    ).format(value, text, every)


def gallery(maps: FeatureMaps, channels: Sequence[int], seen: Bytes, *, limit: float) -> Markup:
    """Show s·U of some channels on one scale; each is a button that opens its channel."""
    button = Markup(
        '<button type="button" data-name="{c}" data-channel="{c}"><img src="{uri}" alt="">'
        "<span>channel {c}</span><b>s = {s}</b></button>"
    )
    buttons = (
        button.format(
            c=c,
            uri=data_uri(channel_picture(maps, c, seen, limit=limit)),
            s=decimals(float(maps.s[c]), 3),
        )
        for c in channels
    )
    return Markup('<div class="channel-maps">{}</div>').format(join(buttons))


def blocks(trace: Trace) -> Markup:
    """List a network's SE blocks with their widths and their gates on this photograph."""
    rows = [("", _block(site, trace)) for site in trace.sites]
    heads = ("block", "C", "width", "r", "least s", "median s", "largest s")
    return tables.figures(
        f"The {block_noun(trace.sites)}s, first to last, and their gates here", heads, rows
    )


def _block(site: Site, trace: Trace) -> tuple[str, ...]:
    s = trace.s_computed[site.name][0]
    r = f"{site.reduction:g}" if site.reduction else NO_R
    widths = (str(site.channels), str(site.reduced or NO_R), r)
    gates = (float(s.min()), float(sorted(s.tolist())[len(s) // 2]), float(s.max()))
    return (site.name, *widths, *(decimals(gate, 3) for gate in gates))


def answers(trace: Trace) -> Markup:
    """Set each arm's first answer in a card, with its probability of the intact arm's answer."""
    best = trace.top(0, 1)[0]
    cards = []
    for row, arm in enumerate(trace.arms):
        first = trace.top(row, 1)[0]
        of_best = percent(trace.answer(row, best.index).probability)
        also = "" if first.index == best.index else f"{best.label}: {of_best}"
        cards.append(
            Markup(
                '<div class="card {}"><p class="hint">{}</p><p class="value">{}</p><p>{}</p>'
                '<p class="hint">{}</p></div>'
            ).format(arm.name, arm_title(arm), first.label, percent(first.probability), also)
        )
    return Markup('<div class="cards">{}</div>').format(join(cards))


def line_list(lines: Iterable[str]) -> Markup:
    """Set sentences as a list."""
    return Markup('<ul class="lines">{}</ul>').format(items(lines))


def glossary() -> Markup:
    """Set the terms in alphabetical order; each is an anchor, and a link to it unfolds them."""
    term_html = Markup('<div id="term-{}"><dt>{}</dt><dd>{}</dd></div>')
    terms = join(
        term_html.format(term.slug, term.name, link_terms(term.text))
        for term in sorted(GLOSSARY, key=lambda term: term.name.casefold())
    )
    return Markup(
        '<details class="more"><summary><h2>What do the words mean?</h2></summary>'
        '<dl class="glossary">{}</dl></details>'
    ).format(terms)


def references() -> Markup:
    """List articles to read, with links that open in a new tab."""
    work_html = Markup(
        '<li>{who}: <a href="https://arxiv.org/abs/{arxiv}" target="_blank" rel="noopener">'
        '{title}</a>, arXiv {arxiv} <span class="hint">({use})</span></li>'
    )
    works = join(work_html.format(**work._asdict()) for work in WORKS)
    return Markup(
        '<details class="more"><summary><h2>Where can I read more?</h2></summary>'
        '<ul class="works">{}</ul></details>'
    ).format(works)
