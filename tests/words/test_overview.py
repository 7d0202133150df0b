import pytest

from seviz.words.overview import overview_words


@pytest.mark.parametrize(
    ("live", "beyond", "says"),
    [
        (None, None, "64 pictures, one for each gate of SE_2_1."),
        (0, 0, "none of which moves over the reference images."),
        (
            60,
            57,
            "of the 60 that move over the reference images, 57 (95 %) are opened further "
            "than by 99 of 100 images (a sample of 512 of the 100,000 reference images).",
        ),
    ],
)
def test_the_gates_that_are_opened_are_counted(live, beyond, says):
    sample = None if live is None else (512, 100_000)
    assert says in overview_words("SE_2_1", 64, live=live, beyond=beyond, sample=sample)
