"""What people ask: figures stand in the files that they are said to be from, threads are such."""

import re
import shlex

import pytest

from seviz.cli.commands import parser
from seviz.nets.embedded import ASSETS
from seviz.words.claims import CLAIMED
from seviz.words.questions import ASKED, Question, threads

EVERY = (*ASKED, *CLAIMED)
NUMBER = re.compile(r"\d+(?:\.\d+)? %|(?<![\w.])\d+\.\d+|\d{1,3}(?:,\d{3})+")  # what is measured
THREAD = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/issues/([1-9]\d*)")


def test_threads_are_named_by_repository_and_number():
    first, second = threads("a/b.c", 3, 16)
    assert first == ("a/b.c #3", "https://github.com/a/b.c/issues/3")
    assert second.text == "a/b.c #16"


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.text)
def test_a_question_has_its_threads_as_sources(asked: Question):
    assert asked.text.endswith("?")
    assert asked.sources
    for text, url in asked.sources:
        found = THREAD.fullmatch(url)
        assert found, url
        assert text == f"{found[1]} #{found[2]}"


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.text)
def test_an_answer_is_two_sentences_and_shows_a_way_to_try_it(asked: Question):
    assert len(re.findall(r"[.?!](?= |$)", asked.answer)) == 2, asked.answer
    assert asked.link or asked.command


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.text)
def test_every_figure_of_an_answer_stands_in_the_files_it_names(asked: Question):
    files = " ".join((ASSETS / name).read_text("utf-8") for name in asked.figures)
    for number in NUMBER.findall(asked.answer):  # a table's head may hold the sign
        assert number in files or ("." in number and number.removesuffix(" %") in files)
    assert bool(asked.figures) == bool(NUMBER.search(asked.answer))


@pytest.mark.parametrize("asked", [a for a in EVERY if a.command], ids=lambda asked: asked.command)
def test_every_command_can_be_given(asked: Question):
    program, *words = shlex.split(asked.command)
    assert program == "seviz"
    assert parser().parse_args(words)


def test_no_question_is_there_twice():
    assert len({asked.text for asked in EVERY}) == len(EVERY) >= 30
