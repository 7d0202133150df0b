"""What papers claim about gates, and what seviz shows of it on one's own photograph."""

from seviz.words.questions import CARD, FIGURES, STUDY, Question, Source


def papers(*numbers: str, name: str = "") -> tuple[Source, ...]:
    """Return papers by their arXiv numbers; name: what people call the one."""
    called = f"{name}, " if name else ""
    return tuple(
        Source(f"{called}arXiv {number}", f"https://arxiv.org/abs/{number}") for number in numbers
    )


SENET = papers("1709.01507", name="Squeeze-and-Excitation Networks")
CLAIMED: tuple[Question, ...] = (
    Question(
        "Gates are class-agnostic in early blocks and class-specific in late ones",
        "In the embedded network the share of a gate's variance that lies between classes grows "
        "with depth up to SE_4_6, and is small again in stage 5. “By depth” measures it for each "
        "block, with its interval.",
        SENET,
        link="model=embedded&page=dataset&tab=data-depth",
    ),
    Question(
        "The last stage's SE blocks can go",
        "True of the embedded network, which loses 0.2 points of top-1 [−0.1, 0.5] with the gates "
        "of stage 5 at their means, though each of these blocks has 101,304 parameters. The button "
        "freezes them on the photograph shown.",
        SENET,
        (FIGURES, CARD),
        "model=embedded&page=explore&tab=surgery&edit=SE_5*=static",
    ),
    Question(
        "SE learns a negative correlation of z and s",
        "True in part of the embedded network, and otherwise from block to block. The page “Gate” "
        "draws z against s of any gate over the classes of its reference images, with the "
        "correlation of that gate and the median of its block.",
        papers("1909.03834", name="LCT"),
        link="model=embedded&page=gate&gate=SE_2_1[0]",
    ),
    Question(
        "The reduction hurts, and a 1-D convolution does as well",
        "That the reduction hurts is not seen here: r = 2 is ahead of r = 16 by 0.77 points, but "
        "its interval (−1.36 to +2.89) holds 0. A 1-D convolution was not trained here.",
        papers("1910.03151", name="ECA-Net"),
        (STUDY,),
        "page=laboratory&tab=lab-tables&study=r",
    ),
    Question(
        "Average pooling sees only the lowest frequency",
        "Cut the photograph into shuffled tiles: what the average does not see, the gates of the "
        "first blocks can't follow. “Compare” shows how far the gates of each block move, and "
        "whether the answer does.",
        papers("2012.11879", name="FcaNet"),
        link="page=explore&tab=pair&change=jigsaw&strength=4",
    ),
    Question(
        "Style is what the squeeze should see",
        "Take the colour out of the photograph, or tint or darken it: “Compare” shows which "
        "blocks' gates follow. A squeeze by mean and deviation was not trained here.",
        papers("1903.10829", name="SRM"),
        link="page=explore&tab=pair&change=grey&strength=100",
    ),
    Question(
        "Gates bring in the context",
        "Paint over the object, or over what is around it: “Compare” shows which blocks' gates "
        "follow, and what becomes of the answer. The button paints over the centre.",
        papers("1810.12348", name="Gather-Excite"),
        link="page=explore&tab=pair&change=painted&strength=100",
    ),
    Question(
        "Gates tell domains apart",
        "“Map” lays images out by the gates of a block; images of two kinds lie apart where its "
        "gates tell them apart. For your own kinds, send a folder of each under “Your "
        "photographs”.",
        papers("1904.04402", name="Domain attention"),
        link="model=embedded&page=dataset&tab=data-map",
    ),
    Question(
        "Not every attention module is needed",
        "In the embedded network a set of 4 of the 16 blocks, frozen at their means, loses 1.1 "
        "points of top-1 [0.5, 1.7]. “Can it go?” chooses the set by one half of the images and "
        "measures it on the other.",
        papers("2207.07858", "2104.09497"),
        (FIGURES,),
        "model=embedded&page=dataset&tab=data-spare&budget=1",
    ),
    Question(
        "Gate statistics tell which channels to prune",
        "The mean gate does: without a quarter of the channels the embedded network has 48.9 % "
        "left in its order, and 11.6 % at random. The gate's deviation does not: 0.6 %.",
        papers("1806.05382", name="PCAS"),
        (FIGURES,),
        command="seviz channels --data DIR --by gate deviation random",
    ),
)
