"""The forward pass of a training step: optionally in bfloat16, and on CUDA as a graph.

With so small a network a GPU waits for kernels to be launched, a thousand a step. A CUDA graph
launches them all at once. It is captured again for each side of the images, within a second.
"""

import torch
from torch import Tensor, nn
from tqdm import tqdm


class Forward:
    """Images (N×3×S×S) to logits (N×K) of a network in training mode, with gradients."""

    def __init__(self, model: nn.Module, bfloat16: bool, graphs: bool) -> None:
        """Take the network; graphs: whether to capture CUDA graphs of it."""
        self._pass = _Pass(model, bfloat16)
        self._graphs = graphs
        self._captured: tuple[torch.Size, nn.Module] | None = None

    def __call__(self, images: Tensor) -> Tensor:
        """Pass a batch; captures a graph where none of this shape exists yet."""
        logits: Tensor = self._for(images)(images)
        return logits

    def _for(self, images: Tensor) -> nn.Module:
        if not (self._graphs and images.is_cuda):
            return self._pass
        if self._captured is None or self._captured[0] != images.shape:
            self._captured = None  # the last graph's memory first
            try:
                self._captured = images.shape, self._capture(images)
            except RuntimeError as error:
                tqdm.write(f"No graph could be captured, so training is slower: {error}")
                self._graphs = False
                return self._pass
        return self._captured[1]

    def _capture(self, images: Tensor) -> nn.Module:
        passing = _Pass(self._pass.model, self._pass.rounded)  # the graph takes its forward's place
        torch.cuda.make_graphed_callables(passing, (images.clone(),))
        return passing


class _Pass(nn.Module):
    """A network under autocast, which a graph must not cache weights of."""

    def __init__(self, model: nn.Module, rounded: bool) -> None:
        super().__init__()
        self.model, self.rounded = model, rounded

    def forward(self, images: Tensor) -> Tensor:
        kind = images.device.type
        with torch.autocast(kind, torch.bfloat16, self.rounded, cache_enabled=False):
            logits: Tensor = self.model(images)
        return logits.float()
