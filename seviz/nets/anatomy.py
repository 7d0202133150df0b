"""The steps of each block of a variant, with the shapes of their outputs.

A block is described as it is drawn: a trunk from x to the sum, a side path parallel to it, and a
tail after the sum.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from seviz.nets.kept import kept
from seviz.nets.variants import Variant

Shape = tuple[int, int, int]  # H×W×C


@dataclass(frozen=True)
class Layer:
    """A convolution, an Inception module or a ReLU.

    out: the shape of the output; then: the layers that follow directly, such as a norm; widths: the
    channels of an Inception module's four branches, which are concatenated.
    """

    name: str
    out: Shape
    then: tuple[str, ...] = ()
    stride: int = 1
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gating:
    """An SE block: how it squeezes and excites, and the shapes of U, z, δ(W₁z) and s.

    Without a squeeze z is U itself. r is the chosen reduction; C/width can differ, as width is
    rounded.
    """

    squeeze: str
    excitation: str
    r: int
    u: Shape
    z: Shape
    hidden: Shape
    s: Shape

    @property
    def channels(self) -> int:
        """C."""
        return self.u[2]

    @property
    def width(self) -> int:
        """The width between W₁ and W₂: C/r, rounded down, but at least 1."""
        return self.hidden[2]

    @property
    def positions(self) -> int:
        """The number of positions at which W₁ and W₂ are applied: 1 after a squeeze, else H·W."""
        return self.z[0] * self.z[1]


Step = Layer | Gating


@dataclass(frozen=True)
class Anatomy:
    """One block of a variant, from its input x to its output y.

    trunk and side both start at x and are added; tail follows the sum. side is None where the block
    has no shortcut, and so no sum. The SE block is always on the trunk or the tail: in SE-Identity
    the trunk is the shortcut and the side is F. Everywhere else the side is the shortcut, which is
    empty where it is x itself.
    """

    stage: int
    block: int
    integration: str
    x: Shape
    trunk: tuple[Step, ...]
    side: tuple[Step, ...] | None
    tail: tuple[Step, ...]
    y: Shape

    @property
    def place(self) -> str:
        """Stage and block, such as 4_2, whether or not the block has SE."""
        return f"{self.stage}_{self.block}"

    @property
    def gating(self) -> Gating | None:
        """The SE block; None where the block has none."""
        steps = (*self.trunk, *self.tail)
        return next((step for step in steps if isinstance(step, Gating)), None)

    @property
    def projects(self) -> bool:
        """Tell whether the shortcut changes the shape of x."""
        return self.side is not None and self.x != self.y


@lru_cache(maxsize=256)
def anatomies(variant: Variant) -> tuple[Anatomy, ...]:
    """Describe a variant's blocks in depth order, for a 64×64 image."""
    if known := kept("anatomies").get(variant.key):
        return tuple(map(_read, known))
    from seviz.nets.dissection import dissect

    return dissect(variant)


def _read(block: dict[str, Any]) -> Anatomy:
    """Make a record of what `dataclasses.asdict` made of it, through JSON."""
    parts = {name: tuple(map(_step, block[name] or ())) for name in ("trunk", "side", "tail")}
    side = None if block["side"] is None else parts["side"]
    shapes: dict[str, Any] = {name: tuple(block[name]) for name in ("x", "y")}
    return Anatomy(**{**block, **shapes, **parts, "side": side})


def _step(step: dict[str, Any]) -> Step:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in step.items()}
    return Gating(**values) if "squeeze" in values else Layer(**values)
