"""Two networks, however they are opened, are compared as the command compares them."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from made_collection import made_photograph
from made_module import CLASSES, SIDE, hooks, module, pixels, state, wrapped
from networks import random_network
from torch import nn

import seviz
from seviz.answers.network_pair import network_pair_answer

MANY = [np.asarray(made_photograph(seed)) for seed in range(6)]


def plain_module() -> nn.Module:
    """Return a module without SE, in training mode."""
    parts = (nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return random_network(lambda: nn.Sequential(*parts, nn.Linear(4, 3))).train()


@pytest.fixture(scope="module")
def network() -> seviz.Network:
    return seviz.load("embedded")


@pytest.mark.parametrize("other", ["twin", "lab_resnet_se"])
def test_it_is_the_report_of_the_command_for_a_key_and_for_an_open_network(network, photo, other):
    expected = asdict(network_pair_answer("embedded", other, photo, method="gradcam").report)
    for given in (other, seviz.load(other)):
        found = network.compare_with(given, photo, method="gradcam").to_dict()
        assert found["headline"] == expected["headline"]
        assert [block["site"] for block in found["blocks"]] == [
            block["site"] for block in expected["blocks"]
        ]
        assert found["common"] == json.loads(json.dumps(expected["common"]))
        assert found["maps"]["likeness"]["spearman"] == pytest.approx(
            expected["maps"]["likeness"]["spearman"]
        )
        assert [of["network"]["key"] for of in found["provenance"]] == ["embedded", other]
        assert found["similarity"] is None
        assert found["why_null"]["similarity"].startswith("no photographs were given")


def test_the_line_that_makes_a_result_opens_both_and_makes_it_again(network, picture):
    result = network.compare_with(seviz.load("twin"), picture, method="saliency", target="lion")
    assert (
        result.provenance.command
        == result.other.command
        == (
            f"seviz.load('embedded').compare_with(seviz.load('twin'), '{picture}', "
            "method='saliency', target='lion')"
        )
    )
    again = eval(result.provenance.command, {"seviz": seviz})
    assert again.to_dict() == result.to_dict()
    assert result.to_dict()["provenance"][1]["photographs"][0]["path"] == str(picture)
    with wrapped(name="a") as one, wrapped(name="b") as two:
        assert one.compare_with(two, pixels()).provenance.command == (
            "seviz.wrap(module, input_size=16, name='a').compare_with("
            "seviz.wrap(other, input_size=16, name='b'), photo)"
        )


def test_a_module_without_se_stands_beside_one_with_it_and_is_given_back():
    ours = plain_module()
    before = state(ours)
    with (
        wrapped(labels=CLASSES, name="gated") as gated,
        seviz.wrap(ours, input_size=SIDE, labels=CLASSES, name="plain") as plain,
    ):
        found = gated.compare_with(plain, pixels(), method="gradcam")
        report = found.answer.report
        assert (len(report.a.sites), report.b.sites, report.blocks) == (2, [], [])
        assert report.classes.common == 3 == len(report.common)
        copied = plain_module()
        copied.load_state_dict(ours.state_dict())
        image = torch.from_numpy(found.answer.views[1].trace.image)[None]
        with torch.no_grad():
            expected = copied.eval()(image)[0].numpy()
        np.testing.assert_allclose(found.to_arrays()["b/logits"], expected, atol=1e-5)
        turned = plain.compare_with(gated, pixels()).answer.report
        assert (turned.a.sites, len(turned.b.sites)) == ([], 2)
        with pytest.raises(seviz.UserError, match=r"^plain has no gates, so there is no similari"):
            gated.compare_with(plain, data=MANY)
    assert state(ours) == before and hooks(ours) == 0


def test_gates_are_compared_over_a_list_and_over_a_folder_alike(network, tmp_path, photo):
    for number, pixels_of_one in enumerate(MANY):
        made_photograph(number).save(tmp_path / f"{number}.png")
        assert pixels_of_one.shape == (60, 80, 3)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    listed = network.compare_with("lab_resnet_se", data=MANY, quiet=True)
    folder = network.compare_with("lab_resnet_se", photo, data=tmp_path, quiet=True)
    np.testing.assert_allclose(listed.similarity.cka, folder.similarity.cka, atol=1e-4)
    assert listed.similarity.cka.shape == (16, 8)
    assert listed.answer is None and folder.answer is not None
    assert (listed.provenance.data, folder.other.data) == ("photographs of a list", tmp_path.name)
    assert listed.left_out == ""
    assert folder.left_out.startswith("Left out: 1 file, for example bad.png: ")
    assert folder.provenance.command.endswith(f"('lab_resnet_se', photo, data='{tmp_path}')")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "^compare_with takes a photograph, or data, many photographs over which gates"),
        ({"photo": pixels(), "target": "lion"}, "^target is what a method explains; give one"),
        ({"data": MANY, "method": "gradcam"}, "^method explains a class on one photograph; give"),
        ({"photo": pixels(), "method": "magic"}, "There is no method “magic”"),
        ({"photo": pixels(), "method": "gradcam", "target": "unicorn"}, "“unicorn”"),
        ({"data": MANY[:3]}, "needs 4 photographs or more, and 3 are here"),
        ({"data": "/nowhere"}, "^/nowhere does not exist; give a folder or zip of photographs"),
        ({"data": 3}, "^data is a folder or zip of photographs, a list of photographs, or a"),
        ({"photo": 3}, "^A photograph is a PIL image"),
    ],
)
def test_what_it_does_not_take_is_one_sentence(network, given, says):
    with pytest.raises(seviz.UserError, match=says):
        network.compare_with("lab_resnet_se", **given)


def test_the_other_is_an_open_network_or_a_key(network):
    with pytest.raises(seviz.UserError, match=r"^compare_with takes another network, as sev"):
        network.compare_with(module(), pixels())
    with pytest.raises(seviz.UserError, match="There is no network “embeded”; did you mean"):
        network.compare_with("embeded", pixels())
    other = wrapped()
    other.close()
    with pytest.raises(seviz.UserError, match="is closed; open it again"):
        network.compare_with(other, pixels())
