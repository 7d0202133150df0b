"""The steps of the view “Learn”: what each one computes, says and draws of a photograph."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from seviz.answers import chart_sources
from seviz.answers.trace import TOPK
from seviz.drawing.unit import residual_block
from seviz.figures.depth import depth_profile
from seviz.figures.effects import drivers_chart
from seviz.figures.inspector import channel_figures
from seviz.figures.learn import cost_bars, excitation_strips
from seviz.learn.excited import excite
from seviz.learn.gallery import extremes
from seviz.learn.squeezed import measure_squeeze
from seviz.learn.story import integration_of, telling_block, telling_channel
from seviz.measuring.costs import Costs, costs
from seviz.passes.dispatch import ask
from seviz.records.sites import SE
from seviz.records.target import Gate
from seviz.records.trace import FeatureMaps, Trace
from seviz.reference.unknown import likely_unknown
from seviz.ui.laboratory.learn import html as learn_html
from seviz.ui.laboratory.learn.layout import Parts
from seviz.ui.parts import columns, html
from seviz.ui.parts.plot import with_source
from seviz.words.answers import channel_facts, doubt
from seviz.words.costs import cost_lines
from seviz.words.equations import display_math
from seviz.words.learn import (
    DRIVES,
    EXCITED,
    Screen,
    excitation_screen,
    functions_words,
    scale_screen,
    squeeze_screen,
    strips_words,
)
from seviz.words.learn_network import (
    answer_screen,
    cost_screen,
    place_screen,
    relatives_cost_screen,
)
from seviz.zoo.catalogue import find

OF_CHANNEL = frozenset({0, 1, 2})  # steps that are about one channel
COST = 4  # the step that counts what SE costs
GALLERY = 6  # no step, but what the third shows of a block, whatever the channel
EXTREMES = 5  # gated channels shown from either end
DRAWN = {2: {2, GALLERY}}  # what is there once a step is drawn, where it is more than itself
Updates = dict[Any, Any]  # {component: value}


@lru_cache(maxsize=16)
def costs_of(key: str) -> Costs:
    """Count what SE costs a network, once; time is not measured."""
    return costs(key, timed=False)


@dataclass(frozen=True, eq=False)
class Story:
    """The subject of the steps: a trace, and a channel of one block; drawn: the steps so far.

    photo: what people call the photograph; example: whether it is one of the examples.
    """

    record: Trace
    photo: str
    example: bool
    maps: FeatureMaps
    channel: int
    drawn: frozenset[int] = frozenset()

    @property
    def title(self) -> str:
        """The network's name for people."""
        return find(self.record.model).title


def begun(
    record: Trace, called: str, *, example: bool, gate: tuple[str, int] | None = None
) -> Story:
    """Begin at a gate, or else at the block and the channel whose gates say most."""
    from seviz.passes.forward import feature_maps

    block, channel = gate or (telling_block(record).name, None)
    maps = ask(feature_maps, record.model, record.image, block)
    channel = telling_channel(maps) if channel is None else channel
    return Story(record, called, example, maps, channel)


def at_block(story: Story, block: str) -> Story:
    """Move the first steps to another block, and to its most telling channel."""
    from seviz.passes.forward import feature_maps

    maps = ask(feature_maps, story.record.model, story.record.image, block)
    channel = telling_channel(maps)
    return replace(story, maps=maps, channel=channel, drawn=story.drawn - OF_CHANNEL - {GALLERY})


def at_channel(story: Story, channel: int) -> Story:
    """Move the first steps to another channel."""
    return replace(story, channel=channel, drawn=story.drawn - OF_CHANNEL)


def draw(p: Parts, step: int, story: Story) -> Updates:
    """Compute a step unless it is drawn already, and keep the story."""
    if step in story.drawn:
        return {p.story: story}
    screen, pictures = (_squeeze, _excite, _scale, _place, _cost, _answer)[step](p, story)
    part = p.screens[step]
    return {
        part.head: learn_html.head(step, screen.lead, screen.title),
        part.equation: display_math(*screen.equations),
        part.notice: learn_html.notice(screen.notice),
        **with_source(pictures, _source(step, story)),
        p.story: replace(story, drawn=story.drawn | DRAWN.get(step, {step})),
    }


