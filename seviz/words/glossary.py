"""The field's terms in a sentence or two each, and what to read.

[[text|slug]] links to a term by its slug; [[slug]] is short for a text that is its own slug.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """A term: slug is its name in links."""

    name: str
    slug: str
    text: str


class Work(NamedTuple):
    """An article, by its arXiv number; use: what it is to this app."""

    who: str
    title: str
    arxiv: str
    use: str


GLOSSARY: tuple[Term, ...] = (
    Term(
        "bottleneck",
        "bottleneck",
        "Few numbers between two layers of many. In an SE block W₁ leaves C/[[r]] of them; a "
        "ResNet-50's [[residual branch|branch]] is one too, of 1×1, 3×3 and 1×1 convolutions.",
    ),
    Term(
        "channel",
        "channel",
        "One of the C maps that a layer gives: the responses of one filter at every position.",
    ),
    Term(
        "descriptor z",
        "descriptor",
        "What the [[squeeze]] keeps of each channel: one number, so C of them.",
    ),
    Term(
        "excitation",
        "excitation",
        "The two small layers that make the [[gates|gate]] of the [[descriptors|descriptor]]: "
        "s = σ(W₂ δ(W₁ z)).",
    ),
    Term(
        "gate s",
        "gate",
        "What a channel is multiplied by. With a sigmoid it is between 0 (shut off) and 1 (left as "
        "it is).",
    ),
    Term(
        "integration",
        "integration",
        "Where the block sits in a residual block: at the end of the [[branch|branch]] (the "
        "standard), before it (PRE), after the sum (POST), on the [[shortcut]] (Identity), or "
        "after the 3×3 convolution.",
    ),
    Term(
        "logit",
        "logit",
        "A class's score before the softmax turns all scores into probabilities.",
    ),
    Term(
        "multiply-adds (MACs)",
        "macs",
        "The products that a network forms and adds up for one image: its work, counted. Articles "
        "often call them FLOPs.",
    ),
    Term(
        "r, the reduction",
        "r",
        "C divided by the width between W₁ and W₂. The article takes 16: a smaller r costs "
        "more parameters, a larger one makes the [[bottleneck]] narrower.",
    ),
    Term(
        "residual branch F",
        "branch",
        "The layers of a residual block whose result is added to what came in.",
    ),
    Term(
        "residual block",
        "residual",
        "y = δ(F(x) + x): a [[branch|branch]] of layers and a [[shortcut]] round them.",
    ),
    Term(
        "scale",
        "scale",
        "The last step: every number of a [[channel]] times its [[gate]], s·U.",
    ),
    Term(
        "SE_4_6",
        "name",
        "A block's name, as in the article: stage 4, sixth block. A ResNet's stages count from 2, "
        "as its first convolution is stage 1.",
    ),
    Term(
        "shortcut",
        "shortcut",
        "The way round the [[residual branch|branch]]: x itself, or a 1×1 convolution where the "
        "shape changes.",
    ),
    Term(
        "squeeze",
        "squeeze",
        "The first step: each map is averaged over all positions to one number. So the block sees "
        "the whole photograph at once.",
    ),
    Term(
        "static, identity",
        "static",
        "Two ways to remove gates. Static holds each at its mean over the training images; "
        "identity sets each to 1, as without SE blocks.",
    ),
    Term(
        "top-1",
        "top1",
        "The share of images whose most probable class is the right one; top-5: is among the first "
        "five.",
    ),
    Term(
        "twin",
        "twin",
        "A network without SE, otherwise built and trained alike. It compares two architectures, "
        "not gates on and off.",
    ),
    Term(
        "U",
        "u",
        "The features that come into an SE block: C maps of H×W numbers.",
    ),
)

WORKS: tuple[Work, ...] = (
    Work(
        "Hu, Shen, Albanie, Sun, Wu",
        "Squeeze-and-Excitation Networks",
        "1709.01507",
        "the article that this guided path explains",
    ),
    Work(
        "He, Zhang, Ren, Sun",
        "Deep Residual Learning for Image Recognition",
        "1512.03385",
        "ResNet, the network around most of these blocks",
    ),
    Work(
        "Szegedy and others",
        "Going Deeper with Convolutions",
        "1409.4842",
        "Inception, one of the laboratory's hosts",
    ),
    Work(
        "Simonyan, Zisserman",
        "Very Deep Convolutional Networks for Large-Scale Image Recognition",
        "1409.1556",
        "VGG, a host without shortcuts",
    ),
    Work(
        "Selvaraju and others",
        "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
        "1610.02391",
        "an explanation in the tab Explanations",
    ),
    Work(
        "Sundararajan, Taly, Yan",
        "Axiomatic Attribution for Deep Networks",
        "1703.01365",
        "Integrated Gradients, of pixels and of gates",
    ),
    Work(
        "Touvron, Vedaldi, Douze, Jégou",
        "Fixing the train-test resolution discrepancy",
        "1906.06423",
        "FixRes: why the networks here measure their norms anew on whole images",
    ),
)
