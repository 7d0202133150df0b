from dataclasses import replace

from seviz.records.pictures import ControlPicture, MadePicture, PicturesReport
from seviz.words.pictures import (
    caption,
    control_words,
    headline,
    nothing_words,
    table_lines,
)

REPORT = PicturesReport(
    model="made",
    site="SE_4_6",
    channel=17,
    steps=64,
    kind="fourier",
    pictures=[
        MadePicture("open", 0, 0.98, 100.0, 0.1),
        MadePicture("open", 1, 0.9912, 100.0, 0.1),
        MadePicture("shut", 0, 0.01, 0.0, 0.1),
    ],
    control=[ControlPicture(0, 0.31, 40.0, 0.9)],
    noise=0.125,
    mean_colour=0.25,
    most=0.75,
    images=512,
    all_images=100_000,
)


def test_the_headline_compares_the_best_picture_with_most_photographs():
    assert headline(REPORT) == (
        "The picture that opens SE_4_6[17] furthest has s = 0.991; 99 of 100 images have at most "
        "0.750 (a sample of 512 of the 100,000 reference images)."
    )
    assert "0.750 (the 512 reference images)." in headline(replace(REPORT, all_images=512))
    assert headline(replace(REPORT, most=None)).endswith("has s = 0.991; noise has 0.125.")
    assert (
        headline(replace(REPORT, pictures=REPORT.pictures[2:])) == "Pictures made for SE_4_6[17]."
    )


def test_the_control_says_whether_the_pictures_tell_anything():
    assert control_words(REPORT).endswith(
        "what opens this gate further is what the network has learnt."
    )
    fails = replace(REPORT, control=[ControlPicture(0, 0.8, 99.5, 0.9)])
    assert "reach s = 0.800" in control_words(fails)
    assert control_words(fails).endswith("this gate opens for pictures without meaning, too.")
    blank = replace(REPORT, control=[ControlPicture(0, 0.2, 40.0, 0.9)])
    assert "no more than images that show nothing: what opens" in control_words(blank)
    assert "show nothing" not in control_words(REPORT)
    assert not control_words(replace(REPORT, control=[]))


def test_images_of_nothing_and_captions_are_told():
    assert nothing_words(REPORT) == (
        "At images of noise s = 0.125 in the mean, and at the mean colour alone 0.250."
    )
    assert caption(REPORT.pictures[0]) == "s = 0.980"


def test_the_table_has_a_line_for_each_picture():
    lines = table_lines(REPORT)
    assert len(lines) == 5
    assert lines[1].split() == ["What", "opens", "the", "gate", "1", "0.980", "100.0"]
    assert lines[-1].startswith("Control: weights shuffled")
