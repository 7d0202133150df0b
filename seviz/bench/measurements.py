"""The bench's measurements: the time of seviz's passes relative to bare forward passes.

Each ratio is the median over interleaved pairs, so that changes of the machine's speed slow both
sides alike. The clock waits for a GPU's work. Weights don't change the time of a convolution, so
networks have random weights.
"""

import logging
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import timm
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from seviz.bench import peers, profiling
from seviz.bench.peers import computes_bfloat16
from seviz.bench.rows import PAIRS, Networks, Row, Skipped, Unmeasured, compare
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.measuring.arm_answers import AnswerGathering
from seviz.measuring.measure import answers
from seviz.measuring.set_necessity import sweep_arms
from seviz.nets.embedded import ARCHITECTURE
from seviz.passes.forward import retrace
from seviz.photos.batch import Batch
from seviz.records.arms import IDENTITY, INTACT, STATIC, Arm, Edit, Rule
from seviz.training.speed import make_epochs
from seviz.zoo.device import device

LIMIT = 1.05
FIRST_LIMIT = 2.1  # two rows and the norms' shift, for one bare row
SIX = ("intact", "identity", "all=0.5", "uniform", "shuffle@1", "SE_4*=0")
SIX_LIMIT = 1.1
SWEEP_PAIRS = 9
SWEEP_LIMIT = 0.65
SWEEPS_IMAGES, SWEEPS_PAIRS = 2, 5
SWEEPS_LIMIT = 0.75
EVALUATION_PAIRS = 15
EVALUATION_LIMIT = 1 / 0.9  # nine tenths of the images a second
TRAINING_PAIRS = 5
TRAINING_LIMIT = 1 / 1.3  # 1.3 times the images a second
STARTUP_PAIRS = 5
STARTUP_LIMIT = 1.5
IMPORTS = "import gradio"
APP = """
from urllib.request import urlopen
from seviz.ui import app
app.spare_libraries()
demo = app.launch(app.build(), prevent_thread_lock=True, quiet=True)
app.warm_up.start()
urlopen(demo.local_url).read()
"""
EXIT = "\nimport os; os._exit(0)"  # at once, as the end of an interpreter is not part of a start


Measure = Callable[[str, Networks], Row]


def check_rows(only: Collection[str]) -> None:
    """Raise UserError for a name that is not in MEASURES."""
    if odd := [name for name in only if name not in MEASURES]:
        raise UserError(f"There is no row “{odd[0]}”; choose from {', '.join(MEASURES)}.")


def bench(only: Collection[str] = ()) -> Iterator[Row | Skipped]:
    """Yield each measurement of MEASURES, from a bare pass to the app's start.

    only: the names of those wanted, empty for all. One that fails, or needs a library that is not
    installed, is skipped with its reason.
    """
    networks = Networks.make()
    for name, (library, measure) in MEASURES.items():
        if only and name not in only:
            continue
        if library and not find_spec(library):
            yield Skipped(name, f"{library} is not installed")
            continue
        try:
            yield measure(name, networks)
        except Unmeasured as error:
            yield Skipped(name, str(error))
        except Exception as error:  # one failure must not stop the other measurements
            logging.getLogger(__name__).debug("measuring %s", name, exc_info=error)
            reason = str(error).partition("\n")[0]
            yield Skipped(name, f"it failed: {type(error).__name__}: {reason}")


@torch.inference_mode()
def first_answer(name: str, networks: Networks) -> Row:
    """Compare the page's first question, the arms intact and static, with a bare pass of one row.

    The time includes making the whole record on the CPU, with the norms' shift.
    """
    sites = networks.loaded.probe.sites
    static = {site.name: np.full(site.channels, 0.5, np.float32) for site in sites}
    recorded = {Rule("static"): static}
    return compare(
        name,
        lambda: retrace(networks.loaded, networks.image, [INTACT, STATIC], recorded=recorded),
        lambda: networks.bare(networks.batch),
        limit=FIRST_LIMIT,
        pairs=PAIRS,
    )


@torch.inference_mode()
def capture(arms: list[Arm], name: str, networks: Networks) -> Row:
    """Compare a captured pass, one row per arm, with the bare network on as many rows."""
    x = networks.rows(len(arms))

    def ours() -> None:
        with networks.loaded.probe.ask(arms):
            networks.loaded.model(x)

    return compare(name, ours, lambda: networks.bare(x), limit=LIMIT, pairs=PAIRS)


@torch.inference_mode()
def branches(name: str, networks: Networks, *, arms: list[Arm], limit: float, pairs: int) -> Row:
    """Compare arms that branch from one intact row with the bare network on as many rows.

    The norms' shift is captured.
    """
    rows = networks.rows(len(arms))

    def ours() -> None:
        with networks.loaded.probe.branch(arms, norms=True):
            networks.loaded.model(rows[:1])

    return compare(name, ours, lambda: networks.bare(rows), limit=limit, pairs=pairs)


