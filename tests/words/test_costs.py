from seviz.measuring.costs import costs
from seviz.words.costs import cost_lines


def test_sentences_say_why_counting_gives_more():
    said = list(cost_lines(costs("embedded", timed=False)))
    assert said == [
        "SE adds 445,648 parameters, 11 % of the 4,161,608 without it, in 16 blocks.",
        "By the article's formula, 2/r · Σ N·C² with r = 16: 431,616.",
        "Biases, which the formula leaves out: +6,352.",
        "Projections of other widths than C/16, or of another number than two: +7,680.",
        "It adds 439,296 multiply-adds per image, 0.3 % of the 175,340,544 without it.",
    ]
