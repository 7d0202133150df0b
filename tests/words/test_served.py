import pytest

from seviz.photos.examples import EXAMPLES, Offer
from seviz.words.served import example_words, kept_words, offer_words, served_words


def test_who_answered_is_named_with_its_device_precision_and_time():
    assert served_words("Net", 1000, 0.0314, device="NVIDIA H100") == (
        "Net, 1,000 classes · NVIDIA H100, float32 · 31 ms"
    )


def test_a_remark_about_the_computation_is_added():
    assert served_words("Net", 10, 0.02, note="Whole rows.") == (
        "Net, 10 classes · CPU, float32 · 20 ms · Whole rows."
    )


def test_a_result_that_was_kept_says_from_when():
    assert kept_words("Net", 200, "2026-11-28") == "Net, 200 classes · kept from 2026-11-28"
    assert kept_words("Net", 1, "2026-11-28") == "Net, 1 class · kept from 2026-11-28"


def test_an_example_is_marked_and_a_photograph_of_ones_own_is_not():
    assert example_words(Offer(EXAMPLES[0], known=True, right=True)) == (
        "An example, a lion. Upload a photograph of your own to see what its gates do."
    )
    assert example_words(None) == ""


@pytest.mark.parametrize(
    ("known", "right", "says"),
    [
        (True, True, "a lion"),
        (True, False, "a lion, which this network gets wrong"),
        (False, False, "a lion, which is none of this network’s classes"),
        (True, None, "a lion"),
        (None, None, "a lion"),
    ],
)
def test_an_example_says_what_the_network_makes_of_it(known, right, says: str):
    assert offer_words(Offer(EXAMPLES[0], known=known, right=right)) == says
