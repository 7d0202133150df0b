"""The read-me of a trace's archive: what its files, rows and arrays are."""

from collections.abc import Collection, Sequence

from seviz.gates.grammar import arm_text
from seviz.records.attribution import Attribution
from seviz.records.sites import NO_R
from seviz.records.trace import Trace
from seviz.words.arms import arm_title, is_folded, is_twin
from seviz.words.gates import excitation_of, unsqueezed_words

TEXT = """\
The answers and gates of one photograph in the network {model}, by seviz.

trace.json  the largest answers of each arm, the SE blocks, and the provenance: photograph,
            network and versions
trace.npz   NumPy arrays, float32: numpy.load("trace.npz")["logits"]

The rows (first axis) of every array are the arms:
{rows}

The arrays; BLOCK is one of the blocks below, of C channels:
  z/BLOCK           {arms} × C  squeeze: what the block keeps of each channel of its input U, its
                           mean over all positions unless the network squeezes otherwise; in
                           the unit of U
  s/BLOCK           {arms} × C  excitation: the gates as applied, after the arm's edits; a factor
                           {gates}, without a unit
  s_computed/BLOCK  {arms} × C  the gates as the arm's own pass computed them, before the edits
  logits            {arms} × {classes}, one column a class; their {head} are the probabilities
{unsqueezed}
The blocks, first to last: module, C, width after W₁:
{blocks}
"""

REPORT = """
Beside them, of the same photograph:

report.html       the report: a page that needs no network
attributions.npz  NumPy arrays, float32: METHOD/ARM, signed maps of 3×H×W (1×H×W where a method
                  looks at a layer){shares}
*.png             each map over what the network saw: {maps}
matters.json      what replacing each block's gates does to the answer, and the strongest gates
matters.npz       NumPy arrays, float32: necessity/logit and necessity/probability, 2 × B (each
                  block's gates replaced alone, and with those of all later blocks; edited −
                  intact); effects/BLOCK, s·∂logit/∂s of its C channels
"""
BESIDE = {  # files that a report has only where they were asked for, as lines of the read-me
    "trust.json": """\
trust.json        how far each method's maps can be trusted: the curves of deletion and insertion
                  (the class's probability at equal steps of the share of pixels), infidelity,
                  sensitivity and likeness, beside a random map, the edges and shuffled weights
""",
    "alpha_path.json": """\
alpha_path.json   the answers on the path from the photograph's own gates (α = 0) to reference
                  gates (α = 1)
""",
    "alpha_path.npz": """\
alpha_path.npz    NumPy arrays, float32: alphas, of N steps; logits, N × K (K classes)
""",
    "change.json": """\
change.json       what a change of the photograph does: how far each arm's gates move, and the
                  answers along the strengths
""",
    "change.npz": """\
change.npz        NumPy arrays: strengths, S; logits, S × arms × K; s/BLOCK, S × arms × C, the gates
                  that each arm's own pass computes
""",
    "second.json": """\
second.json       where the gates of the photograph and of a second one differ
""",
    "second.npz": """\
second.npz        NumPy arrays, float32: first/BLOCK and second/BLOCK, the gates s, C;
                  first/logits and second/logits, K
""",
}
SHARES = """; gates/BLOCK, each gate's share of the
                  difference of the first two arms with gates"""


def report_words(maps: Sequence[Attribution], *, shares: bool, beside: Collection[str] = ()) -> str:
    """Describe the files of a report that stand beside those of its trace.

    shares: of gates; beside: the names of the report's files, of which those that not all reports
    have are described as `BESIDE` does.
    """
    methods = ", ".join(dict.fromkeys(found.method for found in maps))
    more = (text for name, text in BESIDE.items() if name in beside)
    return REPORT.format(maps=methods, shares=SHARES if shares else "") + "".join(more)


def archive_words(trace: Trace) -> str:
    """Describe the files trace.json and trace.npz of a trace (`seviz.answers.export`)."""
    unsqueezed = unsqueezed_words(trace.sites)
    return TEXT.format(
        model=trace.model,
        rows="\n".join(_row(trace, row) for row in range(len(trace.arms))),
        arms=len(trace.arms),
        gates=excitation_of(trace.sites).gates,
        classes=len(trace.labels),
        head=trace.head,
        unsqueezed=f"{unsqueezed} z is NaN.\n" if unsqueezed else "",
        blocks="\n".join(
            f"  {s.name}: {s.path}, {s.channels}, {s.reduced or NO_R}" for s in trace.sites
        ),
    )


def _row(trace: Trace, row: int) -> str:
    arm = trace.arms[row]
    without = "" if is_folded(arm) else " without gates"
    twin = f"; another network{without}, so its z and s are NaN" if is_twin(arm) else ""
    return f"  {row}  {arm.name}: {arm_title(arm)} ({arm_text(arm.edits)}){twin}"
