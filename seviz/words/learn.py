"""The guided path in six steps: titles, a few sentences, equations, and what to notice.

Words in [[double brackets]] are terms of the glossary.
"""

from typing import NamedTuple

import numpy as np

from seviz.learn.excited import Excitation
from seviz.learn.squeezed import Squeeze
from seviz.phrases import join_list
from seviz.records.analysis import Drivers
from seviz.records.numbers import Floats
from seviz.records.sites import SE, Site
from seviz.records.trace import FeatureMaps
from seviz.words.equations import excitation, scale
from seviz.words.numbers import percent, signed
from seviz.words.relatives import relative_words
from seviz.words.se import EXCITATIONS, SQUEEZES

STEPS = ("Squeeze", "Excitation", "Scale", "Where it sits", "What it costs", "The answer")
TITLES = (
    "Squeeze: a whole map becomes one number",
    "Excitation: every gate depends on all the numbers",
    "Scale: each map times its gate",
    "Where the block sits",
    "What it costs",
    "What it does to this answer",
)
DRIVES = (
    "Which z move this gate",
    "How much it opens (red) or shuts (blue) as a channel's z grows: the largest slopes ∂s/∂z.",
)
EXCITED = (
    (
        "Most excited: the largest gates",
        "What the next layer receives of these channels: s·U, all pictures on one scale.",
    ),
    ("Least excited: the smallest gates", "Choose a channel to see it before and after its gate."),
)
ONWARD = (
    "Go on exploring",
    "In Explore you can open every channel, explain the answer (Explanations), edit gates "
    "(Surgery), find the gates that matter, and compare two photographs. The laboratory has "
    "variants of the block, all trained alike.",
)


class Screen(NamedTuple):
    """One step: at most three sentences, its equations in LaTeX, and what to notice.

    title: where the step's own, of TITLES, would not be true.
    """

    lead: str
    equations: tuple[str, ...]
    notice: str
    title: str = ""


def chosen_words(site: Site, channel: int, *, selected: bool) -> str:
    """Say how the first block and channel were chosen; selected: whether people did, in Explore."""
    if selected:
        return (
            f"The path begins at channel {channel} of {site.name}, which is selected in Explore. "
            "You can choose others."
        )
    return (
        f"The path begins in {site.name}, where the gates of this photograph differ most between "
        f"channels, at its channel {channel}, whose map its gate changes most (|1 − s| times the "
        "standard deviation of U). You can choose others."
    )


def squeeze_screen(maps: FeatureMaps, channel: int, found: Squeeze) -> Screen:
    """Explain eq. 2 on one channel."""
    size = f"{found.rows}×{found.columns}"
    if found.kind == "none":
        return Screen(
            f"Channel {channel} of {maps.site.name} is a map [[U|u]] over the photograph. This "
            "network is the article's control without a [[squeeze]]: nothing is averaged, so there "
            "is no [[channel descriptor z|descriptor]], and each position gets a gate of its own.",
            (SQUEEZES["none"].equation,),
            f"All {found.count:,} positions stay, {size}. In the article this control does worse "
            "than the mean: a gate then knows only its own place.",
            "No squeeze: every position stays by itself",
        )
    kept = SQUEEZES[found.kind].kept if found.kind in SQUEEZES else "one number"
    return Screen(
        f"Channel {channel} of {maps.site.name} is a map [[U|u]] of {size} numbers over the "
        f"photograph: where its filter responded, and how strongly. The [[squeeze]] keeps {kept} "
        f"alone: the [[channel descriptor|descriptor]] z.",
        _squeeze_equations(channel, found),
        _squeeze_notice(found),
    )


def _squeeze_equations(channel: int, found: Squeeze) -> tuple[str, ...]:
    z = _tex(found.z)
    if found.kind == "avg":
        sum_ = rf"\frac{{1}}{{{found.rows} \cdot {found.columns}}} \cdot {_bracketed(found.total)}"
        return SQUEEZES["avg"].equation, rf"z_{{{channel}}} = {sum_} = {z}"
    if found.kind == "max":
        return SQUEEZES["max"].equation, rf"z_{{{channel}}} = {z}"
    return (rf"z_{{{channel}}} = {z}",)


