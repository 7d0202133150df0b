"""Measures a network: its accuracy and calibration on labelled images, its cost and time."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from seviz.photos.dataset import batches
from seviz.zoo.device import clock, device

TEMPERATURES = (0.05, 20.0)


@dataclass(frozen=True)
class Answers:
    """Logits (N×K) and labels (N) of a pass over labelled images, on the CPU, and its seconds."""

    logits: Tensor
    labels: Tensor
    seconds: float

    def top(self, k: int) -> float:
        """Return the share of images whose class is among the first k answers."""
        first = self.logits.topk(min(k, self.logits.shape[1])).indices
        return int((first == self.labels[:, None]).any(1).sum()) / len(self.labels)

    @property
    def images_per_second(self) -> float:
        """Return the speed of the pass, including reading and preprocessing."""
        return len(self.labels) / self.seconds

    def nll(self, temperature: float = 1.0) -> float:
        """Return the mean negative log-likelihood of the classes, in nats."""
        return float(nn.functional.cross_entropy(self.logits / temperature, self.labels))

    def temperature(self) -> float:
        """Fit the temperature T for which softmax(logits / T) is best calibrated on these images.

        T minimises `nll` (Guo et al., arXiv 1706.04599) and changes no answer.
        """
        from scipy.optimize import minimize_scalar  # imported late, for a quick start of the app

        low, high = (torch.tensor(t).log().item() for t in TEMPERATURES)
        best = minimize_scalar(
            lambda log_t: self.nll(torch.tensor(log_t).exp().item()),
            bounds=(low, high),
            method="bounded",
        )
        return float(torch.tensor(best.x).exp())


def answers(
    model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]], where: torch.device
) -> Answers:
    """Run a network in eval mode on every image of a loader's batches.

    The mode that it was in is restored at the end.
    """
    was_training = model.training
    model.eval()
    result = collect_answers(model, loader, where)
    model.train(was_training)
    return result


@torch.inference_mode()
def collect_answers(
    ask: Callable[[Tensor], Tensor], loader: Iterable[tuple[Tensor, Tensor]], where: torch.device
) -> Answers:
    """Collect the logits of every image of a loader's batches; `ask` may return N×K or N×arms×K."""
    logits, labels = [], []
    start = time.perf_counter()
    for x, y in batches(loader):
        logits.append(ask(x.to(where, memory_format=torch.channels_last)).float().cpu())
        labels.append(y)
    seconds = time.perf_counter() - start
    return Answers(torch.cat(logits), torch.cat(labels), seconds)


def multiply_adds(model: nn.Module, input_size: tuple[int, int, int]) -> int:
    """Count the multiply-adds (MACs) of convolutions and matrix products for one image."""
    parameter = next(model.parameters())
    image = torch.zeros(1, *input_size, device=parameter.device, dtype=parameter.dtype)
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        model(image)
    return int(counter.get_total_flops()) // 2


def ratios_of(ours: Callable[[], object], theirs: Callable[[], object], pairs: int) -> list[float]:
    """Time two calls as `times_of` does; return ours / theirs for each pair."""
    return [mine / other for mine, other in times_of(ours, theirs, pairs)]


def times_of(
    ours: Callable[[], object], theirs: Callable[[], object], pairs: int
) -> list[tuple[float, float]]:
    """Time pairs of two calls, whose order alternates; return the seconds of both for each pair."""
    _seconds(ours), _seconds(theirs)  # warm-up
    times = []
    for pair in range(pairs):
        if pair % 2:
            mine, other = _seconds(ours), _seconds(theirs)
        else:
            other, mine = _seconds(theirs), _seconds(ours)
        times.append((mine, other))
    return times


def _seconds(call: Callable[[], object]) -> float:
    """Time one call in seconds; the device's earlier work is waited for first."""
    kind = device().type
    start = clock(kind)
    call()
    return clock(kind) - start
