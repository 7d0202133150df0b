from dataclasses import replace

import pytest
from made_data_set import made_data_set

from seviz.answers.gate import one_gate
from seviz.records.one_gate import OneGate
from seviz.words.one_gate import correlation_words, facts, headline


@pytest.fixture(scope="module")
def gate() -> OneGate:
    _, profile, images = made_data_set()
    return one_gate(profile, images, ("SE_2_1", 1), names={})


def test_the_headline_names_what_it_opens_and_shuts_for(gate):
    first, last = gate.classes[0].label, gate.classes[-1].label
    said = headline(replace(gate, mean=0.5, std=0.25, images=1234))
    assert said == (
        f"SE_2_1[1] opens most for {first} and least for {last}: 0.50 ± 0.25 over 1,234 images."
    )


def test_a_gate_that_never_changes_and_images_without_classes_have_headlines(gate):
    still = headline(replace(gate, mean=0.5, std=0.001, images=10))
    assert still == "SE_2_1[1] is nearly the same for all 10 images: 0.500 ± 0.001."
    bare = headline(replace(gate, mean=0.5, std=0.25, images=10, classes=()))
    assert bare == "SE_2_1[1] is 0.50 ± 0.25 over 10 images."


def test_the_facts_leave_out_what_is_not_known(gate):
    known = replace(gate, share=0.25, selectivity=0.1, open=0.5, shut=0)
    assert facts(known) == (
        "25 % of its variance lies between classes (η²). Its class selectivity is 0.10. It is over "
        "0.95 for 50 % of the images and within 0.05 of zero for 0.0 %."
    )
    assert facts(replace(known, share=None, selectivity=None)).startswith("It is over 0.95")


@pytest.mark.parametrize(
    ("median", "says"),
    [
        (-0.4, "is −0.40, as they report."),
        (0.4, "is 0.40, unlike what they report."),
        (0.05, "is 0.05, which is hardly any"),
    ],
)
def test_what_holds_of_the_claim_of_lct(gate, median: float, says: str):
    said = correlation_words(replace(gate, correlation=-0.6, block_correlation=median))
    assert "z and s of this channel have the correlation −0.60." in said
    assert says in said


def test_without_a_correlation_there_is_no_claim(gate):
    assert correlation_words(replace(gate, correlation=None)) == ""
    alone = correlation_words(replace(gate, correlation=0.5, block_correlation=None))
    assert alone == "Over the classes, z and s of this channel have the correlation 0.50."
