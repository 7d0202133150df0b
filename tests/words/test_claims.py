"""What papers claim: sources are arXiv's, and a name where the paper is known by one."""

import re

from seviz.words.claims import CLAIMED, papers

PAPER = re.compile(r"https://arxiv\.org/abs/(\d{4}\.\d{5})")


def test_papers_are_named_by_number_and_by_what_people_call_them():
    assert papers("1806.05382", name="PCAS") == (
        ("PCAS, arXiv 1806.05382", "https://arxiv.org/abs/1806.05382"),
    )
    assert [source.text for source in papers("2207.07858", "2104.09497")] == [
        "arXiv 2207.07858",
        "arXiv 2104.09497",
    ]


def test_a_claim_is_a_statement_with_papers_as_sources():
    for claim in CLAIMED:
        assert claim.text[-1] not in "?."
        for text, url in claim.sources:
            found = PAPER.fullmatch(url)
            assert found, url
            assert text.endswith(f"arXiv {found[1]}")
