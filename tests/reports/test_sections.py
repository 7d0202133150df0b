from dataclasses import replace
from pathlib import Path

import pytest

from seviz.answers.provenance import provenance_of_trace
from seviz.drawing.report import Section
from seviz.photos.file import read_file
from seviz.reports.result import report_result
from seviz.reports.sections import FEWER, sections
from seviz.words.answers import headline
from seviz.words.matters import necessity_words


def made(picture: Path, key: str, *arms: str) -> tuple:
    result = report_result(key, read_file(picture), arms=arms)
    of = provenance_of_trace(result.trace)
    found = sections(result, of, title="Made", made="today")
    return result, {section.name: section for section in found}


@pytest.fixture(scope="module")
def parts(picture: Path) -> tuple:
    return made(picture, "embedded", "intact", "static", "twin")


def test_the_headlines_are_the_pages_own(parts: tuple):
    result, found = parts
    assert found["answers"].headline == headline(result.trace)
    assert found["matters"].headline == necessity_words(result.needed)
    assert [column.title for column in found["answers"].columns] == [
        "with gates",
        "gates at their mean",
        "trained without SE",
    ]
    assert len(found["answers"].lines) == 3  # two arms beside the first, and what the twin is


def test_arms_are_compared_with_the_network_as_trained_wherever_it_stands(picture: Path):
    _, found = made(picture, "embedded", "static", "intact")
    (line,) = found["answers"].lines
    assert line.startswith("Gates at their mean: The logit")


def test_maps_of_fewer_columns_than_the_command_makes_are_said(parts: tuple):
    result, found = parts
    assert not found["repeat"].hints
    (maps,) = result.maps
    fewer = replace(maps, arms=maps.arms[:2], maps=maps.maps[:2])
    of = provenance_of_trace(result.trace)
    *_, repeat = sections(replace(result, maps=[fewer]), of, title="", made="")
    assert repeat.hints == [FEWER]


def test_no_text_asks_people_to_click(parts: tuple):
    _, found = parts
    texts = [hint for section in found.values() for _, hint in section.charts]
    assert len(texts) == 5
    assert not [text for text in texts if "lick" in text]


def test_the_difference_is_of_gates_and_not_of_the_twin(parts: tuple):
    _, found = parts
    difference = found["gates"].charts[1][1]
    assert "“with gates” minus s in “gates at their mean”" in difference


def test_each_arm_and_the_difference_have_a_picture(parts: tuple):
    _, found = parts
    names = [name for name, _ in found["map-gradcam"].maps.pictures]
    assert names == [
        "With gates",
        "Gates at their mean",
        "Trained without SE",
        "The first minus the second",
    ]


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_one_arm_without_statistics_has_no_comparison(picture: Path):
    _, found = made(picture, "lab_vgg_se", "intact")
    assert "moved" not in found
    assert len(found["gates"].charts) == 2
    assert found["map-gradcam"].headline == ""
    assert len(found["map-gradcam"].maps.pictures) == 1


def test_the_last_part_is_of_everything_that_repeats_it(parts: tuple):
    result, found = parts
    last: Section = found["repeat"]
    told = dict(last.tables[0].rows)
    assert result.trace.photo.sha256 in told[f"photograph {result.trace.photo.path}"]
    assert told["network"] == "SE-ResNet-50 slim · embedded, seresnet50_slim"
    assert "sha256" in told["network’s weights"]
    assert "sha256" in told["twin’s weights"]
    assert told["arm static"] == "static"
    assert "today" in told["computed"]
    assert last.code.startswith("seviz trace ")
