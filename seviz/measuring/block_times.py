"""How much of a pass's time each SE block takes: what folding it saves."""

from statistics import median

import torch
from torch import Tensor, nn

from seviz.zoo.device import clock
from seviz.zoo.models import LoadedModel, build_network

PASSES = 15
WARM_UP = 2


class Timed(nn.Module):
    """A module that adds up the seconds it takes."""

    def __init__(self, module: nn.Module, kind: str) -> None:
        """Start at 0; kind: of device."""
        super().__init__()
        self.module, self.kind, self.seconds = module, kind, 0.0

    def forward(self, x: Tensor) -> Tensor:
        """Pass a tensor through the module, and count the time."""
        start = clock(self.kind)
        y: Tensor = self.module(x)
        self.seconds += clock(self.kind) - start
        return y


@torch.inference_mode()
def time_shares(loaded: LoadedModel) -> dict[str, float]:
    """Return by site the median share that an SE block takes of a pass of one image, bare."""
    kind = loaded.device.type
    model = build_network(loaded.source).to(loaded.device).to(memory_format=torch.channels_last)
    blocks = {}
    for site in loaded.probe.sites:
        blocks[site.name] = Timed(model.get_submodule(site.path), kind)
        model.set_submodule(site.path, blocks[site.name])
    x = torch.randn(1, *loaded.input_size, generator=torch.Generator().manual_seed(0))
    x = x.to(loaded.device, memory_format=torch.channels_last)
    shares: dict[str, list[float]] = {name: [] for name in blocks}
    for number in range(WARM_UP + PASSES):
        before = {name: block.seconds for name, block in blocks.items()}
        start = clock(kind)
        model(x)
        whole = clock(kind) - start
        for name, block in blocks.items():
            if number >= WARM_UP:
                shares[name].append((block.seconds - before[name]) / whole)
    return {name: median(found) for name, found in shares.items()}
