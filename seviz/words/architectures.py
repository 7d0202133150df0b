"""What was found when all architectures were tried."""

from collections.abc import Sequence

from seviz.bench.architectures import TOLERANCE, Trial
from seviz.bench.structures import Comparison

HEAD = """\
# Architectures

Written by `seviz architectures --table assets/architectures.md` on {date}, on {hardware}.

Every architecture with SE blocks of timm and torchvision of at most 60 M parameters was tried with
seeded random weights whose gates move: the SE blocks found, z and s, the answers in arms that edit
gates, the necessity of blocks and Grad-CAM were compared with references that are made without
hooks, in the same network with modules replaced. An architecture is *exact* where no value is off
by more than {tolerance:g} of the largest one.

**{exact} of {tried} were exact.** In {whole} of them arms can’t share their first layers, so each
arm passes through the whole network.
"""
COLUMNS = (
    "| architecture | million parameters | image side | SE blocks | arms share layers | largest "
    "deviation | bits |\n|---|---|---|---|---|---|---|\n"
)


def architecture_line(trial: Trial) -> str:
    """Tell the outcome for one architecture in a line; "" where it was not tried."""
    if trial.left_out:
        return ""
    if trial.fault:
        return f"{trial.name}: not exact: {trial.fault}"
    rows = f"whole rows ({trial.whole})" if trial.whole else "rows branch"
    return (
        f"{trial.name}: exact within {_largest(trial):.0e}; {trial.blocks} SE blocks, {rows}, "
        f"{trial.side}×{trial.side} pixels, {trial.seconds:.1f} s"
    )


def architectures_page(trials: Sequence[Trial], *, hardware: str, date: str) -> str:
    """Tell the outcomes for all architectures that were tried, as Markdown."""
    tried = sorted((t for t in trials if not t.left_out), key=lambda t: (t.family, t.name))
    exact = [trial for trial in tried if not trial.fault]
    whole = [trial for trial in exact if trial.whole]
    head = HEAD.format(
        date=date,
        hardware=hardware,
        tolerance=TOLERANCE,
        exact=len(exact),
        tried=len(tried),
        whole=len(whole),
    )
    pieces = [head]
    if len(exact) < len(tried):
        pieces.append(_reasons("Not exact", {t.name: t.fault for t in tried if t.fault}))
    if whole:
        pieces.append(_reasons("Whole rows", {t.name: t.whole for t in whole}))
    pieces.append(f"## All that were exact\n\n{COLUMNS}" + "".join(map(_row, exact)))
    return "\n".join(pieces)


STRUCTURES = """\
# SE blocks by structure

Written by `seviz architectures --structure --table assets/structures.md` on {date}, on {hardware}.

One image passed through every architecture of timm and torchvision of at most 60 M parameters, with
seeded random weights. Which modules are SE blocks was read off what the pass computes, without
their classes and the names of their parts, and compared with the classes that seviz knows.

- architectures tried: {tried:,}, of which {with_se:,} have SE blocks
- SE blocks, by class: {blocks:,}
- of these missed by structure: **{missed}**
- modules of other classes that structure calls SE: **{others}**
- blocks of relatives of SE, such as ECA, which seviz tells by their classes alone: {relatives:,}
"""


def structure_line(found: Comparison) -> str:
    """Tell what was found by structure in one architecture; "" where there is nothing."""
    if not (found.by_class or found.others):
        return ""
    line = f"{found.name}: {found.by_class - len(found.missed)} of {found.by_class} SE blocks"
    return line + (f"; called SE too: {', '.join(found.others)}" if found.others else "")


def structures_page(compared: Sequence[Comparison], *, hardware: str, date: str) -> str:
    """Tell what was found by structure in all architectures, as Markdown."""
    tried = [found for found in compared if not found.left_out]
    head = STRUCTURES.format(
        date=date,
        hardware=hardware,
        tried=len(tried),
        blocks=sum(found.by_class for found in tried),
        with_se=sum(found.by_class > 0 for found in tried),
        missed=sum(len(found.missed) for found in tried),
        others=sum(len(found.others) for found in tried),
        relatives=sum(found.relatives for found in tried),
    )
    sections = {
        "Missed": {t.name: ", ".join(t.missed) for t in tried if t.missed},
        "Called SE too": {t.name: ", ".join(t.others) for t in tried if t.others},
        "Not clear": {t.name: "; ".join(t.unclear) for t in tried if t.unclear},
    }
    pieces = [_reasons(title, reasons) for title, reasons in sections.items() if reasons]
    return "\n".join([head, *pieces])


def _reasons(title: str, reasons: dict[str, str]) -> str:
    lines = "".join(f"| {name} | {_cell(why)} |\n" for name, why in reasons.items())
    return f"## {title}\n\n| architecture | reason |\n|---|---|\n{lines}"


def _row(trial: Trial) -> str:
    shared = "no" if trial.whole else "yes"
    return (
        f"| {trial.name} | {trial.parameters / 1e6:.1f} | {trial.side} | {trial.blocks} | {shared} "
        f"| {_largest(trial):.0e} | {trial.bits} |\n"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _largest(trial: Trial) -> float:
    return max(trial.deviation.values(), default=0.0)
