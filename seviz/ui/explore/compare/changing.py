"""The tab “Compare” about one photograph that is changed: its fields, and what they lead to."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr
import numpy as np

from seviz.analysis.drift import drift_pair
from seviz.answers import chart_sources
from seviz.answers.changes import along
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.drift import drift_chart, drift_curve
from seviz.passes.dispatch import ask
from seviz.photos.changes import (
    PAINTED,
    Change,
    check_region,
    check_seed,
    check_strength,
    find_change,
)
from seviz.phrases import capitalize
from seviz.records.drift import Drift, Passed
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.address import Address
from seviz.ui.explore.compare import html as pair_html
from seviz.ui.explore.compare.asked import Now, Shown
from seviz.ui.explore.compare.brush import to_paint_on
from seviz.ui.explore.compare.layout import BRUSH, CHANGED, OTHER, REGION_CHOICES, Parts
from seviz.ui.parts import html
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.ui.state import followed
from seviz.words.changes import change_headline, holding_words, lesson_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
ANOTHER = UserError("The photograph in the field is not the one that was answered; try again.")
KEEP_JS = """(source, change, strength, seed, region) => {
  const named = region === BRUSH ? "" : region; // what is painted is not kept
  if (source === CHANGED) window.seviz.keep({ change, strength, seed: seed || "",
    region: change === PAINTED && named !== "centre" ? named : "" });
  else if (FORGETS) window.seviz.keep({ change: "", strength: "", seed: "", region: "" });
}"""


def change_fields(p: Parts, source: Any) -> Updates:
    """Show the fields of what the photograph is compared with."""
    changes = source == CHANGED
    return {p.another: gr.Column(visible=not changes), p.changing: gr.Column(visible=changes)}


def chosen_fields(p: Parts, now: Now) -> tuple[Updates, float]:
    """Show the fields of a change at its usual strength; return them, and the strength.

    UserError where there is no such change.
    """
    change = find_change(str(now.change))
    return _fields_of(p, change, change.default) | {p.painted: None}, change.default


def restored_change(p: Parts, said: Address, source: Any) -> Updates:
    """Fill the fields by the change that an address names; source: what they hold now.

    An address without a change is of another photograph; a change that there is not is said.
    """
    try:
        change = find_change(said.change) if said.change else None
    except UserError as error:
        notify(error)
        change = None
    if change is None:
        if source != CHANGED:
            return {}
        return {p.source: OTHER, p.restored: "", **change_fields(p, OTHER)}
    strength = _named(said.strength, partial(check_strength, change), change.default)
    seed = _named(said.seed, check_seed, 0) if change.seeded else 0
    region = "centre"
    if change.name == PAINTED and said.region:
        region = _named(said.region, check_region, region)
    fields = _fields_of(p, change, strength) | {p.change: change.name, p.source: CHANGED}
    fields |= {
        p.seed: gr.Number(seed, visible=change.seeded),
        p.region: gr.Dropdown(REGION_CHOICES, value=region, visible=change.name == PAINTED),
    }
    told = f"{change.name} {strength:g} {seed} {region}"
    return {**fields, **change_fields(p, CHANGED), p.restored: told}


def _named(text: str, check: Callable[[Any], Any], usual: Any) -> Any:
    """Return what an address names, as far as it can be; else, with a sentence, what is usual."""
    if not text:
        return usual
    try:
        return check(_number_or_text(text))
    except UserError as error:
        notify(error)
        return usual


def _number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def keep_change(p: Parts) -> None:
    """Keep the change and its strength in the page's address."""
    js = KEEP_JS
    for name, value in (("CHANGED", CHANGED), ("BRUSH", BRUSH), ("PAINTED", PAINTED)):
        js = js.replace(name, json.dumps(value))
    fields = [p.source, p.change, p.strength, p.seed, p.region]
    for event, forgets in (
        (p.source.input, "true"),
        (p.change.input, "false"),
        (p.strength.change, "false"),
        (p.seed.change, "false"),
        (p.region.change, "false"),
    ):
        kept = js.replace("FORGETS", forgets)
        event(None, fields, None, js=kept, api_visibility="private")


