from seviz.bench.architectures import Trial
from seviz.words.architectures import architecture_line, architectures_page

EXACT = Trial("b", "Net", 2_000_000, 64, 3, deviation={"z": 2e-6, "s": 3e-5}, seconds=1.25)
WHOLE = Trial("a", "Net", 4_500_000, 224, 2, whole="TypeError: a | b", bits=64)
FAULTY = Trial("c", "Other", 1, 64, 1, fault="off by z 2.0e-01")
OUT = Trial("d", left_out="no SE block")


def test_a_line_tells_the_outcome():
    assert architecture_line(EXACT) == (
        "b: exact within 3e-05; 3 SE blocks, rows branch, 64×64 pixels, 1.2 s"
    )
    assert "whole rows (TypeError: a | b)" in architecture_line(WHOLE)
    assert architecture_line(FAULTY) == "c: not exact: off by z 2.0e-01"


def test_the_page_counts_what_was_exact_and_names_the_others():
    page = architectures_page([OUT, FAULTY, EXACT, WHOLE], hardware="A CPU", date="2026-11-28")
    assert "on 2026-11-28, on A CPU" in page
    assert "**2 of 3 were exact.** In 1 of them" in page
    assert "## Not exact\n\n| architecture | reason |\n|---|---|\n| c | off by z 2.0e-01 |" in page
    assert "| a | TypeError: a \\| b |" in page
    assert page.index("| a | 4.5 | 224 | 2 | no |") < page.index("| b | 2.0 | 64 | 3 | yes | 3e-05")
    assert "no SE block" not in page


def test_without_faults_the_page_has_no_list_of_them():
    page = architectures_page([EXACT], hardware="A CPU", date="2026-11-28")
    assert "## Not exact" not in page
    assert "## Whole rows" not in page
