"""What looking costs: seviz's passes against the same bare forward passes, in one run.

Only ratios are reported, each the median over interleaved pairs, so that a machine whose speed
drifts, or that does other work, slows both sides alike. Weights don't change the time of a
convolution, so a network without trained weights serves.
"""

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import timm
import torch
from captum.attr import IntegratedGradients, LayerGradCam
from torch import Tensor, nn
from torch.utils.data import DataLoader

from seviz.attribution.maps import attribute
from seviz.attribution.methods import GRADCAM, INTEGRATED
from seviz.device import device
from seviz.edits import parse_arms
from seviz.embedded import ARCHITECTURE
from seviz.errors import UserError
from seviz.lab.measure import answers, ratios_of
from seviz.records import IDENTITY, INTACT, Arm, Attribution, Edit, Rule
from seviz.zoo import LoadedModel, prepare

MODEL = "seresnet50"
SIDE = 224
PAIRS = 25
LIMIT = 1.05
SIX = ("intact", "identity", "all=0.5", "uniform", "shuffle@1", "SE_4*=0")
SIX_LIMIT = 1.1
SWEEP_PAIRS = 9
SWEEP_LIMIT = 0.65
EVALUATION_PAIRS = 15
EVALUATION_LIMIT = 1 / 0.9  # nine tenths of the images a second
IG_STEPS, IG_PAIRS, IG_LIMIT, IG_HALF_LIMIT = 32, 3, 0.85, 0.55
IG_AGREE = 0.05  # of the map's norm: how far bfloat16's maps may be from float32's
GRADCAM_LIMIT = 1.0
STARTUP_PAIRS = 5
STARTUP_LIMIT = 1.3
IMPORTS = "import torch, timm, gradio"
APP = "import app; app.launch(app.build(), prevent_thread_lock=True, quiet=True).close()"


@dataclass(frozen=True)
class Row:
    """One measurement: the median ratio, its quartiles, and what is allowed."""

    name: str
    ratio: float
    low: float
    high: float
    limit: float


def bench() -> Iterator[Row]:
    """Measure capturing one row, arms and sweeps on SE-ResNet-50; then evaluation, and the start.

    Six arms are compared with a bare batch of six, the shift of the norms being heard; the sweep
    that edits each block alone, with a bare batch of as many rows and one for the intact.
    Explaining two arms is compared with captum's own calls, one for each arm of as many steps, and
    Grad-CAM also with one call of pytorch-grad-cam, where that is installed: half the arms' work.
    In bfloat16, integrated gradients are timed where the device computes it, and its maps are
    within IG_AGREE of those in float32; else a line on stderr says how far they are.
    Evaluation is compared with bare passes over the same loader; the app's start, until the page is
    served, with importing torch, timm and gradio.
    """
    torch.manual_seed(0)
    bare = timm.create_model(MODEL)
    loaded = prepare(MODEL, MODEL, deepcopy(bare))
    bare.eval().requires_grad_(False).to(loaded.device, memory_format=torch.channels_last)
    yield _row("capture", loaded, bare, [INTACT])
    yield _row("arms", loaded, bare, [INTACT, IDENTITY])
    yield _parting("six_arms", loaded, bare, parse_arms(SIX), SIX_LIMIT, PAIRS)
    sweep = [Arm(site.name, (Edit(Rule("identity"), site.name),)) for site in loaded.probe.sites]
    yield _parting("necessity", loaded, bare, [INTACT, *sweep], SWEEP_LIMIT, SWEEP_PAIRS)
    yield from _attributions(loaded, bare)
    yield _evaluation()
    starts = ratios_of(lambda: _python(APP), lambda: _python(IMPORTS), STARTUP_PAIRS)
    yield _summed("startup", starts, STARTUP_LIMIT)


@torch.inference_mode()
def _row(name: str, loaded: LoadedModel, bare: nn.Module, arms: list[Arm]) -> Row:
    """Compare a question of some arms with the bare network on as many rows."""
    x = torch.randn(len(arms), 3, SIDE, SIDE, device=loaded.device)
    x = x.contiguous(memory_format=torch.channels_last)

    def looked() -> None:
        with loaded.probe.ask(arms):
            loaded.model(x)

    return _summed(name, ratios_of(looked, lambda: bare(x), PAIRS), LIMIT)


