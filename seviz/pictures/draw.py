"""Draws pictures for gates: gradient ascent on what a gate's activation receives, in random views.

The pre-activation is raised and not s itself, which saturates: a gate that is open has no slope
left. A pass ends at the gate's block. The rows of a batch do not influence one another, so the
pictures of many gates of a block are drawn at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from seviz.faithfulness.controls import randomise
from seviz.gates.question import Captured
from seviz.passes.derivatives import derivatives
from seviz.passes.estimate import GRADIENT
from seviz.passes.forward import as_array
from seviz.passes.gpu_seconds import counts, on_cpu
from seviz.passes.logits import logits_of
from seviz.pictures.canvas import Canvas
from seviz.pictures.views import MARGIN, View, middle
from seviz.records.aims import CENTRE, CHANNEL, MACO, OPEN, SHUFFLED, SHUT
from seviz.records.arms import INTACT
from seviz.records.numbers import Floats
from seviz.records.pictures import Baselines, Drawing, Pictures, PictureTask
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

# Lucid takes 512 steps of 0.05. With twice that rate, pictures of the embedded network hardly
# change after 32 steps, and 90 % of them open their gates further than 99 % of photographs do.
RATE = 0.1
PHASE_RATE = 0.5  # radians, of MaCo's phases: tried on the embedded network
PIXELS = 4 * 224 * 224  # that pass with gradients at a time, so that memory is bounded
NOISES = 8  # images of noise, of which the mean gate is told


@counts(lambda _, drawing, *, steps, **__: GRADIENT * steps * len(drawing.task.channels))
def draw(
    loaded: LoadedModel, drawing: Drawing, *, steps: int, watch: Watch | None = None
) -> Drawing:
    """Refine pictures by so many steps of Adam; the same again from the same seeds.

    Raises `seviz.watch.Stopped` where stopped.
    """
    task = drawing.task
    by = randomise(loaded) if task.weights == SHUFFLED else loaded
    progress = Progress(watch, steps * len(task.channels))
    parts = [
        _refine(by, drawing, rows, steps=steps, progress=progress)
        for rows in _parts(loaded, len(task.channels))
    ]
    parameters, *moments = (torch.cat(of) for of in zip(*parts, strict=True))
    first, second = map(as_array, moments)
    made = Drawing(task, drawing.step + steps, as_array(parameters), (first, second))
    return replace(made, pictures=_look(loaded, made, parameters, by=by))


@on_cpu
def baselines(loaded: LoadedModel, site: str, *, channel: int) -> Baselines:
    """Return what a gate is at images that show nothing: noise, and the mean colour alone."""
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand(NOISES, *loaded.input_size, generator=generator).to(loaded.device)
    with torch.inference_mode():
        x = torch.cat([_normalised(loaded, noise), torch.zeros_like(noise[:1])])
        s = as_array(captured_at(loaded, site, x, gates=True).s[site][:, channel])
    return Baselines(noise=float(s[:NOISES].mean()), mean_colour=float(s[NOISES]))


def captured_at(loaded: LoadedModel, site: str, x: Tensor, *, gates: bool = False) -> Captured:
    """Pass N×C×H×W to a block; return its features and pre-activations, with gates z and s too."""
    rows = [0] * len(x)
    with loaded.probe.ask(
        [INTACT], rows=rows, features_of=[site], until=site, gates=gates
    ) as captured:
        logits_of(loaded.model, x.contiguous(memory_format=torch.channels_last), loaded.title)
    return captured


def canvas(loaded: LoadedModel, kind: str) -> Canvas:
    """Return the canvas of a network's pictures: as large as its input, and a margin."""
    channels, height, width = loaded.input_size
    return Canvas(kind, channels, round(height * MARGIN), round(width * MARGIN))


