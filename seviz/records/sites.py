"""SE blocks as records."""

from dataclasses import dataclass

NEAR_ONE, NEAR_ZERO = 0.95, 0.05  # gates beyond these pass almost all or almost nothing


@dataclass(frozen=True)
class Site:
    """One SE block of a network.

    path: the module's name in the network; name: the paper's (SE_4_6) where the stages are called
    layer1, layer2 … as a ResNet's are, else the path. stage counts as in the paper, a ResNet's from
    2, and block from 1; None elsewhere. channels: C; reduced: the width after W₁, as measured on
    its weights. excitation: sigmoid (a hard one too), whose gates are between 0 and 1, tanh (−1 to
    1) or relu (0 and up).

    squeezed: false for the paper's control without a squeeze, which has no z and a gate for each
    position (C×H×W). Then z is NaN in all records, and s, one number a channel, is the mean of the
    channel's gates over its positions; recorded gates are such means, set at all positions.
    """

    path: str
    name: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int
    excitation: str = "sigmoid"
    squeezed: bool = True

    @property
    def reduction(self) -> float:
        """r = C / width after W₁; timm rounds that width, so r need not be the nominal 16."""
        return self.channels / self.reduced
