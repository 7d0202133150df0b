import pytest

from seviz.words.overview import overview_words


@pytest.mark.parametrize(
    ("live", "beyond", "says"),
    [
        (None, None, "64 pictures, one for each gate of SE_2_1."),
        (0, 0, "none of which moves over the reference images."),
        (60, 57, "of the 60 that move over the reference images, 57 (95 %) are opened further"),
    ],
)
def test_the_gates_that_are_opened_are_counted(live, beyond, says):
    assert says in overview_words("SE_2_1", 64, live=live, beyond=beyond)