@torch.inference_mode()
def _parting(
    name: str, loaded: LoadedModel, bare: nn.Module, arms: list[Arm], limit: float, pairs: int
) -> Row:
    """Compare arms that share what lies before their edits with the bare network on all rows."""
    x = torch.randn(1, 3, SIDE, SIDE, device=loaded.device)
    rows = x.repeat(len(arms), 1, 1, 1).contiguous(memory_format=torch.channels_last)

    def looked() -> None:
        with loaded.probe.part(arms, norms=True):
            loaded.model(rows[:1])

    return _summed(name, ratios_of(looked, lambda: bare(rows), pairs), limit)


def _attributions(loaded: LoadedModel, bare: nn.Module) -> Iterator[Row]:
    """Compare explanations of two arms with those of captum, asked once for each."""
    image = torch.randn(3, SIDE, SIDE)
    x = image[None].to(loaded.device, memory_format=torch.channels_last)
    both = [INTACT, IDENTITY]

    def ours(method: str, bfloat16: bool = False) -> Attribution:
        steps = IG_STEPS if method == INTEGRATED else None
        return attribute(
            loaded, image.numpy(), both, method, target=0, steps=steps, bfloat16=bfloat16
        )

    def integrated() -> None:
        for _ in both:
            IntegratedGradients(bare).attribute(x, target=0, n_steps=IG_STEPS)

    def layered() -> None:
        for _ in both:
            LayerGradCam(bare, bare.layer4).attribute(x.clone().requires_grad_(), target=0)

    found = ratios_of(lambda: ours(INTEGRATED), integrated, IG_PAIRS)
    yield _summed("integrated_gradients", found, IG_LIMIT)
    if computes_bfloat16(loaded.device):
        exact, rounded = ours(INTEGRATED).maps, ours(INTEGRATED, bfloat16=True).maps
        off = float(np.linalg.norm(rounded - exact) / np.linalg.norm(exact))
        if off > IG_AGREE:
            said = f"In bfloat16 the maps are {off:.1%} off, more than {IG_AGREE:.0%}: not timed."
            print(said, file=sys.stderr)
        else:
            found = ratios_of(lambda: ours(INTEGRATED, bfloat16=True), integrated, IG_PAIRS)
            yield _summed("integrated_gradients_bfloat16", found, IG_HALF_LIMIT)
    yield _summed("gradcam", ratios_of(lambda: ours(GRADCAM), layered, PAIRS), GRADCAM_LIMIT)
    if find_spec("pytorch_grad_cam"):
        yield _summed("gradcam_peer", ratios_of(lambda: ours(GRADCAM), _peer(x), PAIRS), 1.0)


def _peer(x: Tensor) -> Callable[[], object]:
    """Return one call of pytorch-grad-cam, on a network as people load it."""
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    model = timm.create_model(MODEL).eval().to(x.device, memory_format=torch.channels_last)
    peer = GradCAM(model=model, target_layers=[model.layer4])
    return lambda: peer(input_tensor=x, targets=[ClassifierOutputTarget(0)])


def computes_bfloat16(where: torch.device) -> bool:
    """Tell whether a device has instructions for bfloat16; else it is slower than float32."""
    if where.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _evaluation() -> Row:
    """Compare the pass of `evaluate` with timm's bare forward, both over one loader."""
    where, model = device(), timm.create_model(ARCHITECTURE).eval()
    model.to(where, memory_format=torch.channels_last)
    images = [(image, 0) for image in torch.randn(256, 3, 64, 64)]
    loader: DataLoader[tuple[Tensor, int]] = DataLoader(images, 128, num_workers=1)  # type: ignore[arg-type]

    @torch.inference_mode()
    def bare() -> None:
        for x, _ in loader:
            model(x.to(where, memory_format=torch.channels_last))

    found = ratios_of(lambda: answers(model, loader, where), bare, EVALUATION_PAIRS)
    return _summed("evaluate", found, EVALUATION_LIMIT)


def _summed(name: str, ratios: list[float], limit: float) -> Row:
    low, middle, high = statistics.quantiles(ratios, n=4)
    return Row(name, middle, low, high, limit)


def _python(code: str) -> None:
    """Run a program in a fresh interpreter, where app.py can be imported."""
    root, command = Path(__file__).resolve().parent.parent, [sys.executable, "-c", code]
    try:
        subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise UserError("The app did not start; its own words are above.") from error
