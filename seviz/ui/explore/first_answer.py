"""What the page shows before anything is asked: the example's kept result, drawn."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from seviz.answers import chart_sources
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.atlas import atlas
from seviz.figures.inspector import ChannelFigures, channel_figures
from seviz.figures.style import sourced
from seviz.learn.example import FILE, ExampleResult, load_example
from seviz.nets.embedded import ASSETS
from seviz.photos.decode import decode_photo
from seviz.photos.examples import EXAMPLES, Example, judge
from seviz.photos.read import read_file
from seviz.records.trace import Trace
from seviz.ui.explore.gates.html import atlas_help
from seviz.ui.explore.inspector import html as inspector_html
from seviz.ui.parts import columns
from seviz.words.served import example_words, kept_words
from seviz.zoo import catalogue

NO_CLASS = -1  # the value of the field “Rather than” where no class is subtracted


@dataclass(frozen=True)
class FirstAnswer:
    """The first values of the page's components; atlas: a Plotly figure; figures: of the gate."""

    answers: Markup
    targets: list[tuple[str, int]]
    atlas: Any
    atlas_help: Markup
    blocks: list[str]
    block: str
    channel: int
    facts: Markup
    figures: ChannelFigures
    movers: Markup


def first_answer(start: str) -> FirstAnswer | None:
    """Draw the example's kept result; None for another network than the one it is of.

    Nor is there any where the file or the photograph is not here, or damaged.
    """
    if start != catalogue.EMBEDDED:
        return None
    example = EXAMPLES[0]
    try:
        photo = decode_photo(read_file(example.path))  # trusted: no process has to start for it
        kept = load_example(ASSETS / FILE, photo)
    except UserError:
        return None
    return _drawn(kept, example) if kept.name == example.name else None


def _drawn(kept: ExampleResult, example: Example) -> FirstAnswer:
    record, source = kept.trace, catalogue.find(kept.trace.model)
    judged = judge(example.shows, source.folders, record.top(0, 1)[0].index)
    told = chart_sources.of_trace(record)
    figures = channel_figures(kept.maps, kept.channel, record.seen, small=True)
    for each in (figures.before, figures.after, figures.gates):
        sourced(each, told)
    return FirstAnswer(
        answers=columns.answers(
            record,
            source.title,
            mark=example_words(judged),
            served=kept_words(source.title, len(record.labels), kept.made),
            k=TOPK,
        ),
        targets=targets(record),
        atlas=sourced(atlas(record, arm=0, show="s"), told),
        atlas_help=atlas_help(record, 1, show="s", side="with"),
        blocks=[site.name for site in record.sites],
        block=kept.maps.site.name,
        channel=kept.channel,
        facts=inspector_html.gate_with_picture(
            record,
            kept.maps,
            kept.channel,
            target=record.top(0, 1)[0].index,
            silenced=kept.silenced,
        ),
        figures=figures,
        movers=inspector_html.moved(record, 1),
    )


def minus_choices(of_record: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """List the classes whose logit can be subtracted; first that none is."""
    return [("no other class", NO_CLASS), *of_record]


def targets(record: Trace) -> list[tuple[str, Any]]:
    """List the classes that can be followed, the most probable first."""
    return [(answer.label, answer.index) for answer in record.top(0, len(record.labels))]