def _squeeze_notice(found: Squeeze) -> str:
    where = f"The map is strongest at {found.place} ({signed(found.peak)})"
    if found.kind == "max":
        return f"{where}, and z is the largest value: its place is not kept."
    small = min(found.positive, -found.negative)
    if small > 0.1 * max(found.positive, -found.negative):
        return (
            f"{where}. Responses of both signs cancel: {signed(found.positive)} and "
            f"{signed(found.negative)} leave {signed(found.total)}, so z = {signed(found.z)}. "
            "Their places are not kept."
        )
    return (
        f"{where}; {percent(found.half)} of the positions hold half of its response. z = "
        f"{signed(found.z)} does not keep their places: any map with this mean gets the same z."
    )


def excitation_screen(
    maps: FeatureMaps, channel: int, found: Excitation | None, *, driven: Drivers | None
) -> Screen:
    """Explain eq. 3 on one gate; found and driven: None where the gates are not made of z by it."""
    site = maps.site
    words = EXCITATIONS[site.excitation]
    range_ = words.gates + words.effect
    if site.kind != SE:
        return Screen(
            f"{relative_words(site)} The gates are {range_}.",
            (rf"s_{{{channel}}} = {float(maps.s_computed[channel]):.4f}",),
            "The article’s W₁ and W₂ do not apply here, so their numbers are not shown.",
        )
    if found is None or driven is None:
        return Screen(
            f"Without a squeeze the same W₁ and W₂ act at every position of the {site.channels} "
            f"maps: each gets a [[gate]] [[s|gate]] there, {range_}. Shown is each channel's mean.",
            (excitation(site.excitation, "none"),),
            f"The gates of channel {channel} are {float(maps.s_computed[channel]):.4f} on average "
            f"over its {maps.u[0].size:,} positions.",
            "Excitation, at every position by itself",
        )
    if found.hidden is None:
        lead = (
            f"This block has one projection: W turns the z of all {site.channels} channels into as "
            f"many [[gates|gate]] s, {range_}. It has no [[bottleneck]], so there is no [[r|r]]."
        )
        general = rf"\mathbf{{s}} = {words.latex}(\mathbf{{W}}\, \mathbf{{z}})"
        sizes = rf"\mathbf{{W}} \in \mathbb{{R}}^{{{site.channels} \times {site.channels}}}"
    else:
        lead = (
            f"W₁ reduces the z of all {site.channels} channels to {len(found.hidden)} numbers "
            f"([[reduction|r]] r = {site.channels / len(found.hidden):g}), and W₂ makes a [[gate]] "
            f"s of them for each channel, {range_}. So each gate depends on the z of all channels."
        )
        general = excitation(site.excitation)
        c, w = site.channels, len(found.hidden)
        sizes = (
            rf"\mathbf{{W}}_1 \in \mathbb{{R}}^{{{w} \times {c}}}, \quad "
            rf"\mathbf{{W}}_2 \in \mathbb{{R}}^{{{c} \times {w}}}"
        )
    before, s = float(found.before[channel]), float(found.s[channel])
    return Screen(
        lead,
        (
            rf"{general}, \qquad {sizes}",
            rf"s_{{{channel}}} = {words.latex}({_tex(before)}) = {s:.4f}",
        ),
        " ".join([_hidden_words(found), _driven_words(driven), excitation_cost(found)]),
    )


def strips_words(site: Site) -> str:
    """Say how the strips of z, the hidden numbers and s are to be read."""
    gates = "gates too" if site.excitation == "tanh" else "gates are dark at 0 and bright at 1"
    return (
        "Each cell is one number. z and the hidden numbers are red over 0 and blue under it, each "
        f"strip on its own scale; {gates}. Click a cell of z or s to choose its channel."
    )


