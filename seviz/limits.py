"""Every limit of the page and the API: what it bounds, its default, and its environment variable.

The command line is its user's own machine, and has none of them.
"""

import os
from dataclasses import dataclass

from seviz.errors import UserError


@dataclass(frozen=True)
class Limit:
    """The most of something that a visitor may ask for.

    name: also of its environment variable: `arms` is SEVIZ_MAX_ARMS; default: holds where that is
    not set; unit: what is counted, as people read it, such as “arms in one question”.
    """

    name: str
    default: int
    unit: str

    @property
    def variable(self) -> str:
        """Return the environment variable that sets another value."""
        return f"SEVIZ_MAX_{self.name.upper()}"

    @property
    def value(self) -> int:
        """Return the environment's value, or the default; UserError where that is no number."""
        text = os.environ.get(self.variable)
        if text is None:
            return self.default
        if not text.isascii() or not text.isdigit():
            raise UserError(f"{self.variable} is a whole number of {self.unit}, such as 1.")
        return int(text)

    def check(self, given: int) -> None:
        """Raise UserError where more is given than is allowed."""
        if given > self.value:
            raise UserError(f"At most {self.value:,} {self.unit}; these are {given:,}.")


ARMS = Limit("arms", 32, "arms in one question")
GPU_SECONDS = Limit("gpu_seconds", 60, "seconds of ZeroGPU's GPU for one question")
# On ZeroGPU, networks up to this size are asked on the CPU. The embedded network has 19, the
# largest of the laboratory 2, an SE-ResNet-18 at 224 pixels 591.
CPU_WORK = Limit("cpu_work", 60, "billions of parameters × pixels of a network that the CPU asks")

LIMITS = tuple(each for each in list(globals().values()) if isinstance(each, Limit))
