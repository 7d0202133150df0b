import json

import gradio as gr
import pytest
from explored import lay_out_asked

from seviz.photos.examples import EXAMPLES
from seviz.ui.explore.first_answer import first_answer
from seviz.ui.explore.layout import column_choices, network_choices, titles_script
from seviz.ui.parts import html
from seviz.ui.parts.photo_field import offered
from seviz.ui.state import Asked, offered_columns
from seviz.zoo import catalogue


def laid_out(start: str, first: object = None) -> Asked:
    with gr.Blocks():
        return lay_out_asked(start, first)


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_the_first_network_is_chosen_with_the_columns_that_it_can_have():
    asked = laid_out("lab_vgg_se")
    assert asked.model.value == "lab_vgg_se"
    assert asked.model.choices == network_choices()
    assert [name for _, name in asked.columns.choices] == offered_columns("lab_vgg_se")
    assert asked.columns.value == ["identity", "twin"]
    assert [name for _, name in asked.arm_field.choices] == ["identity", "twin"]
    assert asked.arm_field.value == "identity"
    assert asked.network.value == html.network(catalogue.find("lab_vgg_se").entry())
    assert asked.classes.value == html.classes(catalogue.find("lab_vgg_se").labels)
    assert asked.examples.value == offered("lab_vgg_se")
    assert asked.answers.value == html.WAITING
    assert (asked.target_field.choices, asked.target_field.value) == ([], None)
    assert (asked.block.choices, asked.channel.value) == ([], 0)
    assert asked.open.value == "gates"
    assert not asked.download.visible


def test_by_default_static_and_the_twin_stand_beside_the_network():
    asked = laid_out("embedded")
    assert asked.columns.value == ["static", "twin"]
    assert asked.columns.max_choices is None  # Gradio would refuse a fifth without a word
    assert "up to four" in asked.columns.label
    assert [name for _, name in asked.arm_field.choices] == ["static", "twin"]
    assert asked.arm_field.value == "static"
    assert asked.photo.value["path"].endswith(EXAMPLES[0].path.name)


def test_what_the_example_led_to_fills_the_page_from_the_start():
    first = first_answer("embedded")
    asked = laid_out("embedded", first)
    assert asked.answers.value == first.answers
    assert asked.target_field.value == first.targets[0][1]
    assert asked.target_field.choices == first.targets
    assert (asked.block.value, asked.channel.value) == (first.block, first.channel)
    assert asked.block.choices == [(name, name) for name in first.blocks]


def test_every_network_is_picked_by_a_line_of_its_own():
    lines, keys = zip(*network_choices(), strict=True)
    assert list(keys) == list(catalogue.all_keys())
    assert len(set(lines)) == len(lines)
    assert lines[0] == html.picker_line(catalogue.find("embedded").entry())
    assert any(" MB to fetch)" in line for line in lines)


def test_the_page_knows_the_networks_names():
    script = titles_script()
    assert json.loads(script.split(" = ", 1)[1].removesuffix(";</script>")) == [
        source.title for source in catalogue.openable_sources()
    ]
    assert script.count("<") == 2  # a name of a file ends no script


@pytest.mark.parametrize("names", [[], ["static"], ["twin", "identity"]])
def test_columns_are_called_as_people_read_them(names: list[str]):
    choices = column_choices(names)
    assert [name for _, name in choices] == names
    assert all(title != name for title, name in choices)
