from seviz.phrases import (
    brief,
    capitalize,
    did_you_mean,
    first_line,
    join_list,
    minus,
    nearest_names,
    photographs_words,
    printable,
    printable_lines,
)

KNOWN = ("static", "identity", "uniform")


def test_the_nearest_names_come_first_and_only_those_that_are_near_enough():
    assert nearest_names("stat", ("statics", "stat", "static", "mask"), count=3, cutoff=0.5) == [
        "stat",
        "static",
        "statics",
    ]
    assert nearest_names("stat", ("statics", "static"), count=1, cutoff=0.5) == ["static"]
    assert nearest_names("mask", KNOWN, count=3, cutoff=0.5) == []
    assert len(nearest_names("mask", KNOWN, count=1, cutoff=0.0)) == 1


def test_people_are_asked_for_the_nearest_names_or_for_others():
    assert did_you_mean("sttic", KNOWN, otherwise=["all"]) == "did you mean static?"
    assert did_you_mean("stat", ("statics", "static"), otherwise=()) == (
        "did you mean static or statics?"
    )
    assert did_you_mean("stat", ("statics", "static"), otherwise=(), count=1) == (
        "did you mean static?"
    )
    assert did_you_mean("sttic", KNOWN, otherwise=["all", "none"], cutoff=0.99) == (
        "did you mean all or none?"
    )


def test_items_are_joined_as_in_a_sentence():
    assert (join_list(["a"]), join_list(["a", "b"]), join_list(iter("abc"))) == (
        "a",
        "a and b",
        "a, b and c",
    )
    assert join_list("abc", ", and ") == "a, b, and c"
    assert join_list(["a"], ", and ") == "a"


def test_a_number_has_a_minus_sign():
    assert (minus("-0.5"), minus("1e-05"), minus("+2")) == ("−0.5", "1e−05", "+2")


def test_only_the_first_letter_becomes_a_capital():
    assert [capitalize(text) for text in ("with SE", "ReLU", "")] == ["With SE", "ReLU", ""]


def test_a_foreign_name_is_written_without_controls_and_cut():
    assert printable("é 🐈/a b.png") == "é 🐈/a b.png"
    assert printable("a\x1b[31m\n\udce9") == r"a\x1b[31m\n\udce9"
    assert printable_lines("a\x1b[31m\nb") == "a\\x1b[31m\nb"
    assert brief("conv1.wéight") == "conv1.wéight"
    assert brief("\x1b[31m\n\u202e\x00") == "\\x1b[31m\\n\\u202e\\x00"
    assert brief("a" * 80) == "a" * 80
    assert brief("a" * 81) == "a" * 79 + "…"


def test_the_first_line_that_is_not_blank_is_taken_and_shortened():
    assert first_line("\n one\ntwo") == "one"
    assert first_line("  ") == ""
    assert first_line("abcdef", longest=3) == "abc…"
    assert first_line("abc", longest=3) == "abc"


def test_photographs_are_counted():
    assert [photographs_words(n) for n in (1, 2, 1200)] == [
        "1 photograph",
        "2 photographs",
        "1,200 photographs",
    ]