def _parts(loaded: LoadedModel, rows: int) -> Iterator[slice]:
    """Yield the rows that pass at a time: by the network's input alone, so that runs agree."""
    at_once = max(1, PIXELS // (loaded.input_size[1] * loaded.input_size[2]))
    return (slice(start, start + at_once) for start in range(0, rows, at_once))


def _refine(
    loaded: LoadedModel, drawing: Drawing, rows: slice, *, steps: int, progress: Progress
) -> tuple[Tensor, Tensor, Tensor]:
    """Return some rows' parameters and Adam's moments after some steps more."""
    task, (_, height, width) = drawing.task, loaded.input_size
    on, channels = canvas(loaded, task.kind), task.channels[rows]
    parameters, optimiser = _started(loaded, drawing, rows, on=on)
    for step in range(drawing.step, drawing.step + steps):
        seen = View.draw(step).of(on.pictures(parameters), height, width)
        captured = captured_at(loaded, task.site, _normalised(loaded, seen))
        raised = _objective(captured, task, channels).sum()
        (parameters.grad,) = derivatives(-raised, [parameters], loaded.title)
        optimiser.step()
        progress.add(len(channels))
    moments = optimiser.state[parameters]
    return parameters.detach(), moments["exp_avg"], moments["exp_avg_sq"]


def _started(
    loaded: LoadedModel, drawing: Drawing, rows: slice, *, on: Canvas
) -> tuple[Tensor, torch.optim.Adam]:
    """Return some rows' parameters, and their optimiser, as they were after the last step."""
    known = drawing.parameters
    first = (
        torch.stack([on.draw(seed) for seed in drawing.task.seeds[rows]])
        if known is None
        else torch.from_numpy(known[rows].copy())
    )
    parameters = first.to(loaded.device).requires_grad_()
    optimiser = torch.optim.Adam([parameters], PHASE_RATE if on.kind == MACO else RATE)
    if drawing.moments is not None:
        mean, square = (torch.from_numpy(of[rows].copy()) for of in drawing.moments)
        optimiser.state[parameters] = {
            "step": torch.tensor(float(drawing.step)),
            "exp_avg": mean.to(loaded.device),
            "exp_avg_sq": square.to(loaded.device),
        }
    return parameters, optimiser


def _objective(captured: Captured, task: PictureTask, channels: Sequence[int]) -> Tensor:
    """Return what each row's picture is to raise, N."""
    row, channel = torch.arange(len(channels)), torch.tensor(channels)
    if task.aim in (OPEN, SHUT):
        pre = captured.pre[task.site][row, channel]
        return pre if task.aim == OPEN else -pre
    u = captured.u[task.site][row, channel]  # N×H×W
    if task.aim == CHANNEL:
        return u.mean((1, 2))
    assert task.aim == CENTRE, task.aim
    return u[:, u.shape[1] // 2, u.shape[2] // 2]


@torch.inference_mode()
def _look(
    loaded: LoadedModel, drawing: Drawing, parameters: Tensor, *, by: LoadedModel
) -> Pictures:
    """Cut the pictures out, and pass them as they are saved: as bytes.

    by: the network that they were drawn with.
    """
    task, (_, height, width) = drawing.task, loaded.input_size
    of_canvas = canvas(loaded, task.kind).pictures(parameters)
    exact = (middle(of_canvas, height, width) * 255).round() / 255
    x = _normalised(loaded, exact)
    own, u = _read(by, task, x)
    s, _ = (own, u) if by is loaded else _read(loaded, task, x)
    pixels = np.stack([loaded.visible(image) for image in as_array(x)])
    return Pictures(task, drawing.step, pixels=pixels, s=s, own=own, u=u)


def _read(loaded: LoadedModel, task: PictureTask, x: Tensor) -> tuple[Floats, Floats]:
    """Return each row's gate, and the mean of its channel's features, N each."""
    gates, features = [], []
    for rows in _parts(loaded, len(x)):
        captured = captured_at(loaded, task.site, x[rows], gates=True)
        row, channel = torch.arange(len(x[rows])), torch.tensor(task.channels[rows])
        gates.append(captured.s[task.site][row, channel])
        features.append(captured.u[task.site][row, channel].mean((1, 2)))
    return as_array(torch.cat(gates)), as_array(torch.cat(features))


def _normalised(loaded: LoadedModel, pictures: Tensor) -> Tensor:
    """Turn pictures, N×C×H×W between 0 and 1, into what the network takes."""
    mean, std = (
        torch.tensor(of, device=pictures.device)[: pictures.shape[1], None, None]
        for of in (loaded.mean, loaded.std)
    )
    return (pictures - mean) / std
