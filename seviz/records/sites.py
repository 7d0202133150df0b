"""SE blocks as records."""

from dataclasses import dataclass

NEAR_ONE, NEAR_ZERO = 0.95, 0.05  # gates beyond these pass almost all or almost nothing

NO_R = "–"  # in place of r, and of the width after W₁, where a block has none

# What a block is: SE, or a relative, which has a z and a gate for each channel too.
SE, ECA, CBAM = "SE", "ECA", "CBAM"
GATHER_EXCITE, GLOBAL_CONTEXT, SPLIT_ATTENTION = "GE", "GC", "SA"
KINDS = {  # with their names
    SE: "Squeeze-and-Excitation",
    ECA: "ECA",
    CBAM: "CBAM channel attention",
    GATHER_EXCITE: "Gather-Excite",
    GLOBAL_CONTEXT: "Global Context",
    SPLIT_ATTENTION: "Split-Attention",
}


@dataclass(frozen=True)
class Site:
    """One SE block of a network.

    path: the module's name in the network; name: the paper's (SE_4_6) where the stages are called
    layer1, layer2 … as a ResNet's are, else the path. stage counts as in the paper, a ResNet's from
    2, and block from 1; None elsewhere. channels: C; reduced: the width after W₁, as measured on
    its weights, None where no layer has such a width. excitation: sigmoid (a hard one too), whose
    gates are between 0 and 1, tanh (−1 to 1) or relu (0 and up). kind: SE, or that of a relative,
    whose name then begins with it (ECA_4_6). use: how often the module was used before in the same
    pass. scales: whether the module of this path takes U and returns s·U, and does nothing else.

    squeezed: false for the paper's control without a squeeze, which has no z and a gate for each
    position (C×H×W). Then z is NaN in all records, and s, one number a channel, is the mean of the
    channel's gates over its positions; recorded gates are such means, set at all positions.
    """

    path: str
    name: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int | None
    excitation: str = "sigmoid"
    squeezed: bool = True
    kind: str = SE
    use: int = 0
    scales: bool = True

    @property
    def reduction(self) -> float | None:
        """r = C / width after W₁; timm rounds that width, so r need not be the nominal 16."""
        return self.channels / self.reduced if self.reduced else None

    @property
    def from_z(self) -> bool:
        """Tell whether the gates depend on z alone; those of CBAM depend on the maxima too."""
        return self.squeezed and self.kind != CBAM


@dataclass(frozen=True)
class Places:
    """Where the tensors of a block are in its network.

    Each place is the path of a module, or a call of a function in the forward of one, such as
    `se:sigmoid#0`, the first call of sigmoid in `se`. features: the place that U enters; first:
    that z enters; hidden: whose result enters the second projection; second: that projection, ""
    like hidden where there is only one; pre: the place that the gate's pre-activation enters; gate:
    the place whose result is s. function: torch's function that is the gate, where it is no module.
    channels_last: U is N×H×W×C, not N×C×H×W.
    """

    features: str
    first: str
    hidden: str
    second: str
    pre: str
    gate: str
    function: str = ""
    channels_last: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """Return the places that there are."""
        named = (self.features, self.first, self.hidden, self.second, self.pre, self.gate)
        return tuple(filter(None, named))
