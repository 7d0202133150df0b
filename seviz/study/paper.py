"""The figures that the article reports for its studies: errors of large networks on ImageNet.

Hu et al., arXiv 1709.01507v4: errors in % of single crops of 224×224 pixels, each of one training.
They are of another data set and other networks than the laboratory's, so only order and signs can
be compared. The hosts of its first comparison were trained by another recipe than its ablations, so
SE-ResNet-50 has 23.29 in the one and 22.28 in the others; its hosts are its own re-implementations.
"""

from dataclasses import dataclass

from seviz.nets.variants import PLAIN, Variant


@dataclass(frozen=True)
class Reported:
    """A network's figures in the article: errors in %, and parameters in millions if reported."""

    top1: float
    top5: float
    millions: float | None = None


STANDARD = Reported(22.28, 6.03, 28.1)
PAPER = "Hu et al., arXiv 1709.01507v4"
SOURCES = {  # by study: of which networks, and where in the article
    "host": "VGG-16 with batch norms, BN-Inception and ResNet-50, section 5.1, table 2",
    "squeeze": "SE-ResNet-50, section 6.2, table 11; without a squeeze: section 7.1, table 16",
    "excitation": "SE-ResNet-50, section 6.3, table 12",
    "r": "SE-ResNet-50, section 6.1, table 10",
    "stage": "SE-ResNet-50, section 6.4, table 13",
    "integration": "SE-ResNet-50, section 6.5, tables 14 and 15",
}
REPORTED: dict[str, dict[Variant, Reported]] = {
    "host": {
        Variant("vgg", PLAIN): Reported(27.02, 8.81),
        Variant("vgg"): Reported(25.22, 7.70),
        Variant("inception", PLAIN): Reported(25.38, 7.89),
        Variant("inception"): Reported(24.23, 7.14),
        Variant("resnet", PLAIN): Reported(24.80, 7.48, 25.6),
        Variant("resnet"): Reported(23.29, 6.62, 28.1),
    },
    "squeeze": {
        Variant(squeeze="avg"): STANDARD,
        Variant(squeeze="max"): Reported(22.57, 6.09),
        Variant(squeeze="none"): Reported(22.93, 6.39, 28.1),
    },
    "excitation": {
        Variant(excitation="sigmoid"): STANDARD,
        Variant(excitation="tanh"): Reported(23.00, 6.38),
        Variant(excitation="relu"): Reported(23.47, 6.98),
    },
    "r": {
        Variant(r=2): Reported(22.29, 6.00, 45.7),
        Variant(r=4): Reported(22.25, 6.09, 35.7),
        Variant(r=8): Reported(22.26, 5.99, 30.7),
        Variant(r=16): STANDARD,
        Variant(r=32): Reported(22.72, 6.20, 26.9),
    },
    "stage": {
        Variant(stages=(2,)): Reported(23.03, 6.48, 25.6),
        Variant(stages=(3,)): Reported(23.04, 6.32, 25.7),
        Variant(stages=(4,)): Reported(22.68, 6.22, 26.4),
        Variant(): STANDARD,
    },
    "integration": {
        Variant(integration="standard"): STANDARD,
        Variant(integration="pre"): Reported(22.23, 6.00),
        Variant(integration="post"): Reported(22.78, 6.35),
        Variant(integration="identity"): Reported(22.20, 6.15),
        Variant(integration="3x3"): Reported(22.48, 6.02, 25.8),
    },
}
PLAIN_RESNET = Reported(23.30, 6.55, 25.6)  # the ablations' ResNet-50 without SE