def sweep(name: str, networks: Networks) -> Row:
    """Compare one arm per block and the intact one with a bare batch of as many rows."""
    sites = networks.loaded.probe.sites
    alone = [Arm(site.name, (Edit(Rule("identity"), site.name),)) for site in sites]
    return branches(name, networks, arms=[INTACT, *alone], limit=SWEEP_LIMIT, pairs=SWEEP_PAIRS)


def sweeps(name: str, networks: Networks, *, cumulative: bool) -> Row:
    """Compare `necessity --data` on a few images with the bare passes of a row an arm and image.

    The arms are intact and each block alone; cumulative: also with all later and earlier blocks,
    counted as 3 for each of B blocks and one more.
    """
    sites = [site.name for site in networks.loaded.probe.sites]
    arms = sweep_arms(sites, Rule("identity"))
    arms = arms if cumulative else arms[: len(sites) + 1]
    counted = 1 + (3 if cumulative else 1) * len(sites)
    x, places = networks.rows(SWEEPS_IMAGES), torch.arange(SWEEPS_IMAGES)
    batch = Batch(x, torch.zeros_like(places), places, list(map(str, places)))
    gathering, rows = AnswerGathering(networks.loaded, arms, {}), networks.rows(len(x) * counted)

    @torch.inference_mode()
    def bare() -> None:
        networks.bare(rows)

    return compare(
        name,
        lambda: gathering.ask(batch),
        bare,
        limit=SWEEPS_LIMIT if cumulative else SWEEP_LIMIT,
        pairs=SWEEPS_PAIRS,
    )


def evaluation(name: str, _: Networks) -> Row:
    """Compare the pass of `evaluate` with timm's bare forward, both over one loader."""
    where, model = device(), timm.create_model(ARCHITECTURE).eval()
    model.to(where, memory_format=torch.channels_last)
    images = [(image, 0) for image in torch.randn(256, 3, 64, 64)]
    loader: DataLoader[tuple[Tensor, int]] = DataLoader(images, 128, num_workers=1)  # type: ignore[arg-type]

    @torch.inference_mode()
    def bare() -> None:
        for x, _ in loader:
            model(x.to(where, memory_format=torch.channels_last))

    ours = partial(answers, model, loader, where)
    return compare(name, ours, bare, limit=EVALUATION_LIMIT, pairs=EVALUATION_PAIRS)


def training(name: str, _: Networks) -> Row:
    """Compare an epoch of images in memory, in bfloat16 if quicker, with a loader in float32."""
    where = device()
    rounded = computes_bfloat16(where)
    with TemporaryDirectory() as folder:
        memory, disk = make_epochs(Path(folder), where, rounded)
        limit = TRAINING_LIMIT if rounded else 1.0
        return compare(name, memory, disk, limit=limit, pairs=TRAINING_PAIRS)


def startup(name: str, _: Networks) -> Row:
    """Compare the app's start, until its first page is served, with importing Gradio."""
    ours, imports = partial(_python, APP), partial(_python, IMPORTS)
    return compare(name, ours, imports, limit=STARTUP_LIMIT, pairs=STARTUP_PAIRS)


def _python(code: str) -> None:
    """Run a program in a fresh interpreter, where seviz can be imported."""
    root, command = Path(__file__).resolve().parents[2], [sys.executable, "-c", code + EXIT]
    try:
        subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise Unmeasured("it did not start; its own words are above") from error


MEASURES: dict[
    str, tuple[str, Measure]
] = {  # by name, the library that it needs, or "", and its function
    "capture": ("", partial(capture, [INTACT])),
    "arms": ("", partial(capture, [INTACT, IDENTITY])),
    "first_answer": ("", first_answer),
    "six_arms": ("", partial(branches, arms=parse_arms(SIX), limit=SIX_LIMIT, pairs=PAIRS)),
    "necessity": ("", sweep),
    "necessity_blocks": ("", partial(sweeps, cumulative=False)),
    "necessity_data": ("", partial(sweeps, cumulative=True)),
    "integrated_gradients": ("captum", peers.integrated_gradients),
    "integrated_gradients_bfloat16": ("captum", peers.integrated_gradients_bfloat16),
    "gradcam": ("captum", peers.gradcam),
    "gradcam_peer": ("pytorch_grad_cam", peers.gradcam_peer),
    "evaluate": ("", evaluation),
    "training": ("", training),
    "profile": ("", profiling.profile),
    "profile_two": ("", profiling.two_processes),
    "startup": ("gradio", startup),
}
