from dataclasses import replace

import pytest
from PIL import Image

from seviz.analysis.photo_pair import compare_photographs
from seviz.answers.photo_pair import photo_pair_report
from seviz.errors import UserError
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference.gather import reference


@pytest.fixture(scope="module")
def sea() -> Image.Image:
    return Image.new("RGB", (90, 60), "teal")


def test_a_report_holds_both_answers_and_what_the_comparison_finds(photo, sea, zoo):
    found = photo_pair_report("embedded", photo, sea, topk=3, channels=4)
    one, other = (trace(zoo.get("embedded"), image, [INTACT]) for image in (photo, sea))
    pair = compare_photographs(one, other, reference("embedded"), k=4)
    assert (found.model, found.reference) == ("embedded", reference("embedded").data)
    assert [answer.index for answer in found.first] == [a.index for a in one.top(0, 3)]
    assert [answer.index for answer in found.second] == [a.index for a in other.top(0, 3)]
    assert [block.site for block in found.blocks] == [site.name for site in one.sites]
    assert [(c.site, c.channel) for c in found.channels] == [
        (c.site, c.channel) for c in pair.channels
    ]
    assert len(found.channels) == 4


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_network_without_statistics_has_no_reference(photo, sea):
    found = photo_pair_report("lab_vgg_se", photo, sea)
    assert found.reference == ""
    assert {block.cosine_place for block in found.blocks} == {None}
    assert found.headline.startswith("The gates of the two photographs differ most at ")


def test_statistics_that_are_given_are_the_reference_if_they_fit(photo, sea):
    mine = replace(reference("embedded"), data="mine")
    assert photo_pair_report("embedded", photo, sea, profile=mine).reference == "mine"
    with pytest.raises(UserError, match="of the network “other”"):
        photo_pair_report(
            "embedded", photo, sea, profile=replace(mine, model="other", weights=None)
        )