def functions_words(found: Excitation) -> str:
    """Say how the block's functions and biases differ from the article's; nothing if they don't."""
    differences = []
    if found.biases:
        which = "b₁ and b₂" if found.hidden is not None else "b"
        differences.append(f"the weights come with biases {which}, which the article leaves out")
    if found.delta and found.delta.lower() != "relu":
        differences.append(f"δ is {found.delta}, not ReLU")
    if "hard" in found.sigma.lower():
        differences.append("σ is a hard sigmoid: a straight line from 0 at −3 to 1 at 3")
    return f"In this network {join_list(differences, ', and ')}." if differences else ""


def excitation_cost(found: Excitation) -> str:
    """Count the parameters of a block."""
    c, width, total = found.site.channels, found.site.reduced, found.weights + found.biases
    if found.hidden is None:
        return f"W has {c}·{c} = {found.weights:,} weights; with biases {total:,}."
    return (
        f"The block has 2·{c}·{width} = {found.weights:,} weights, with biases {total:,} "
        f"parameters; a single {c}×{c} matrix would have {c * c:,}."
    )


def _hidden_words(found: Excitation) -> str:
    if found.hidden is None:
        return ""
    if found.delta.lower() == "relu":
        on = int((found.hidden > 0).sum())
        verb = "is" if on == 1 else "are"
        return f"{on} of the {len(found.hidden)} hidden numbers {verb} on: δ sets the others to 0."
    return f"The {len(found.hidden)} hidden numbers reach from {_range(found.hidden)}."


def _driven_words(driven: Drivers) -> str:
    slopes = driven.jacobian
    if not np.abs(slopes).max():
        return "No z moves this gate here: its function is flat at this point."
    most = int(np.abs(slopes).argmax())
    does = "opens" if slopes[most] > 0 else "shuts"
    whose = "its own" if most == driven.channel else f"that of channel {most}"
    return (
        f"Of all z, {whose} {does} this gate most as it grows (slope ∂s/∂z = "
        f"{signed(float(slopes[most]))})."
    )


def gates_words(maps: FeatureMaps) -> str:
    """Say which channels of a block are excited most and least."""
    s = maps.s
    high, low = int(s.argmax()), int(s.argmin())
    return (
        f"Of the {len(s)} gates, that of channel {high} is the largest ({signed(float(s[high]))}) "
        f"and that of channel {low} the smallest ({signed(float(s[low]))})."
    )


def scale_screen(maps: FeatureMaps, channel: int, facts: str) -> Screen:
    """Explain eq. 4 on one channel; facts: a sentence on its z and s."""
    s = float(maps.s[channel])
    if maps.gates is not None:
        return Screen(
            "Without a squeeze every position of a map is multiplied by its own [[gate]]. The next "
            "layer receives the [[product|scale]].",
            (scale("none"),),
            f"{facts} {gates_words(maps)}",
            "Scale: each position times its gate",
        )
    picture = "Its picture stays as it is" if s >= 0 else "Here its sign flips: red becomes blue"
    return Screen(
        f"Every number of channel {channel} is multiplied by the same [[gate]]. {picture}; "
        "how strongly it acts on the next layer changes. This is the [[scale]].",
        (
            scale(),
            rf"\tilde{{\mathbf{{x}}}}_{{{channel}}} = {_tex(s)} \cdot \mathbf{{u}}_{{{channel}}}",
        ),
        f"{facts} {gates_words(maps)}",
    )


def _range(values: Floats) -> str:
    return f"{signed(float(values.min()))} to {signed(float(values.max()))}"


def _tex(value: float) -> str:
    """Set a number to four digits in LaTeX."""
    number = f"{value:.4g}"
    if "e" not in number:
        return number
    digits, power = number.split("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}"


def _bracketed(value: float) -> str:
    number = f"{value:.5g}"
    if "e" in number:
        return _tex(value)
    return rf"({number})" if value < 0 else number
