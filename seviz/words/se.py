r"""What the page calls each squeeze, excitation and integration of `seviz.nets`, and its equation.

A new one needs a row here, and its short name in `seviz.nets.variants`, whose titles have it.
Equations are LaTeX, after Hu et al., arXiv 1709.01507: eq. 2 (squeeze), eq. 3 (excitation), figure
5 and section 6.5 (integration). F is the residual branch, x the residual block's input, y its
output, and δ the ReLU. The projection on a shortcut that changes shape is left out, as in the
article.
"""

from dataclasses import dataclass

from seviz.nets.variants import Variant
from seviz.records.sites import NEAR_ONE, NEAR_ZERO


@dataclass(frozen=True)
class SqueezeWords:
    """A squeeze. choice: in a list of choices; pooling: in a drawing; kept: what z keeps of a map.

    definition: what z is; sentence: with {positions} to fill in. All are plain text but for
    sentence, which is Markdown.
    """

    choice: str
    pooling: str
    kept: str
    definition: str
    sentence: str
    equation: str


@dataclass(frozen=True)
class ExcitationWords:
    """The function that ends an excitation. choice: in a list of choices; box: in a drawing.

    symbol and latex: in formulas; gates: their range; effect: what else such gates can do; colours:
    how to read them in an atlas; counted: how to read the bars of a depth profile.
    """

    choice: str
    box: str
    symbol: str
    latex: str
    gates: str
    effect: str
    colours: str
    counted: str

    @property
    def definition(self) -> str:
        """Say which gates it gives."""
        return f"{self.choice}: gates {self.gates}"


@dataclass(frozen=True)
class PlaceWords:
    """Where SE sits, to follow “SE sits”: in full, in brief for a table, and in the guided path.

    story: of a residual block, with terms of the glossary in [[brackets]].
    """

    place: str
    brief: str
    equation: str
    story: str = ""


SQUEEZES = {
    "avg": SqueezeWords(
        choice="average",
        pooling="mean",
        kept="its mean",
        definition="the mean over positions",
        sentence="**Squeeze.** Each channel of U becomes one number, its mean over the "
        "{positions}.",
        equation=r"z_c = \frac{1}{H\,W} \sum_{i=1}^{H} \sum_{j=1}^{W} u_c(i, j)",
    ),
    "max": SqueezeWords(
        choice="maximum",
        pooling="maximum",
        kept="its maximum",
        definition="the maximum over positions",
        sentence="**Squeeze.** Each channel of U becomes one number, the largest of its "
        "{positions}.",
        equation=r"z_c = \max_{i,\,j}\; u_c(i, j)",
    ),
    "none": SqueezeWords(
        choice="none",
        pooling="",
        kept="all of it",
        definition="none: every position is gated by itself",
        sentence="**No squeeze.** Nothing is pooled: z is U, and every position keeps its own "
        "values.",
        equation=r"\mathbf{z}(i, j) = \mathbf{u}(i, j)",
    ),
}
EXCITATIONS = {
    "sigmoid": ExcitationWords(
        choice="sigmoid",
        box="Sigmoid",
        symbol="σ",
        latex=r"\sigma",
        gates="from 0 to 1",
        effect="",
        colours="Bright gates let their channel through, dark ones hold it back.",
        counted=f"Below, the share of channels left almost alone (s > {NEAR_ONE}, up) and almost "
        f"shut (s < {NEAR_ZERO}, down).",
    ),
    "tanh": ExcitationWords(
        choice="tanh",
        box="tanh",
        symbol="tanh",
        latex=r"\tanh",
        gates="from −1 to 1",
        effect=", so that a gate can flip the sign of its channel",
        colours="These gates are a tanh's, from −1 to 1: red ones let their channel through as it "
        "is, blue ones (negative) flip its sign, and pale ones, near 0, hold it back.",
        counted="Under 0 a gate flips the sign of its channel. Below, up, the shares of channels "
        f"left almost alone (s > {NEAR_ONE}) and with their sign flipped but almost whole "
        f"(s < −{NEAR_ONE}); down, almost shut (|s| < {NEAR_ZERO}).",
    ),
    "relu": ExcitationWords(
        choice="ReLU",
        box="ReLU",
        symbol="ReLU",
        latex=r"\delta",
        gates="from 0 up",
        effect=", so that a gate can make its channel larger",
        colours="These gates are a ReLU's, 0 and up: dark ones hold their channel back, a gate of "
        "1 leaves it as it is, and brighter ones, over 1, amplify it.",
        counted="Over 1 a gate amplifies its channel. Below, the share of channels amplified "
        f"(s > 1, up) and almost shut (s < {NEAR_ZERO}, down).",
    ),
}
INTEGRATIONS = {
    "standard": PlaceWords(
        place="at the end of the residual branch F, before the sum",
        brief="at the end of the residual branch (standard)",
        story="at the end of the [[residual branch|branch]], before the sum: the [[shortcut]] "
        "carries x past it ungated",
        equation=r"\mathbf{y} = \delta\big(\mathrm{SE}(F(\mathbf{x})) + \mathbf{x}\big)",
    ),
    "pre": PlaceWords(
        place="before the residual branch F, and the shortcut goes round both",
        brief="before the residual branch (PRE)",
        story="before the [[residual branch|branch]] and gates what comes into it",
        equation=r"\mathbf{y} = \delta\big(F(\mathrm{SE}(\mathbf{x})) + \mathbf{x}\big)",
    ),
    "post": PlaceWords(
        place="last, after the sum and its ReLU",
        brief="after the sum (POST)",
        story="after the sum and its ReLU, so it gates the [[shortcut]] too",
        equation=r"\mathbf{y} = \mathrm{SE}\big(\delta(F(\mathbf{x}) + \mathbf{x})\big)",
    ),
    "identity": PlaceWords(
        place="on the shortcut, in parallel with the residual branch F",
        brief="on the shortcut (Identity)",
        story="on the [[shortcut]], beside the [[residual branch|branch]]",
        equation=r"\mathbf{y} = \delta\big(F(\mathbf{x}) + \mathrm{SE}(\mathbf{x})\big)",
    ),
    "3x3": PlaceWords(
        place="inside the residual branch F, directly after its 3×3 convolution",
        brief="inside the branch, after the 3×3 convolution",
        story="inside the [[residual branch|branch]], after its 3×3 convolution, on fewer channels",
        equation=r"\mathbf{y} = \delta\big(F_{1\times1}(\delta(\mathrm{SE}(F_{3\times3}("
        r"F_{1\times1}(\mathbf{x}))))) + \mathbf{x}\big)",
    ),
}
NO_SHORTCUT = r"\mathbf{y} = \mathrm{SE}(F_{tr}(\mathbf{x}))"
HOSTS = {  # without a shortcut, so that there is one place for SE
    "vgg": PlaceWords(
        place="after the convolution with its norm and ReLU",
        brief="after each convolution",
        equation=NO_SHORTCUT,
    ),
    "inception": PlaceWords(
        place="after the whole Inception module",
        brief="after each module",
        equation=NO_SHORTCUT,
    ),
}


def place_of(variant: Variant) -> PlaceWords:
    """Return the words for where SE sits in a variant's blocks, as every variant with SE has it."""
    return HOSTS.get(variant.host) or INTEGRATIONS[variant.integration]