def changed_updates(p: Parts, now: Now) -> Updates:
    """Show the photograph as changed; UserError for a change that can't be made.

    The curve along the strengths is computed once; for a strength beside it, only that one.
    """
    if not now.can_change():
        return {p.headline: pair_html.UNCHANGED}
    changing, record = now.changing(), now.record
    assert record is not None
    strength = changing.strengths[0]
    drift = now.known_drift(changing)
    if drift is None or drift.at(strength) is None:
        from seviz.analysis.changed import drift as changed_drift

        asked = changing if drift else along(changing, strength)
        recorded = recorded_for(record.model, record.arms)
        found: Drift = ask(
            changed_drift, record.model, now.photo, asked, arms=record.arms, recorded=recorded
        )
        if not np.array_equal(found.photo, record.image):
            raise ANOTHER
        drift = drift.with_points(found.points) if drift else found
    shown = Shown(record, drift=drift, strength=strength)
    second = _trace_at(record, drift.at(strength))
    change = find_change(changing.change)
    return {
        p.both: pair_html.changed(
            record, second, find(record.model).title, k=TOPK, as_changed=change.title
        ),
        p.results: gr.Column(visible=True),
        p.shown: shown,
        **_to_paint_on(p, now, change),
        **measured_updates(p, shown, now),
    }


def _to_paint_on(p: Parts, now: Now, change: Change) -> Updates:
    """Show the photograph to paint on, unless that is there already."""
    if change.name != PAINTED or now.record is None:
        return {}
    shown = now.shown
    there = shown and shown.drift and shown.drift.changing.change == PAINTED
    if there and shown and shown.first.is_of_same_photo(now.record):
        return {}
    return {p.brush: gr.ImageEditor(to_paint_on(now.record.seen), visible=True)}


def measured_updates(p: Parts, shown: Shown, now: Now) -> Updates:
    """Show how far the change that is shown moves the gates, by a distance."""
    drift, point = shown.curve, shown.point
    if drift is None or point is None:
        return {}
    profile, measure = reference(shown.first.model), now.distance
    found = drift_pair(drift, point, profile)
    headline = change_headline(drift, point, profile, measure=measure)
    lesson = f"{lesson_words(drift, point, profile)} {holding_words(drift)}"
    updates = {
        p.headline: pair_html.headline(*headline),
        p.lesson: html.facts(lesson.strip()),
        p.depth: drift_chart(drift, point, profile, measure=measure),
        p.channels: pair_html.channels(
            found.channels, placed=profile is not None, names=("as it is", "changed")
        ),
        p.along: gr.Column(visible=True),
    }
    source = chart_sources.of_change(shown.first, drift.changing, shown.strength)
    return with_source(updates, source) | curve_update(p, shown, now.target)


def curve_update(p: Parts, shown: Shown, target: Any) -> Updates:
    """Draw the answers along the strengths; target: the class that is followed."""
    drift = shown.curve
    if drift is None:
        return {}
    of = followed(shown.first, target)
    curve = drift_curve(drift, target=of, strength=shown.strength)
    source = chart_sources.of_change(shown.first, drift.changing, shown.strength)
    return with_source({p.curve: curve}, source)


def _fields_of(p: Parts, change: Change, strength: float) -> Updates:
    """Show the fields that a change has, at a strength."""
    has_strength = bool(change.strength)
    return {
        p.strength: gr.Slider(
            minimum=change.lowest,
            maximum=change.highest,
            step=change.step,
            value=strength,
            label=capitalize(change.strength) or "Strength",
            visible=has_strength,
        ),
        p.seed: gr.Number(visible=change.seeded),
        p.region: gr.Dropdown(REGION_CHOICES, value="centre", visible=change.name == PAINTED),
        p.brush: gr.ImageEditor(visible=change.name == PAINTED),
    }


def _trace_at(record: Trace, point: Passed | None) -> Trace:
    """Return a trace of the photograph as changed, as far as it is shown."""
    assert point is not None
    return replace(record, logits=point.logits, seen=point.seen, s=point.s, s_computed=point.s)
