"""The guided path's last three steps: the network, SE's costs, and SE's effect on an answer."""

from seviz.measuring.costs import Costs
from seviz.phrases import capitalize, join_list
from seviz.records.sites import NEAR_ONE, NO_R, SE
from seviz.records.trace import Trace
from seviz.words.arms import arm_clause
from seviz.words.equations import PARAMETERS
from seviz.words.learn import Screen
from seviz.words.numbers import percent, points
from seviz.words.relatives import block_noun, relative_words
from seviz.words.se import INTEGRATIONS, NO_SHORTCUT

NAMED = 4  # more blocks than these are counted, not named


def place_screen(trace: Trace, title: str, integration: str | None) -> Screen:
    """Say where SE sits in a network, and how its gates vary along the depth."""
    count, sites = len(trace.sites), trace.sites
    noun = block_noun(sites)
    blocks = f"{count} {noun}s, {sites[0].name} to {sites[-1].name}" if count > 1 else "one block"
    if integration == "host":
        lead = (
            f"{title} has no [[shortcut]]: each {noun} follows a whole transformation and gates "
            f"all that it gives. It has {blocks}."
        )
        equations: tuple[str, ...] = (NO_SHORTCUT,)
    elif integration is None:
        lead = (
            f"{title} is no ResNet of the article's kind: its blocks sit where its authors put "
            f"them, and are named by their modules' paths. It has {blocks}."
        )
        equations = ()
    else:
        words = INTEGRATIONS[integration]
        lead = f"In each residual block of {title}, SE sits {words.story}. It has {blocks}."
        equations = (words.equation,)
    return Screen(lead, equations, _depth_words(trace))


def _depth_words(trace: Trace) -> str:
    gates = {site.name: trace.s_computed[site.name][0] for site in trace.sites}
    spread = {name: float(s.std()) for name, s in gates.items()}
    widest, narrowest = max(spread, key=spread.__getitem__), min(spread, key=spread.__getitem__)
    text = (
        f"On this photograph the gates differ most between the channels of {widest} (standard "
        f"deviation {spread[widest]:.2f}) and least in {narrowest} ({spread[narrowest]:.2f})."
    )
    opened = {name: float((s > NEAR_ONE).mean()) for name, s in gates.items()}
    most = max(opened, key=opened.__getitem__)
    if all(site.excitation == "sigmoid" for site in trace.sites) and opened[most] > 0.5:
        text += (
            f" In {most} {percent(opened[most])} of them are over {NEAR_ONE}, so it leaves most "
            "channels almost as they are."
        )
    return text


def cost_screen(found: Costs, squeezed: bool) -> Screen:
    """Explain what SE costs by the article's formula; squeezed: whether there is a z."""
    terms = _stages(found)
    r = f"{found.r:g}"
    inner = " + ".join(rf"{n} \cdot {c}^2" for c, n in terms[:5])
    if len(terms) > 5:
        inner += r" + \cdots"
    last = terms[-1][0]
    of_last = sum(b.projections + b.biases + b.other for b in found.blocks if b.channels == last)
    share = percent(of_last / found.parameters_added)
    count = sum(block.channels == last for block in found.blocks)
    which, hold = (f"the last {count} blocks", "hold") if count > 1 else ("the last block", "holds")
    work = (
        "and as many [[multiply-adds|macs]], since each weight is used once per image. "
        "Convolutions use theirs at every position, so SE is cheap to compute."
    )
    if not squeezed:
        work = (
            "but without a [[squeeze]] they are used at every position, so it costs many more "
            "[[multiply-adds|macs]]."
        )
    return Screen(
        f"By the article, a block costs two small matrices: 2·C²/[[r]] parameters, {work}",
        (
            PARAMETERS,
            rf"\frac{{2}}{{{r}}} \big({inner}\big) = {_thousands(round(found.formula))}",
        ),
        f"Cost grows with C²: {which} ({last} channels) {hold} {share} of what SE adds."
        f"{_rounded_words(found)}",
    )


def relatives_cost_screen(trace: Trace) -> Screen:
    """Say that the article's formula does not count the blocks of a network, as not all are SE."""
    other = next(site for site in trace.sites if site.kind != SE)
    return Screen(
        "The article counts what SE blocks cost, by the sizes of W₁ and W₂. "
        f"{relative_words(other)}",
        (),
        "So the formula is not applied to this network.",
    )


def _rounded_words(found: Costs) -> str:
    """Name the blocks whose measured r is not the one that the formula takes; "" without any."""
    others: dict[str, list[str]] = {}
    for block in found.blocks:
        r = f"{block.channels / block.reduced:g}" if block.reduced else NO_R
        if r != f"{found.r:g}":
            others.setdefault(r, []).append(block.name)
    if not others:
        return ""
    named = join_list(
        f"{r} in {join_list(names) if len(names) <= NAMED else f'{len(names)} blocks'}"
        for r, names in others.items()
    )
    return (
        f" The formula takes the network’s r = {found.r:g}; as measured, r is {named}, since the "
        "width after W₁ is rounded there."
    )


def _stages(found: Costs) -> list[tuple[int, int]]:
    """Count the blocks of each width, in the order of the depth."""
    counts: dict[int, int] = {}
    for block in found.blocks:
        counts[block.channels] = counts.get(block.channels, 0) + 1
    return list(counts.items())


def answer_screen(trace: Trace) -> Screen:
    """Explain what the second arm removes, and what its answer does not show."""
    moved, done = _moved(trace), capitalize(arm_clause(trace.arms[1]))
    if trace.arms[1].name == "static":
        return Screen(
            "Now the gates are held at their means over the training images ([[static]]): their "
            "scale stays, and only their reaction to this photograph is removed.",
            (r"\tilde{\mathbf{x}}_c = \bar{s}_c\, \mathbf{u}_c",),
            f"{done}, {moved} This is the same network; its [[twin]] was trained without SE, and "
            "has an answer of its own.",
        )
    return Screen(
        "Now every gate is set to 1 ([[identity|static]]), as if there were no SE blocks: "
        "their reaction to this photograph is removed, and their scale too.",
        (r"\tilde{\mathbf{x}}_c = \mathbf{u}_c",),
        f"{done}, {moved} This is a coarse test: the layers after them receive other values than "
        "they were trained on. It shows what this network relies on, not what one "
        "trained without gates, such as a [[twin]], would say.",
    )


def _moved(trace: Trace) -> str:
    best, other = trace.top(0, 1)[0], trace.top(1, 1)[0]
    after = trace.answer(1, best.index)
    change = points(after.probability - best.probability)
    if other.index == best.index:
        return f"the answer stays {best.label}, its probability changes by {change} points."
    return (
        f"the answer becomes {other.label} instead of {best.label}, whose probability changes by "
        f"{change} points."
    )


def subject_words(trace: Trace, called: str, title: str) -> str:
    """Say which photograph and network the steps are about."""
    best = trace.top(0, 1)[0]
    return (
        f"On {called}, through {title}: its first answer is {best.label} "
        f"({percent(best.probability)})."
    )


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", "{,}")