def _source(step: int, story: Story) -> str:
    """Say what the charts of a step are of."""
    if step == COST:
        return chart_sources.of_costs(story.record.model)
    if step in OF_CHANNEL:
        return chart_sources.of_gate(story.record, Gate(story.maps.site.name, story.channel))
    return chart_sources.of_trace(story.record)


def _squeeze(p: Parts, story: Story) -> tuple[Screen, Updates]:
    maps = story.maps
    found = measure_squeeze(maps, story.channel)
    return squeeze_screen(maps, story.channel, found), {
        p.crop: learn_html.crop(story.record),
        p.map: channel_figures(maps, story.channel, story.record.seen).before,
        p.number: learn_html.number(story.channel, found, maps.site.channels),
    }


def _excite(p: Parts, story: Story) -> tuple[Screen, Updates]:
    from seviz.analysis.channels import drivers

    maps, channel = story.maps, story.channel
    if not maps.site.squeezed or maps.site.kind != SE:
        screen = excitation_screen(maps, channel, None, driven=None)
        histogram = channel_figures(maps, channel, story.record.seen).gates
        return screen, {p.strips: histogram, p.functions: "", p.drives: "", p.drivers: None}
    found = ask(excite, story.record.model, maps.site.name, maps.z)
    driven = ask(drivers, story.record.model, maps.site.name, maps.z, channel=channel)
    return excitation_screen(maps, channel, found, driven=driven), {
        p.strips: excitation_strips(found, channel),
        p.functions: html.hint(f"{strips_words(maps.site)} {functions_words(found)}"),
        p.drives: html.section(*DRIVES),
        p.drivers: drivers_chart(driven, top=5),
    }


def _scale(p: Parts, story: Story) -> tuple[Screen, Updates]:
    maps, seen = story.maps, story.record.seen
    figures = channel_figures(maps, story.channel, seen, small=True)
    gallery = {} if GALLERY in story.drawn else {p.gallery: _gallery(story)}
    return scale_screen(maps, story.channel, channel_facts(maps, story.channel)), {
        p.before: figures.before,
        p.after: figures.after,
        p.gates: figures.gates,
        **gallery,
    }


def _gallery(story: Story) -> Markup:
    maps = story.maps
    ends = extremes(maps.s, EXTREMES)
    limit = max(*(float(abs(maps.gated_channel(c)).max()) for c in (*ends[0], *ends[1])), 1e-12)
    rows = [learn_html.gallery(maps, channels, story.record.seen, limit=limit) for channels in ends]
    return html.join(html.section(*head) + row for head, row in zip(EXCITED, rows, strict=True))


def _place(p: Parts, story: Story) -> tuple[Screen, Updates]:
    record = story.record
    place, site = integration_of(record.model, record.sites), record.sites[0]
    return place_screen(record, story.title, place), {
        p.schematic: residual_block(site) if place == "standard" and site.kind == SE else "",
        p.depth: depth_profile(record, arm=0),
        p.blocks: learn_html.blocks(record),
    }


def _cost(p: Parts, story: Story) -> tuple[Screen, Updates]:
    if any(site.kind != SE for site in story.record.sites):
        return relatives_cost_screen(story.record), {p.bars: None, p.costs: ""}
    found = costs_of(story.record.model)
    squeezed_ = all(site.squeezed for site in story.record.sites)
    return cost_screen(found, squeezed_), {
        p.bars: cost_bars(found),
        p.costs: learn_html.line_list(cost_lines(found)),
    }


def _answer(p: Parts, story: Story) -> tuple[Screen, Updates]:
    return answer_screen(story.record), {
        p.cards: learn_html.answers(story.record),
        p.answers: html.notice(doubt(story.record, likely_unknown(story.record)))
        + columns.table(story.record, story.title, TOPK),
    }
