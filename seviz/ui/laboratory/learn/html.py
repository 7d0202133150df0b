"""The pieces of HTML of the view “Learn”; every text in them is escaped."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import gradio as gr

from seviz.figures.overlay import data_uri
from seviz.learn.gallery import pictured
from seviz.learn.squeezed import Squeezed
from seviz.photos.overlay import Bytes
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps, Trace
from seviz.ui.parts import tables
from seviz.ui.parts.html import facts
from seviz.words.glossary import GLOSSARY, WORKS
from seviz.words.learn import STEPS, TITLES
from seviz.words.numbers import percent, signed

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
        """Take gr.HTML's arguments."""
        super().__init__(value=value, js_on_load=STEP_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


def steps(current: int) -> str:
    """List the steps as buttons; the current one is marked."""
    items = "".join(_step(i, name, i == current) for i, name in enumerate(STEPS))
    return (
        f'<nav class="steps" aria-label="Steps of the guided path"><p class="hint">Step '
        f"{current + 1} of {len(STEPS)}</p><ol>{items}</ol></nav>"
    )


def _step(i: int, name: str, here: bool) -> str:
    marked = ' aria-current="step"' if here else ""
    return (
        f'<li><button type="button" data-step="{i}"{marked}><b>{i + 1}</b> {escape(name)}'
        "</button></li>"
    )


def head(step: int, lead: str, title: str = "") -> str:
    """Set a step's title, or another one, and the sentences under it."""
    title = f"<h2>{escape(title or TITLES[step])}</h2>"
    return f'<div class="section learn-head">{title}<p>{linked(lead)}</p></div>'


def notice(text: str) -> str:
    """Set what to notice in a step's numbers."""
    return f'<p class="remark"><b>What to notice</b> {linked(text)}</p>'


def linked(text: str) -> str:
    """Escape a text, and make links to the glossary of its terms in double brackets."""
    return LINK.sub(lambda m: f'<a href="#term-{(m[2] or m[1]).lower()}">{m[1]}</a>', escape(text))


def told_of(trace: Trace, said: str, example: bool) -> str:
    """Show the crop that all steps are about, with a sentence on it."""
    more = "Choose your own photograph in Explore, and all numbers here are about it."
    return (
        f'<div class="told-of"><img src="{data_uri(trace.seen)}" alt="The photograph, as the '
        f'network sees it"><div><p class="headline" role="status">{escape(said)}</p>'
        f"{facts(more) if example else ''}</div></div>"
    )


def crop(trace: Trace) -> str:
    """Show what the network received."""
    rows, columns = trace.seen.shape[:2]
    return (
        f'<figure class="crop"><img src="{data_uri(trace.seen)}" alt="The crop of the photograph '
        f'that the network received"><figcaption class="hint">what the network received, '
        f"{rows}×{columns} pixels</figcaption></figure>"
    )


def number(channel: int, found: Squeezed, channels: int) -> str:
    """Set a map's one number in large type, with how many numbers it stands for."""
    if found.kind == "none":
        value, text = "no z", f"all {found.count:,} numbers of the map stay"
    else:
        value = f"z<sub>{channel}</sub> = {escape(signed(found.z))}"
        text = f"{found.rows}×{found.columns} = {found.count:,} numbers became one"
    every = f"{channels * found.count:,} numbers in {channels} maps"
    left = "all stay" if found.kind == "none" else f"became {channels}"
    return (
        f'<div class="one-number"><p class="value">{value}</p><p>{escape(text)}</p>'
        f"<p>in the whole block, {escape(every)} {left}</p></div>"
    )


def gallery(maps: FeatureMaps, channels: Sequence[int], seen: Bytes, limit: float) -> str:
    """Show what is left of some channels, s·U, on one scale; each is a button that opens it."""
    cells = "".join(
        f'<button type="button" data-name="{c}" data-position="{c}"><img '
        f'src="{data_uri(pictured(maps, c, seen, limit))}" alt=""><span>channel {c}</span>'
        f"<b>s = {_plain(float(maps.s[c]))}</b></button>"
        for c in channels
    )
    return f'<div class="channel-maps">{cells}</div>'


def _plain(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def blocks(trace: Trace) -> str:
    """List a network's SE blocks with their widths and their gates on this photograph."""
    rows = [("", _block(site, trace)) for site in trace.sites]
    heads = ("block", "C", "width", "r", "least s", "median s", "largest s")
    return tables.figures("The SE blocks, first to last, and their gates here", heads, rows)


def _block(site: Site, trace: Trace) -> tuple[str, ...]:
    s = trace.s_computed[site.name][0]
    widths = (str(site.channels), str(site.reduced), f"{site.reduction:g}")
    gates = (float(s.min()), float(sorted(s.tolist())[len(s) // 2]), float(s.max()))
    return (site.name, *widths, *map(_plain, gates))


def answers(trace: Trace) -> str:
    """Set each arm's first answer in a card, and what it says of the intact arm's."""
    best = trace.top(0, 1)[0]
    names = {
        "intact": "with its gates",
        "static": "gates held at their means",
        "identity": "gates set to 1",
        "twin": "the twin without SE",
    }
    cards = []
    for row, arm in enumerate(trace.arms):
        first = trace.top(row, 1)[0]
        of_best = percent(trace.answer(row, best.index).probability)
        also = "" if first.index == best.index else f"{best.label}: {of_best}"
        name = names.get(arm.name, arm.name)
        cards.append(
            f'<div class="card {escape(arm.name)}"><p class="hint">{escape(name)}</p>'
            f'<p class="value">{escape(first.label)}</p><p>{percent(first.probability)}</p>'
            f'<p class="hint">{escape(also)}</p></div>'
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def listed(lines: Iterable[str]) -> str:
    """Set sentences as a list."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="lines">{items}</ul>'


def glossary() -> str:
    """Set the terms in alphabetical order; each is an anchor."""
    terms = "".join(
        f'<div id="term-{term.slug}"><dt>{escape(term.name)}</dt><dd>{linked(term.text)}</dd></div>'
        for term in sorted(GLOSSARY, key=lambda term: term.name.casefold())
    )
    return f'<div class="section"><h2>Glossary</h2></div><dl class="glossary">{terms}</dl>'


def references() -> str:
    """List what to read, with links that open beside the page."""
    items = "".join(
        f'<li>{escape(work.who)}: <a href="https://arxiv.org/abs/{work.arxiv}" target="_blank" '
        f'rel="noopener">{escape(work.title)}</a>, arXiv {work.arxiv} '
        f'<span class="hint">({escape(work.use)})</span></li>'
        for work in WORKS
    )
    return f'<div class="section"><h2>To read</h2></div><ul class="works">{items}</ul>'
