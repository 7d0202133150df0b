"""The Squeeze-and-Excitation block of the article (Hu et al., arXiv 1709.01507, section 3).

    z = squeeze(U)              the descriptor, one number a channel: eq. 2, or the maximum
    s = σ(W₂ δ(W₁ z))           the excitation, one gate a channel: eq. 3
    x̃ = s·U                     the scale: eq. 4

The article's controls change one step each. Without a squeeze the same W₁ and W₂ act at every
position, so there is no z, and the gates are N×C×H×W (“NoSqueeze”, section 7.1). With tanh or ReLU
in place of σ gates are no longer between 0 and 1 (section 6.3).
"""

from collections.abc import Callable

from torch import Tensor, nn

from seviz.errors import UserError
from seviz.phrases import join_list


def average(u: Tensor) -> Tensor:
    """Squeeze by the mean over positions: N×C×H×W to N×C×1×1."""
    return u.mean((2, 3), keepdim=True)


def maximum(u: Tensor) -> Tensor:
    """Squeeze by the largest value of each channel: N×C×H×W to N×C×1×1."""
    return u.amax((2, 3), keepdim=True)


def no_squeeze(u: Tensor) -> Tensor:
    """Return U itself, N×C×H×W, so that each position gets its own gates."""
    return u


SQUEEZES: dict[str, Callable[[Tensor], Tensor]] = {
    "avg": average,
    "max": maximum,
    "none": no_squeeze,
}
EXCITATIONS: dict[str, type[nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
}


class SEBlock(nn.Module):
    """Multiply each channel of U by a gate that is computed from all channels.

    W₁ is width×C and W₂ is C×width, where width = C / r, rounded down, but at least 1. Both have
    biases, and are 1×1 convolutions, so that they also apply to U where there is no squeeze.
    """

    def __init__(
        self, channels: int, *, squeeze: str = "avg", excitation: str = "sigmoid", r: int = 16
    ) -> None:
        """Make the block; channels: C; squeeze and excitation: keys of SQUEEZES, EXCITATIONS.

        UserError where there is no such block.
        """
        super().__init__()
        if squeeze not in SQUEEZES or excitation not in EXCITATIONS or min(channels, r) < 1:
            raise UserError(
                f"No SE block has {channels} channels, squeeze “{squeeze}”, excitation "
                f"“{excitation}” and r {r}; squeeze is {join_list(SQUEEZES, ' or ')}, excitation "
                f"{join_list(EXCITATIONS, ' or ')}, channels and r are 1 or more."
            )
        width = max(channels // r, 1)
        self.squeeze = SQUEEZES[squeeze]
        self.w1 = nn.Conv2d(channels, width, 1)
        self.delta = nn.ReLU()
        self.w2 = nn.Conv2d(width, channels, 1)
        self.sigma = EXCITATIONS[excitation]()

    @property
    def squeezed(self) -> bool:
        """Tell whether there is a z, so that a channel has one gate for all positions."""
        return self.squeeze is not no_squeeze

    def forward(self, u: Tensor) -> Tensor:
        """Return s·U, N×C×H×W, for features U of that shape."""
        z = self.squeeze(u)
        s: Tensor = self.sigma(self.w2(self.delta(self.w1(z))))
        return s * u
