"""The variants of the article's studies, and how each is built.

Each study varies one choice and leaves the others at the article's own (average squeeze, sigmoid,
r = 16, all stages, the standard place), so the standard SE-ResNet, trained once, belongs to all.
"""

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seviz.nets.hosts import Host

SIDE = 64  # of the images, in pixels
HOST_NAMES = {"vgg": "VGG", "inception": "Inception", "resnet": "ResNet"}
PLAIN = "plain"  # the integration of a host without SE
SQUEEZE_NAMES = {"avg": "average squeeze", "max": "maximum squeeze", "none": "no squeeze"}
EXCITATION_NAMES = {"sigmoid": "sigmoid gates", "tanh": "tanh gates", "relu": "ReLU gates"}
INTEGRATION_NAMES = {
    PLAIN: "without SE",
    "standard": "standard",
    "pre": "PRE",
    "post": "POST",
    "identity": "Identity",
    "3x3": "3×3",
}


@dataclass(frozen=True)
class Variant:
    """One network of the laboratory, by its differences from the article's own SE network.

    host: vgg, inception or resnet; integration: of a ResNet, see `seviz.nets.residual`, or plain
    for any host without SE; stages: those with SE, counted as in the article; empty means all.
    """

    host: str = "resnet"
    integration: str = "standard"
    squeeze: str = "avg"
    excitation: str = "sigmoid"
    r: int = 16
    stages: tuple[int, ...] = ()

    @property
    def plain(self) -> bool:
        """Tell whether the variant has no SE."""
        return self.integration == PLAIN

    @property
    def key(self) -> str:
        """The name in files and options, such as lab_resnet_pre; lab_resnet_se is the standard."""
        if self.plain:
            return f"lab_{self.host}"
        parts = {
            "integration": self.integration,
            "squeeze": "nosqueeze" if self.squeeze == "none" else self.squeeze,
            "excitation": self.excitation,
            "r": f"r{self.r}",
            "stages": "stage" + "".join(map(str, self.stages)),
        }
        changed = [parts[name] for name in self._changed_fields()]
        return "_".join(["lab", self.host, *(changed or ["se"])])

    @property
    def title(self) -> str:
        """The name on the page, such as “SE-ResNet · PRE”."""
        if self.plain:
            return f"{HOST_NAMES[self.host]} · {INTEGRATION_NAMES[PLAIN]}"
        parts = {
            "integration": INTEGRATION_NAMES[self.integration],
            "squeeze": SQUEEZE_NAMES[self.squeeze],
            "excitation": EXCITATION_NAMES[self.excitation],
            "r": f"r = {self.r}",
            "stages": f"stage {', '.join(map(str, self.stages))} only",
        }
        changed = [parts[name] for name in self._changed_fields()] or [parts["integration"]]
        return " · ".join([f"SE-{HOST_NAMES[self.host]}", *changed])

    def build(self, num_classes: int, in_chans: int = 3) -> "Host":
        """Build the network with random weights: N×3×64×64 images to N×num_classes logits."""
        from seviz.nets.block import SEBlock
        from seviz.nets.hosts import HOSTS, ResNet, init_weights, insert_se

        options: dict[str, Any] = {}
        if HOSTS[self.host] is ResNet and not self.plain:
            options = {"integration": self.integration}
        host = HOSTS[self.host](num_classes, in_chans, **options)
        init_weights(host)
        if not self.plain:
            make = partial(SEBlock, squeeze=self.squeeze, excitation=self.excitation, r=self.r)
            insert_se(host, make, self.stages)
        return host

    def _changed_fields(self) -> list[str]:
        """Return the fields, apart from the host, that differ from the standard variant's."""
        return [f.name for f in fields(self)[1:] if getattr(self, f.name) != f.default]


STANDARD = Variant()
STUDIES: dict[str, tuple[Variant, ...]] = {
    "host": tuple(Variant(host, way) for host in HOST_NAMES for way in (PLAIN, "standard")),
    "squeeze": tuple(Variant(squeeze=squeeze) for squeeze in ("avg", "max", "none")),
    "excitation": tuple(Variant(excitation=s) for s in ("sigmoid", "tanh", "relu")),
    "r": tuple(Variant(r=r) for r in (2, 4, 8, 16, 32)),
    "stage": (*(Variant(stages=(stage,)) for stage in (2, 3, 4)), STANDARD),
    "integration": tuple(
        Variant(integration=way) for way in ("standard", "pre", "post", "identity", "3x3")
    ),
}
VARIANTS: dict[str, Variant] = {
    variant.key: variant for study in STUDIES.values() for variant in study
}
